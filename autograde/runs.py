"""Run a submission, or find the run that is kept; and run a whole class ahead, several submissions at once.

This process reads, repairs, plans, keeps runs and writes the gradebook. What a pool gets are jobs, and what it gives
back are their runs: threads of this process and the workers of a cluster take the same path.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from dlcourse_utils.checks import Case, Exercise, cases_for
from dlcourse_utils.errors import CourseError
from dlcourse_utils.probes import confine

from .intake import RejectedError, read_notebook
from .jobs import Job, job_of, key_of, run_job
from .performance import Performance
from .plan import Step, plan_of
from .pools import Pool
from .records import CellRecord
from .repair import repair
from .run_cache import RunCache
from .runner import Limits
from .submissions import Submission

_handed: dict[str, bytes | CourseError] = {}  # by key: what was just run ahead for the submission being graded


@dataclass(frozen=True)
class Conditions:
    """What every submission of a class is run under.

    limits: times, and restarts. box: what a submission may use in the sandbox. recheck: whether a wrong answer is run
    once more. verify: whether full marks are looked at again.
    """

    chapter: str
    seed: int
    limits: Limits
    walls: str
    kept: RunCache
    recheck: bool = False
    verify: bool = False
    box: confine.Limits = field(default_factory=confine.Limits)

    def job(self, steps: Sequence[Step]) -> Job:
        """Return the record of a submission's work."""
        return job_of(steps, self.chapter, self.seed, self.limits, self.walls, self.box, self.recheck, self.verify)


def performed(steps: Sequence[Step], under: Conditions) -> Performance:
    """Return what a submission does: just run ahead, else from the kept runs, else by running it now."""
    job = under.job(steps)
    key = key_of(job)
    result = _handed.get(key)
    if isinstance(result, CourseError):
        raise result
    if result is None:
        kept = under.kept.find(key, steps)
        if kept is not None:
            return kept
        result = run_job(job)
        _keep(key, result, steps, under)
    return Performance.from_bytes(result, steps)


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
    submissions: Sequence[Submission], records: Sequence[CellRecord], under: Conditions, pool: Pool
) -> Iterator[Submission]:
    """Yield the submissions in order, each once it has been run; grading then finds the run.

    Not more are under way than the pool asks for, so that a large class does not fill the memory. Equal submissions
    are run once. Whatever is wrong with a submission is left to the grading to find and to say.
    """
    waiting = deque(submissions)
    under_way: deque[tuple[Submission, str, Future[bytes] | None]] = deque()
    futures: dict[str, Future[bytes]] = {}
    while waiting or under_way:
        while waiting and len(under_way) < pool.width():
            submission = waiting.popleft()
            under_way.append((submission, *_begin(submission.path, records, under, pool, futures)))
        submission, key, future = under_way.popleft()
        if future is not None:
            _handed[key] = _result(future)
        try:
            yield submission
        finally:
            _handed.pop(key, None)
            if all(key != k for _, k, _ in under_way):
                futures.pop(key, None)


def _begin(
    path: Path, records: Sequence[CellRecord], under: Conditions, pool: Pool, futures: dict[str, Future[bytes]]
) -> tuple[str, Future[bytes] | None]:
    """Return the submission's key, and its job's future when it has to be run."""
    try:
        notebook = read_notebook(path)
        repair(notebook, records)
        cases, _ = drawn(plan_of(notebook), under.seed)
    except (RejectedError, CourseError):
        return "", None
    steps = runnable(notebook, cases)
    job = under.job(steps)
    key = key_of(job)
    if under.kept.find(key, steps) is not None:
        return key, None
    if key not in futures:
        futures[key] = pool.submit(run_job, job)
        # At once, not in turn: what waits behind a slow submission is not lost when this process is killed.
        futures[key].add_done_callback(lambda done: _keep_if_done(done, key, steps, under))
    return key, futures[key]


def _result(future: Future[bytes]) -> bytes | CourseError:
    try:
        return future.result()
    except CourseError as error:
        return error
    except BaseException as error:  # a worker was lost too often, or the connection to the scheduler
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        return CourseError(f"It could not be run ({type(error).__name__}: {str(error)[:200]}).")


def _keep_if_done(future: Future[bytes], key: str, steps: Sequence[Step], under: Conditions) -> None:
    if not future.cancelled() and future.exception() is None:
        _keep(key, future.result(), steps, under)


def _keep(key: str, packed: bytes, steps: Sequence[Step], under: Conditions) -> None:
    if Performance.from_bytes(packed, steps).lasting:
        under.kept.keep(key, packed)


def _exercises(steps: Iterable[Step]) -> list[Exercise]:
    return list({s.exercise.id: s.exercise for s in steps if s.exercise is not None}.values())
