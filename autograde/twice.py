"""A wrong answer that is run once more: with the same seed it must be wrong in the same way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from dlcourse_utils.probes.wire import pack

from .grades import Grade
from .runner import Ran


def unlike(first: Sequence[Ran], second: Sequence[Ran], exercises: Collection[str]) -> list[Ran]:
    """Return `second`, or nothing when the checks of `exercises` came out in it as they did in `first`."""
    seen = _by_check(first, exercises)
    return [] if seen == {i: way for i, way in _by_check(second, exercises).items() if i in seen} else list(second)


def _by_check(done: Sequence[Ran], exercises: Collection[str]) -> dict[str, tuple[object, ...]]:
    return {
        ran.step.exercise.id: (ran.ending, ran.error, ran.missing, [pack(seen.to_plain()) for seen in ran.observations])
        for ran in done
        if ran.step.exercise is not None and ran.step.exercise.id in exercises
    }


def told_if_unsteady(first: Grade, second: Grade | None) -> Grade:
    """Return the first grade, which counts; with a sentence when the second says something else.

    A second that could not be graded, which is our fault, says nothing.
    """
    if second is None or "not_graded" in (first.status, second.status) or _verdict(first) == _verdict(second):
        return first
    said = f"Not the same twice: {_in_words(first)} at first, {_in_words(second)} when run again with the same data."
    return replace(first, unsteady=said)


def _verdict(grade: Grade) -> tuple[str, float | None, str | None]:
    return grade.status, grade.score, grade.diagnosis


def _in_words(grade: Grade) -> str:
    named = f", “{grade.diagnosis.replace('_', ' ')}”" if grade.diagnosis else ""
    return f"{grade.status.replace('_', ' ')} ({grade.score:g} of {grade.max:g}{named})"
