"""Runs a notebook in a process of its own and collects what its checks said, whatever happens to it."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import CourseError
from ..workspace.notebook import Notebook, read_notebook, source

GRACE = 20.0  # seconds beyond the limit until a cell that cannot be interrupted costs the process
CHECK = re.compile(r"""^[ \t]*(?:\w+\s*=\s*)?check\(\s*["']([^"']+)["']""", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One exercise of a notebook: its status, its points, and the most helpful sentence there is."""

    exercise: str
    status: str  # a Result's status, or timed_out, not_reached, missing
    points: float = 0.0
    max_points: float = 0.0
    title: str = ""
    says: str = ""


def check_notebook(path: Path, seconds: float, tell: Callable[[int, int], None]) -> list[Row]:
    """Run `path` and give a row for each exercise, in the notebook's order.

    seconds: limit for each cell.  tell(number, of) is called as a cell starts.
    Ctrl-C interrupts the running cell; a second one stops the run.
    Raises CourseError when `path` is not a notebook, or checks nothing.
    """
    notebook = read_notebook(path)
    asked = exercises_in(notebook)
    if not asked:
        raise CourseError(f"{path} holds no check cell, so there is nothing to check.")
    return assemble(asked, _run(path, seconds, tell))


def exercises_in(notebook: Notebook) -> dict[str, int]:
    """Give the ids of the exercises that the notebook checks, with the index of the last cell that does."""
    return {
        found: i
        for i, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "code"
        for found in CHECK.findall(source(cell))
    }


def assemble(asked: dict[str, int], log: list[dict]) -> list[Row]:
    """Turn a run's log into rows. The last result of an exercise counts; one without a result says why."""
    rows = {exercise: _unreached(exercise) for exercise in asked}
    for entry in log:
        if result := entry.get("result"):
            rows[result["id"]] = Row(
                result["id"],
                result["status"],
                result["points"],
                result["max_points"],
                result["title"],
                result["says"],
            )
    errors = {entry["cell"]: entry for entry in log if "error" in entry}
    ended = any("done" in entry for entry in log)
    last = max((entry["cell"] for entry in log if "of" in entry), default=-1)
    for exercise, cell in asked.items():
        if rows[exercise].status != "not_reached":
            continue
        if rows[exercise].says:
            continue
        if cell in errors:
            error = errors[cell]
            says = _root_cause(cell, errors, asked)
            rows[exercise] = replace(rows[exercise], status=error["status"], says=says)
        elif not ended:
            rows[exercise] = replace(rows[exercise], says=f"the run ended in cell {last + 1}")
        else:
            rows[exercise] = replace(rows[exercise], says="its check did not run")
    return list(rows.values())


def _root_cause(cell: int, errors: dict[int, dict], asked: dict[str, int]) -> str:
    """Give what went wrong in a check cell; a name that is not defined there failed in the answer cell above."""
    says = str(errors[cell]["error"])
    above = max((c for c in asked.values() if c < cell), default=-1)
    answers = [c for c in errors if above < c < cell]
    if says.startswith("NameError") and answers:
        return f"the answer cell does not run: {errors[answers[-1]]['error']}"
    return says


def _unreached(exercise: str) -> Row:
    """Give the row of an exercise before anything ran: its points, or that there is no such exercise."""
    from ..checks import get

    try:
        found = get(exercise)
    except CourseError as error:
        return Row(exercise, "not_reached", says=str(error))
    return Row(exercise, "not_reached", max_points=float(found.points), title=found.title)


def _run(path: Path, seconds: float, tell: Callable[[int, int], None]) -> list[dict]:
    with tempfile.TemporaryDirectory(prefix="dlcourse-") as folder:
        log = Path(folder) / "log"
        command = [sys.executable, "-m", f"{__package__}.execute", str(path), str(log), str(seconds)]
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C comes to us, and we pass it on
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        try:
            _watch(child, log, seconds, tell)
        finally:
            if child.poll() is None:
                child.kill()
            child.wait()
        return _read(log)


def _watch(child: subprocess.Popen, log: Path, seconds: float, tell: Callable[[int, int], None]) -> None:
    """Follow the run until it ends, hangs where nothing interrupts it, or is stopped by Ctrl-C twice."""
    length, moved, interrupted = -1, time.monotonic(), False
    while True:
        try:
            child.wait(timeout=0.2)
            return
        except subprocess.TimeoutExpired:
            pass
        except KeyboardInterrupt:
            if interrupted or not hasattr(os, "killpg"):
                return
            interrupted = True
            child.send_signal(signal.SIGINT)
        entries = _read(log)
        if len(entries) != length:
            length, moved, interrupted = len(entries), time.monotonic(), False
            starts = [entry for entry in entries if "of" in entry]
            if starts:
                tell(starts[-1]["number"], starts[-1]["of"])
        elif time.monotonic() - moved > seconds + GRACE:
            return


def _read(log: Path) -> list[dict]:
    """Read the log so far; a line that is still being written is left for later."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    entries = []
    for line in lines:
        try:
            entries.append(json.loads(line))
        except ValueError:
            continue
    return entries
