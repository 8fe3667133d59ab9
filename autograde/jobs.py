"""One submission's work as a small plain record, and the pure function that does it: in a thread or on a cluster.

The record holds what the run depends on and nothing else, so its hash is also the key of the kept run: the cells and
checks in their order, the chapter, the seed, the limits, the walls, this project's own code and the versions of what
learner code imports. The cases are drawn from the seed where the job runs; only runs travel back, never grades.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import dlcourse_utils
from dlcourse_utils.checks import Case, Exercise, cases_for, registry
from dlcourse_utils.errors import CourseError
from dlcourse_utils.probes import confine

from .grades import grade_all
from .performance import Performance
from .plan import Step
from .runner import Limits, Ran, run_plan
from .twice import unlike
from .verify import defining
from .workers import starter

Job = dict[str, Any]

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "matplotlib", "torch", "ipython", "ipywidgets")
WRONG = ("incorrect", "broken")  # what is run a second time when a job asks for it


def job_of(
    steps: Sequence[Step], chapter: str, seed: int, limits: Limits, walls: str, box: confine.Limits,
    recheck: bool, verify: bool,
) -> Job:  # fmt: skip
    """Return the record of a submission's work; it is JSON."""
    return {
        "cells": [[s.index, s.source, s.cell_id, s.exercise.id if s.exercise else None] for s in steps],
        "chapter": chapter,
        "seed": seed,
        "limits": asdict(limits),
        "walls": walls,
        "box": asdict(box),
        "recheck": recheck,
        "verify": verify,
        "here": here(),
    }


def key_of(job: Job) -> str:
    """Return the name under which the job's run is kept."""
    return hashlib.sha256(json.dumps(job, ensure_ascii=True).encode()).hexdigest()


def run_job(job: Job) -> bytes:
    """Do the work and return it as `Performance.to_bytes`. Nothing outside the sandbox is written.

    Raises CourseError when this machine cannot do it: that is our failure, never the learner's.
    """
    reason = unfit(job["here"], job["walls"], job["chapter"])
    if reason is not None:
        raise CourseError(reason)
    steps = [Step(index, source, cell_id, None if i is None else registry.get(i))
             for index, source, cell_id, i in job["cells"]]  # fmt: skip
    cases: dict[str, list[Case]] = {}

    def drawn(exercise: Exercise) -> list[Case]:
        if exercise.id not in cases:
            cases[exercise.id] = cases_for(exercise, job["seed"])
        return cases[exercise.id]

    limits, box = Limits(**job["limits"]), confine.Limits(**job["box"])
    start = starter(job["walls"], job["chapter"], box, [step.source for step in steps])
    done = run_plan(steps, drawn, limits, start)
    again: list[Ran] = []
    verified: list[Ran] = []
    if job["recheck"] or job["verify"]:
        for step in steps:
            if step.exercise is not None:
                drawn(step.exercise)
        grades = grade_all(done, cases, job["seed"])
        wrong = {i for i, grade in grades.items() if grade.status in WRONG and job["recheck"]}
        full = {i for i, grade in grades.items() if grade.status == "correct" and job["verify"]}
        # What came out the same tells nothing, and need not travel, be kept or be judged a second time.
        if wrong:
            again = unlike(done, run_plan(_once_more(done, wrong), drawn, limits, start), wrong)
        if full:
            verified = unlike(done, run_plan(defining(steps, full), drawn, limits, start), full)
    return Performance(done, again, verified).to_bytes(steps)


def unfit(wanted: dict[str, str], walls: str, chapter: str) -> str | None:
    """Return why this machine must not take a head's jobs, or None: another environment, or no sandbox."""
    mine = here()
    other = [f"{n} {mine.get(n, 'is missing')} instead of {v}" for n, v in wanted.items() if mine.get(n) != v]
    if other:
        return f"A worker has another environment than the grading process: {', '.join(other)}."
    try:
        starter(walls, chapter)
    except CourseError as error:
        return str(error)
    return None


@cache
def here() -> dict[str, str]:
    """Return what a run depends on in this environment: name → version, of our own code a digest."""
    versions = {"Python": sys.version.partition(" ")[0], "dlcourse": _digest()}
    for name in _LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def _digest() -> str:
    digest = hashlib.sha256()
    for folder in (Path(dlcourse_utils.__file__).parent, Path(__file__).parent):
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _once_more(done: Sequence[Ran], wrong: set[str]) -> list[Step]:
    """Return the steps up to the last wrong check, without those that did not come to their end.

    Right checks are among them: they too move the random generators and whatever state the learner's code has, and a
    difference must come from the learner's code alone.
    """
    came_to_an_end = [ran.step for ran in done if ran.ending not in ("timed_out", "crashed", "out_of_time", "left_out")]
    last = max(n for n, ran in enumerate(done) if ran.step.exercise is not None and ran.step.exercise.id in wrong)
    return [step for step in came_to_an_end if step.index <= done[last].step.index]
