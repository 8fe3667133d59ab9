"""How grading grows: throughput against workers, measured here, and a course of 10,000 submissions, simulated.

    python benchmarks/scaling.py [--chapter 02] [--count 12] [--write docs/benchmarks/scaling.md]

Measured: one class through `grade_class` with 1 and 2 workers of this machine and with the 3 workers of a Dask cluster
started for it; in the pass with 1 worker also each submission's CPU seconds, apart for its run (in the sandbox, and of
the thread that waits for it) and for the head (repair, judge, nbgrader's database, feedback). Simulated: the same
queue with 10,000 submissions whose costs are drawn from those, every worker and the head on a core of its own.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from grading_classes import SchoolClass, real
from grading_table import table
from measuring import environment
from queueing import pass_through

import autograde.grade
import autograde.runs
from autograde import pools, warm
from autograde.course import Course
from autograde.submissions import find_submissions

SIZE = 10_000
WORKERS = (1, 2, 4, 8, 16, 32)
SEED = 7


@dataclass
class Timed:
    """One pass over a class: seconds until the first grade, from there to the last; CPU seconds by submission."""

    label: str
    first: float = 0.0
    rest: float = 0.0
    jobs: list[float] = field(default_factory=list)
    head: list[float] = field(default_factory=list)


def timed(school: SchoolClass, folder: Path, label: str, workers: int = 1, scheduler: str | None = None) -> Timed:
    """Grade the class once into a fresh course folder."""
    taken = Timed(label)
    ends: list[float] = []
    found = find_submissions(school.write(folder / "class"), school.name)
    with tempfile.TemporaryDirectory(dir=folder) as out, _watched(taken, alone=workers == 1 and scheduler is None):
        began = time.monotonic()
        autograde.grade.grade_class(
            school.name, found, Course(Path(out), Path(out) / "unused"), school.texts, SEED, workers=workers,
            progress=lambda learner: ends.append(time.monotonic() - began), scheduler=scheduler,
        )  # fmt: skip
    taken.first, taken.rest = ends[0], ends[-1] - ends[0]
    print(f"{label:32} first after {ends[0]:6.1f} s, then {(len(ends) - 1) / taken.rest:6.2f} a second", flush=True)
    return taken


@contextmanager
def _watched(taken: Timed, alone: bool) -> Iterator[None]:
    """Note the costs of each submission; with several workers they could not be told apart."""
    if not alone:
        yield
        return
    kept = autograde.runs.run_job, autograde.runs._begin, autograde.grade.grade_one_submission
    autograde.runs.run_job = _noting(kept[0], taken.jobs, warm.cpu_seconds)
    begun: list[float] = []
    autograde.runs._begin = _noting(kept[1], begun)
    autograde.grade.grade_one_submission = _noting(kept[2], taken.head)
    try:
        yield
    finally:
        autograde.runs.run_job, autograde.runs._begin, autograde.grade.grade_one_submission = kept
        taken.head = [a + b for a, b in zip(begun, taken.head, strict=True)]


def _noting(function: Callable[..., Any], into: list[float], others: Callable[[], float] = lambda: 0.0) -> Any:
    def noted(*args: Any) -> Any:
        began = time.thread_time() + others()
        result = function(*args)
        into.append(time.thread_time() + others() - began)
        return result

    return noted


@contextmanager
def dask(folder: Path, workers: int) -> Iterator[str]:
    """Start a scheduler and workers of one thread each; give the address, and end them all."""
    from distributed import Client

    file = folder / "scheduler.json"
    common = ["--no-dashboard", "--scheduler-file", str(file), "--host", "127.0.0.1"]
    commands = [["dask_scheduler", "--port", "0", *common]]
    commands += [["dask_worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(folder), *common]] * workers
    started = []
    for name, *arguments in commands:
        with open(folder / f"dask{len(started)}.log", "wb") as log:
            program = [sys.executable, "-m", f"distributed.cli.{name}", *arguments]
            started.append(subprocess.Popen(program, cwd=folder, env=environment(folder), stdout=log, stderr=log))
    try:
        with Client(scheduler_file=str(file), timeout=180, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=180)
            address = client.scheduler.address
        yield address
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def page(school: SchoolClass, passes: list[Timed], rng: np.random.Generator) -> str:
    """Return both tables as Markdown."""
    count = len(school.files)
    one = passes[0]
    rows = [(p.label, f"{p.first:.1f}", f"{(count - 1) / p.rest:.2f}", f"{one.rest / p.rest:.2f}") for p in passes]
    measured = table(("measured", "first grade after, s", "then a second", "× 1 worker"), rows)
    picks = rng.integers(count, size=SIZE)
    jobs, head = [one.jobs[i] for i in picks], [one.head[i] for i in picks]
    simulated = []
    for workers in WORKERS:
        passed = pass_through(jobs, head, workers, pools.AHEAD * workers)
        simulated.append((f"{workers}", f"{passed.seconds / 3600:.2f}", f"{SIZE / passed.seconds:.1f}",
                          f"{passed.workers_busy:.0%}", f"{passed.head_busy:.0%}"))  # fmt: skip
    heads = ("workers (simulated)", "hours", "a second", "workers busy", "head busy")
    return (
        "# How grading grows\n\nWritten by `python benchmarks/scaling.py --write docs/benchmarks/scaling.md`; do not "
        f"edit. {os.cpu_count()} cores, Linux {platform.release().partition('-')[0]}, Python "
        f"{platform.python_version()}; other work ran on the machine.\n\n## Measured: {count} submissions of "
        f"{school.name}\n\nWith second runs of wrong answers and a second look at full marks, as by default. More "
        f"workers than cores cannot help; beside other work they get a larger share of the "
        f"cores.\n\n{measured}\nA submission takes {fmean(one.jobs):.2f} CPU-s to run and "
        f"{fmean(one.head):.2f} CPU-s in the head.\n\n## Simulated: {SIZE:,} submissions\n\nCosts are drawn from those "
        "measured; every worker and the head have a core of their own, and sending the runs costs nothing. The head "
        "is the one writer of the gradebook, takes the submissions in order, and is what limits in the end: then "
        f"grade chapters, or halves of the class, in course folders of their own.\n\n{table(heads, simulated)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chapter", default="02", help="whose sample class is graded (default 02)")
    parser.add_argument("--count", type=int, default=12, help="submissions (default 12)")
    parser.add_argument("--write", type=Path, help="write the tables as Markdown into this file")
    options = parser.parse_args()
    school = real(options.chapter, options.count)
    with tempfile.TemporaryDirectory(prefix="dlcourse-scaling-") as name:
        folder = Path(name)
        first = dict(list(school.files.items())[:2])
        timed(SchoolClass(school.name, school.texts, school.built, first), folder, "(warming up)")
        passes = [timed(school, folder, f"{n} worker{'s' * (n > 1)} of this machine", n) for n in (1, 2)]
        try:
            with dask(folder, 3) as address:
                passes.append(timed(school, folder, "3 workers of a Dask cluster", scheduler=address))
        except ImportError:
            print("Without the extra `cluster` there is no Dask to measure.")
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    text = page(school, passes, np.random.default_rng(SEED))
    print(text)
    if options.write:
        options.write.parent.mkdir(parents=True, exist_ok=True)
        options.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
