"""Spaced review: earlier questions come back, those that were not seen for longest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import CourseError
from ..workspace import find_release
from . import place, store
from .book import Book
from .questions import Question, questions
from .recording import now
from .standing import Standing, standings

AT_ONCE = 3


@dataclass(frozen=True)
class Review:
    """Questions with folded answers: Markdown in a notebook, plain text elsewhere."""

    asked: tuple[Question, ...]
    says: str = ""

    def __repr__(self) -> str:
        parts = [_unfolded(question.text) for question in self.asked]
        return "\n\n".join([self.says, *parts] if self.says else parts)

    def _repr_markdown_(self) -> str:
        parts = [f"From chapter {q.chapter.number}, *{q.chapter.title}*\n\n{_body(q.text)}" for q in self.asked]
        note = [f"*{self.says}*"] if self.says else []
        return "\n\n---\n\n".join([*note, *parts])


def review() -> Review:
    """Bring back three "check yourself" questions of chapters that you have done or are in.

    The ones that were not shown for longest come first; what was shown is noted in your progress file.
    As the last line of a cell it shows them; run it again for the next three.
    """
    here = Path.cwd()
    path = place.progress_file(here)
    book, says = (Book(), "") if place.is_off() else store.read(path)
    try:
        course = find_release() / "course"
    except CourseError as error:
        return Review((), str(error))
    stands = standings(book)
    chosen = choose(book, ready(book, stands, questions(course, [s.chapter for s in stands])))
    if not chosen:
        return Review((), says or "Questions come back here once you have solved an exercise or two.")
    if place.is_off():
        return Review(tuple(chosen))
    try:
        time = now()
        says = store.update(path, lambda current: _noted(current, chosen, time)) or says
    except CourseError as error:
        says = str(error)
    return Review(tuple(chosen), says)


def ready(book: Book, stands: Sequence[Standing], asked: Sequence[Question]) -> list[Question]:
    """Keep the questions that the learner has met: of chapters done, and of one begun up to where they are."""
    state = {stand.chapter.number: stand.state for stand in stands}
    return [
        q
        for q in asked
        if state[q.chapter.number] == "done" or (state[q.chapter.number] == "begun" and q.after in book.exercises)
    ]


def choose(book: Book, asked: Sequence[Question], most: int = AT_ONCE) -> list[Question]:
    """Choose by least recently shown; among equals the chapters take turns, from the earliest on."""

    def order(question: Question) -> tuple[str, str, str]:
        shown = book.questions.get(question.id)
        number, _, place_in_chapter = question.id.partition(".")
        return (shown.last if shown else "", place_in_chapter.zfill(3), number)

    return sorted(asked, key=order)[:most]


def _noted(book: Book, chosen: Sequence[Question], time: str) -> Book:
    for question in chosen:
        book = book.with_shown(question.id, time)
    return book


def _body(text: str) -> str:
    """Take off a question's number, and the links that lead somewhere only from its own chapter."""
    text = re.sub(r"^\*\*Check yourself \d+\.\*\*\s*", "", text.strip())
    return re.sub(r"\[([^\]]+)\]\((?![a-z]+:)[^)]*\)", r"\1", text)


def _unfolded(text: str) -> str:
    return re.sub(r"\s*</?(?:details|summary)>\s*", "\n", _body(text)).strip()
