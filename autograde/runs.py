"""Run a submission, or find the run that is kept; and run a whole class ahead, several submissions at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from dlcourse_utils.checks import Case, Exercise, cases_for
from dlcourse_utils.errors import CourseError

from .intake import RejectedError, read_notebook
from .plan import Step, plan_of
from .records import CellRecord
from .repair import repair
from .run_cache import RunCache, key_of
from .runner import Limits, Ran, run_plan
from .submissions import Submission
from .workers import starter

_TOO_LONG = ("timed_out", "out_of_time")


@dataclass(frozen=True)
class Conditions:
    """What every submission of a class is run under."""

    chapter: str
    seed: int
    limits: Limits
    walls: str
    kept: RunCache


def performed(steps: Sequence[Step], cases: dict[str, list[Case]], under: Conditions) -> list[Ran]:
    """Return what happens at each step: from the kept runs, else by running it now."""
    key = key_of(steps, under.seed, under.limits, under.walls)
    done = under.kept.find(key, steps)
    if done is None:
        done = run_plan(steps, lambda e: cases[e.id], under.limits, starter(under.walls, under.chapter))
        if not any(map(_depends_on_the_hour, done)):
            under.kept.keep(key, steps, done)
    return done


def drawn(steps: Iterable[Step], seed: int) -> tuple[dict[str, list[Case]], dict[str, CourseError]]:
    """Return the cases by exercise, and by exercise the fault of ours that kept them from being drawn."""
    cases: dict[str, list[Case]] = {}
    faults: dict[str, CourseError] = {}
    for exercise in _exercises(steps):
        try:
            cases[exercise.id] = cases_for(exercise, seed)
        except CourseError as error:
            faults[exercise.id] = error
    return cases, faults


def runnable(notebook: NotebookNode, cases: Iterable[str] | None = None) -> list[Step]:
    """Return a repaired notebook's steps; with `cases`, without the checks that have none."""
    steps = plan_of(notebook)
    return steps if cases is None else [s for s in steps if s.exercise is None or s.exercise.id in cases]


def run_ahead(
    submissions: Sequence[Submission], records: Sequence[CellRecord], under: Conditions, workers: int
) -> Iterator[Submission]:
    """Yield the submissions in order, each once it has been run into the kept runs, where grading then finds it.

    `workers` of them run at once. Each waits in a thread for a process of its own, so threads are enough. Whatever is
    wrong with a submission is left to the grading to find and to say.
    """
    with ThreadPoolExecutor(workers) as pool:
        ahead = pool.map(lambda s: _ahead(s.path, records, under), submissions)
        for submission, _ in zip(submissions, ahead, strict=True):
            yield submission


def _ahead(path: Path, records: Sequence[CellRecord], under: Conditions) -> None:
    try:
        notebook = read_notebook(path)
        repair(notebook, records)
        cases, _ = drawn(plan_of(notebook), under.seed)
        performed(runnable(notebook, cases), cases, under)
    except (RejectedError, CourseError):
        return


def _depends_on_the_hour(ran: Ran) -> bool:
    """Whether a busy machine may be to blame: then it is run again next time, not found among the kept runs."""
    return ran.ending in _TOO_LONG or (ran.ending == "crashed" and "SIGKILL" in ran.said)


def _exercises(steps: Iterable[Step]) -> list[Exercise]:
    return list({s.exercise.id: s.exercise for s in steps if s.exercise is not None}.values())
