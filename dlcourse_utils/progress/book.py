"""What is kept of a learner's work, as data: from JSON and back, and how a new result joins it. Touches no disk.

    {"format": 1,
     "exercises": {"02.softmax": {"status": "correct", "score": 1.0, "points": 1, "tries": 3, "first": …, "last": …}},
     "questions": {"02.1": {"shown": 1, "last": …}}}

`status` and `score` are the best so far, `points` what the exercise is worth, times are UTC in ISO 8601.
Keys that this version does not know are kept as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

FORMAT = 1
STATUSES = ("broken", "incorrect", "correct")  # from worst to best
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True)
class Entry:
    """How an exercise stands. score: 0 … 1. points: what it is worth."""

    status: str
    score: float
    points: float
    tries: int
    first: str
    last: str
    rest: Mapping[str, Any] = field(default_factory=dict)

    def after(self, other: Entry) -> Entry:
        """Join with another try, or with another record of the same exercise: the best counts."""
        return replace(
            self,
            status=max(self.status, other.status, key=STATUSES.index),
            score=max(self.score, other.score),
            points=other.points if other.last >= self.last else self.points,
            tries=self.tries + other.tries,
            first=min(self.first, other.first),
            last=max(self.last, other.last),
            rest={**self.rest, **other.rest},
        )


@dataclass(frozen=True)
class Shown:
    """How often a question came back, and when last."""

    shown: int
    last: str
    rest: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """All that is kept."""

    exercises: Mapping[str, Entry] = field(default_factory=dict)
    questions: Mapping[str, Shown] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)

    def with_try(self, exercise: str, entry: Entry) -> Book:
        """Add one try."""
        known = self.exercises.get(exercise)
        return replace(self, exercises={**self.exercises, exercise: known.after(entry) if known else entry})

    def with_shown(self, question: str, time: str) -> Book:
        """Note that a question has come back."""
        known = self.questions.get(question, Shown(0, time))
        noted = replace(known, shown=known.shown + 1, last=max(known.last, time))
        return replace(self, questions={**self.questions, question: noted})


@dataclass(frozen=True)
class Reading:
    """What bytes turned out to be. newer: written by a later version. damaged: not all of it could be read."""

    book: Book
    newer: bool = False
    damaged: bool = False


def parse(content: bytes) -> Reading:
    """Read a book; whatever is in the bytes, what can be understood is there, and nothing is raised."""
    try:
        stored = json.loads(content)
    except (ValueError, RecursionError):
        return Reading(Book(), damaged=True)
    if not isinstance(stored, dict):
        return Reading(Book(), damaged=True)
    version = stored.pop("format", None)
    exercises, all_exercises = _each(stored.pop("exercises", {}), _entry)
    questions, all_questions = _each(stored.pop("questions", {}), _shown)
    known = isinstance(version, int) and not isinstance(version, bool) and version >= FORMAT
    newer = known and version > FORMAT
    return Reading(
        Book(exercises, questions, stored), newer, damaged=not newer and not (known and all_exercises and all_questions)
    )


def dump(book: Book) -> bytes:
    """Write a book as JSON that a person can read."""
    stored = {
        **book.rest,
        "format": FORMAT,
        "exercises": {name: _plain(entry) for name, entry in sorted(book.exercises.items())},
        "questions": {name: _plain(shown) for name, shown in sorted(book.questions.items())},
    }
    return json.dumps(stored, indent=1).encode() + b"\n"


def _plain(item: Entry | Shown) -> dict[str, Any]:
    return {**item.rest, **{name: value for name, value in vars(item).items() if name != "rest"}}


def _each(stored: Any, read: Any) -> tuple[dict[str, Any], bool]:
    """Read each item; give those that could be read, and whether that was all."""
    if not isinstance(stored, dict):
        return {}, False
    found = {name: item for name, value in stored.items() if (item := read(value)) is not None}
    return found, len(found) == len(stored)


def _entry(value: Any) -> Entry | None:
    if not isinstance(value, dict) or value.get("status") not in STATUSES:
        return None
    known: dict[str, Any] = {name: value.get(name) for name in Entry.__dataclass_fields__ if name != "rest"}
    numbers = _number(known["score"]) and known["score"] <= 1 and _number(known["points"]) and _count(known["tries"])
    if not (numbers and _time(known["first"]) and _time(known["last"])):
        return None
    return Entry(**known, rest=_others(value, Entry))


def _shown(value: Any) -> Shown | None:
    if not isinstance(value, dict) or not (_count(value.get("shown")) and _time(value.get("last"))):
        return None
    return Shown(value["shown"], value["last"], _others(value, Shown))


def _others(value: dict[str, Any], kind: type) -> dict[str, Any]:
    return {name: item for name, item in value.items() if name not in kind.__dataclass_fields__}  # type: ignore[attr-defined]


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e6  # False for NaN


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _time(value: Any) -> bool:
    return isinstance(value, str) and TIME.fullmatch(value) is not None
