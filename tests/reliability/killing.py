"""A program for test_kill.py: grade a class undisturbed, then again and again killed at random moments.

It imports everything once and forks for every grading, so that a moment costs a second and not ten. Orphans come to
it (it is their subreaper), so whatever a killed grading leaves running is its child. Prints one JSON object.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import random
import signal
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
from click.testing import CliRunner

import autograde.grade
import autograde.report
from autograde import sandbox
from autograde.atomic import PART
from autograde.commands import grade

PR_SET_CHILD_SUBREAPER = 36
KILLS, FOLDERS = 10, 2
SEED = 20_240
GRADES = """
SELECT s.student_id, c.name, g.auto_score, g.manual_score, g.needs_manual_grade
FROM grade g JOIN base_cell c ON g.cell_id = c.id
JOIN submitted_notebook n ON g.notebook_id = n.id JOIN submitted_assignment s ON n.assignment_id = s.id ORDER BY 1, 2
"""
TABLES = ("student", "assignment", "notebook", "base_cell", "submitted_assignment", "submitted_notebook", "grade",
          "comment", "alembic_version")  # fmt: skip


def main(submissions: Path, solutions: Path, work: Path) -> None:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    sandbox.why_not()  # found out once, for all forks
    arguments = ["02", "--submissions", submissions, "--solutions", solutions, "--workers", "2", "--seed", SEED]
    began = time.monotonic()
    code = graded([*arguments, "--out", work / "calm"])
    lasts = time.monotonic() - began
    expected = outcome(work / "calm")
    moments, damaged, left = [], [], []
    rng = random.Random(SEED)
    for number in range(KILLS):
        # A resumed grading finds kept runs and is quicker: most moments lie early, some beyond its end.
        moments.append(round(lasts * rng.random() ** 1.5, 3))
        folder = work / str(number % FOLDERS)
        graded([*arguments, "--out", folder], moments[-1])
        left += leftovers()
        damaged += half_written(folder)
    differ = []
    for number in range(FOLDERS):
        codes = graded([*arguments, "--out", work / str(number)])
        found = outcome(work / str(number))
        differ += [name for name in expected if found[name] != expected[name]] + ([f"exit {codes}"] if codes else [])
        left += leftovers()
        differ += [str(path) for path in (work / str(number)).rglob(f"*{PART}")]
    told = {"code": code, "seconds": lasts, "moments": moments, "damaged": damaged, "left": left, "differ": differ}
    print(json.dumps({**told, "grades": expected["grades"], "files": len(expected["files"])}))


def graded(arguments: list[object], killed_after: float | None = None) -> int:
    """Fork a grading in a process group of its own; return its exit code, negative when it was killed."""
    child = os.fork()
    if child == 0:
        os.setsid()
        result = CliRunner().invoke(grade, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            print(f"{result.exception!r}", file=sys.stderr)
        from autograde.warm import close_all

        close_all()
        os._exit(result.exit_code)
    if killed_after is not None:
        time.sleep(killed_after)
        os.killpg(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def leftovers() -> list[str]:
    """Return the command lines of what still runs after a moment of grace."""
    deadline = time.monotonic() + 10
    while True:
        living = [p for p in psutil.Process().children(recursive=True) if not reaped(p)]
        if not living or time.monotonic() > deadline:
            return [" ".join(p.cmdline())[:200] for p in living]
        time.sleep(0.05)


def reaped(process: psutil.Process) -> bool:
    """Return whether a process is gone; one that has ended is buried."""
    try:
        if process.status() != psutil.STATUS_ZOMBIE:
            return False
        if process.ppid() == os.getpid():
            os.waitpid(process.pid, 0)
    except (psutil.NoSuchProcess, ChildProcessError):
        pass
    return True


def half_written(root: Path) -> list[str]:
    """Return the files that nobody could read; what is visibly unfinished does not count."""
    bad = []
    for path in root.rglob("*"):
        if not path.is_file() or PART in str(path):
            continue
        try:
            if path.suffix == ".ipynb":
                nbformat.validate(nbformat.read(path, as_version=4))
            elif path.suffix == ".json":
                json.loads(path.read_text())
            elif path.suffix == ".html" and not path.read_text().rstrip().endswith("</html>"):
                raise ValueError("cut short")
        except Exception as error:
            bad.append(f"{path}: {error!r}")
    return bad


def outcome(root: Path) -> dict[str, Any]:
    """Return what a grading left: the gradebook's grades and numbers of rows, and every result and feedback page."""
    with sqlite3.connect(root / "gradebook.db") as db:
        grades = db.execute(GRADES).fetchall()
        rows = {table: db.execute(f"SELECT count(*) FROM {table}").fetchone() for table in TABLES}
    db.close()
    return {"grades": grades, "rows": rows, "files": {
        str(path.relative_to(root)): content(path)
        for folder in ("autograded", "feedback", "submitted", "source", "release")
        for path in sorted((root / folder).rglob("*")) if path.is_file()
    }}  # fmt: skip


def content(path: Path) -> str:
    """Return a file's digest; of results without the seconds that they took."""
    if path.name == "dlcourse-results.json":
        return json.dumps(json.loads(path.read_text())["exercises"])
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    assert autograde.grade
    assert autograde.report
    main(*map(Path, sys.argv[1:4]))
