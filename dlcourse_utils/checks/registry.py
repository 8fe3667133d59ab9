"""Exercises by id, imported one module at a time so that the first check of a chapter is quick."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from functools import cache

from ..errors import CourseError, did_you_mean
from .exercise import Exercise


def chapters() -> list[str]:
    """Return the numbers of the chapters that have exercises: ["02", "03"]."""
    return list(_chapters())


@cache
def _chapters() -> tuple[str, ...]:
    package = importlib.import_module(__package__ or "dlcourse_utils.checks")
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__) if m.ispkg and m.name[:2] == "ch")
    return tuple(name[2:] for name in names)


def ids(number: str | None = None) -> list[str]:
    """Return the exercise ids of one chapter, or of all, in course order."""
    numbers = chapters() if number is None else [number]
    return [f"{n}.{name}" for n in numbers for name in _order(n)]


def get(exercise_id: str) -> Exercise:
    """Return the exercise. Raises CourseError that suggests the nearest ids."""
    number, _, name = str(exercise_id).partition(".")
    if number not in _chapters() or name not in _order(number):
        raise CourseError(f"There is no exercise {exercise_id!r}.{did_you_mean(str(exercise_id), ids())}")
    return importlib.import_module(f"{__package__}.ch{number}.{name.lower()}").EXERCISE


def chapter(name: str) -> list[Exercise]:
    """Return a chapter's exercises in course order; `name` is "02" or "02_neurons_and_losses"."""
    number = str(name).partition("_")[0]
    if number not in chapters():
        raise CourseError(f"There is no chapter {name!r}.{did_you_mean(number, chapters())}")
    return [get(i) for i in ids(number)]


def all_exercises() -> list[Exercise]:
    """Return every exercise of the course, in course order."""
    return [get(i) for i in ids()]


def _order(number: str) -> tuple[str, ...]:
    return tuple(importlib.import_module(f"{__package__}.ch{number}").ORDER)
