"""The same class under stock nbgrader and under otter, and the floor: a bare exec of its cells in a forked process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from grading_classes import SchoolClass, checks, stock_course, without_checks
from measuring import Cost, run

from autograde.intake import notebook_from
from autograde.plan import Step, plan_of
from autograde.warm import NUMPY_MODULES, TORCH_MODULES, large_modules
from dlcourse_utils.checks import Case, cases_for
from dlcourse_utils.probes import observe
from dlcourse_utils.probes.warm import preload

OTTER = "otter-grader[grading]==7.0.0"


def nbgrader(
    school: SchoolClass, folder: Path, learners: Sequence[str], watch: bool = False
) -> tuple[Cost, list[float]]:
    """Grade the learners with one `nbgrader autograde`; return the cost and their points."""
    from nbgrader.api import Gradebook

    root = stock_course(school, folder / f"stock_{time.monotonic_ns()}")
    wanted = [f"--CourseDirectory.student_id_exclude={','.join(n for n in school.files if n not in learners)}"]
    every = len(learners) == len(school.files)
    command = [sys.executable, "-m", "nbgrader", "autograde", school.name, *([] if every else wanted)]
    cost = run(command, root, watch)
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return cost, [gradebook.find_submission(school.name, name).score for name in learners]


def otter_environment(cache: Path) -> tuple[Path | None, str]:
    """Return otter's own environment, made in `cache` when it is not there, or None and why not.

    otter and what it pins come first in it; what a notebook of the course needs is found in this environment.
    """
    folder = cache / "otter"
    program = folder / "bin" / "otter"
    if not program.exists():
        venv.create(folder, with_pip=True, clear=True)
        packages = next(folder.glob("lib/python*/site-packages"))
        (packages / "zz_course.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
        install = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", OTTER]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode:
            return None, (done.stderr.strip().splitlines() or ["pip failed"])[-1]
    return program, ""


def otter(
    school: SchoolClass, folder: Path, learners: Sequence[str], program: Path, watch: bool = False
) -> tuple[list[Cost], list[float]]:
    """Grade each learner with `otter run`: the same checks as otter's tests, one for each exercise."""
    place = folder / "otter"
    (place / "tests").mkdir(parents=True, exist_ok=True)
    for cell, source in checks(school).items():
        name, points = cell.replace("-", "_"), 1
        case = {"code": f">>> assert {source}.status == 'correct'", "hidden": False, "locked": False}
        test = {"name": name, "points": points, "suites": [{"cases": [case], "scored": True, "type": "doctest"}]}
        (place / "tests" / f"{name}.py").write_text(f"OK_FORMAT = True\ntest = {test!r}\n", encoding="utf-8")
    made = run([str(program), "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment",
                "--no-requirements", "--no-config"], place)  # fmt: skip
    if not (place / "autograder.zip").exists():
        raise RuntimeError(f"otter generate failed: {made.said[-500:]}")
    costs, points_ = [], []
    for name in learners:
        (place / f"{name}.ipynb").write_bytes(without_checks(school.files[name]))
        out = place / "results" / name
        out.mkdir(parents=True, exist_ok=True)
        command = [str(program), "run", "-a", "autograder.zip", "-o", str(out), "--no-logo", f"{name}.ipynb"]
        costs.append(run(command, place, watch))
        results = json.loads((out / "results.json").read_text(encoding="utf-8"))
        points_.append(sum(test.get("score", 0.0) for test in results["tests"] if "tests" not in test))
    return costs, points_


def floor(school: SchoolClass, learners: Sequence[str], seed: int) -> list[float]:
    """Return the CPU seconds of a bare exec of each submission in a fork of this process.

    Cells are compiled and run; a check calls the learner's code on the same cases as in grading. Nothing is shown,
    snapshot, sent or judged, and there are no walls. Everything that the cells import is imported before the fork.
    """
    modules = TORCH_MODULES if school.name[:2] >= "06" else NUMPY_MODULES
    preload([*modules, *large_modules(file.decode("utf-8", "replace") for file in school.files.values())])
    cases: dict[str, list[Case]] = {}
    spent = []
    for name in learners:
        steps = plan_of(notebook_from(school.files[name]))
        for step in steps:
            if step.exercise is not None and step.exercise.id not in cases:
                cases[step.exercise.id] = cases_for(step.exercise, seed)
        spent.append(_cpu_of_a_fork(partial(_bare, steps, cases)))
    return spent


def _bare(steps: Sequence[Step], cases: dict[str, list[Case]]) -> None:
    import matplotlib

    matplotlib.use("agg")
    namespace: dict[str, object] = {"__name__": "__main__"}
    for step in steps:
        try:
            if step.exercise is None:
                exec(compile(step.source, "<cell>", "exec"), namespace)
            else:
                attempt = [namespace[name] for name in step.exercise.objects]
                for case in cases[step.exercise.id]:
                    observe(step.exercise.probe, attempt, tuple(case.args), dict(case.kwargs))
        except Exception:  # a wrong answer, as in grading
            continue


def _cpu_of_a_fork(work: Callable[[], None]) -> float:
    child = os.fork()
    if child == 0:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        work()
        os._exit(0)
    _, _, used = os.wait4(child, 0)
    return used.ru_utime + used.ru_stime
