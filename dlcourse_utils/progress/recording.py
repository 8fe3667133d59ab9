"""A check's result, written down on the learner's machine. Quiet, quick, and never in a check's way."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import Protocol

from ..errors import CourseError
from . import place, store
from .book import STATUSES, Book, Entry

_pending: list[tuple[Path, str, Entry]] = []  # tries that could not be written yet
_told: set[str] = set()


class Outcome(Protocol):
    """What is read from a check's Result."""

    @property
    def exercise_id(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def max_points(self) -> float: ...


def record(outcome: Outcome) -> None:
    """Add a result to the progress file. A stub counts as no try; the solved chapters are nobody's work.

    What cannot be written waits in memory for the next result, and one sentence says so.
    """
    if place.is_off() or outcome.status not in STATUSES:
        return
    try:
        here = Path.cwd()
        if place.among_the_solutions(here):
            return
        path = place.progress_file(here)
    except (OSError, RuntimeError):  # the working directory is gone, or there is no home
        return
    time = now()
    entry = Entry(outcome.status, float(outcome.score), float(outcome.max_points), 1, time, time)
    _pending.append((path, outcome.exercise_id, entry))
    mine = [item for item in _pending if item[0] == path]
    try:
        tell_once(store.update(path, lambda book: reduce(_add, mine, book)))
    except CourseError as error:
        tell_once(str(error))
        return
    for item in mine:
        _pending.remove(item)


def now() -> str:
    """The time, as it is kept: UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def tell_once(sentence: str) -> None:
    """Say a sentence, once in a session."""
    if sentence and sentence not in _told:
        _told.add(sentence)
        print(f"dlcourse: {sentence}", flush=True)


def _add(book: Book, item: tuple[Path, str, Entry]) -> Book:
    return book.with_try(item[1], item[2])
