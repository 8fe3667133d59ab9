"""Earlier questions come back: those met, the least recently shown first, the same ones for the same file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dlcourse_utils.errors import CourseError
from dlcourse_utils.progress import place, reviewing, standing, store
from dlcourse_utils.progress.book import Book, Entry
from dlcourse_utils.progress.chapters import Chapter
from dlcourse_utils.progress.questions import Question, questions
from dlcourse_utils.progress.standing import standings

CHAPTERS = (Chapter("00_a", "A", (60, 60), 2), Chapter("01_b", "B", (60, 60), 2, after=("00",)))
IDS = {"00": ["00.p", "00.q"], "01": ["01.p", "01.q"]}


def markdown(text: str, *tags: str) -> dict:
    return {"cell_type": "markdown", "metadata": {"tags": list(tags)}, "source": text}


def code(text: str) -> dict:
    return {"cell_type": "code", "metadata": {}, "source": text, "outputs": [], "execution_count": None}


def question(number: int, chapter: str) -> dict:
    text = (
        f"**Check yourself {number}.** Why {chapter}{number}? See [there](../x/x.ipynb) and [the web](https://a.org).\n\n"
        f"<details><summary>Answer</summary>\n\nBecause $x_{number}$.\n\n</details>"
    )
    return markdown(text, "check-yourself")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A released course of two chapters with two questions each: one after the first exercise, one at the end."""
    for chapter in CHAPTERS:
        n = chapter.number
        cells = [
            markdown("# Hello"), code(f'check("{n}.p", p)'), question(1, n),
            code(f'check("{n}.q", q)'), markdown("no question"), question(2, n),
        ]  # fmt: skip
        file = tmp_path / "release" / "course" / chapter.notebook
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    monkeypatch.setattr(reviewing, "find_release", lambda: tmp_path / "release")
    monkeypatch.setattr(standing, "released", lambda: CHAPTERS)
    monkeypatch.setattr(standing, "_ids", IDS.__getitem__)
    return tmp_path / "release" / "course"


def solved(*names: str) -> Book:
    time = "2026-01-01T00:00:00Z"
    book = Book()
    for name in names:
        book = book.with_try(name, Entry("correct", 1.0, 1, 1, time, time))
    return book


def ready(book: Book, course: Path) -> list[str]:
    stands = standings(book, IDS.__getitem__, CHAPTERS)
    return [q.id for q in reviewing.ready(book, stands, questions(course, CHAPTERS))]


def test_questions_are_read_with_the_exercise_before_them(course: Path) -> None:
    assert [(q.id, q.after) for q in questions(course, CHAPTERS)] == [
        ("00.1", "00.p"), ("00.2", "00.q"), ("01.1", "01.p"), ("01.2", "01.q"),
    ]  # fmt: skip


def test_a_notebook_that_is_missing_or_damaged_has_no_questions(course: Path) -> None:
    (course / CHAPTERS[0].notebook).write_text("{")
    (course / CHAPTERS[1].notebook).unlink()
    assert questions(course, CHAPTERS) == []


def test_only_questions_that_were_met_come_back(course: Path) -> None:
    assert ready(Book(), course) == []
    assert ready(solved("00.p"), course) == ["00.1"]
    assert ready(solved("00.p", "00.q", "01.q"), course) == ["00.1", "00.2", "01.2"]


def made(name: str) -> Question:
    return Question(name, CHAPTERS[0], "", "")


def chosen(book: Book) -> list[str]:
    every = [made(f"{chapter}.{n}") for chapter in ("00", "01", "02") for n in (1, 2)]
    return [q.id for q in reviewing.choose(book, every)]


def test_the_least_recently_shown_come_first_and_the_chapters_take_turns() -> None:
    book = Book()
    assert chosen(book) == ["00.1", "01.1", "02.1"]
    for name in chosen(book):
        book = book.with_shown(name, "2026-01-02T00:00:00Z")
    assert chosen(book) == ["00.2", "01.2", "02.2"]
    for name in ("00.2", "01.2"):
        book = book.with_shown(name, "2026-01-01T00:00:00Z")
    assert chosen(book) == ["02.2", "00.2", "01.2"]
    assert chosen(book) == chosen(book)


def test_review_shows_three_and_notes_them(course: Path, copy: Path) -> None:
    file = copy / ".dlcourse" / place.FILE
    store.update(file, lambda _: solved("00.p", "00.q", "01.p", "01.q"))
    first = reviewing.review()
    assert [q.id for q in first.asked] == ["00.1", "01.1", "00.2"]
    book = store.read(file)[0]
    assert {name: shown.shown for name, shown in book.questions.items()} == {"00.1": 1, "01.1": 1, "00.2": 1}
    assert len(book.exercises) == 4
    assert reviewing.review().asked[0].id == "01.2"


def test_what_is_drawn_has_folded_answers_and_no_link_that_leads_nowhere(course: Path, copy: Path) -> None:
    store.update(copy / ".dlcourse" / place.FILE, lambda _: solved("00.p"))
    shown = reviewing.review()
    drawn = shown._repr_markdown_()
    assert "From chapter 00, *A*\n\nWhy 001? See there and [the web](https://a.org)." in drawn
    assert "<details><summary>Answer</summary>\n\nBecause $x_1$.\n\n</details>" in drawn
    assert "Check yourself" not in drawn
    assert "<" not in repr(shown)
    assert "Answer" in repr(shown)


def test_before_anything_is_solved_it_says_when_questions_come(course: Path, copy: Path) -> None:
    shown = reviewing.review()
    assert shown.asked == ()
    assert "once you have solved an exercise" in repr(shown)
    assert "once you have solved an exercise" in shown._repr_markdown_()


def test_a_file_that_cannot_be_written_is_said_and_the_questions_come(
    course: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.update(copy / ".dlcourse" / place.FILE, lambda _: solved("00.p"))

    def refuse(*_: object) -> str:
        raise CourseError("Cannot be kept.")

    monkeypatch.setattr(store, "update", refuse)
    shown = reviewing.review()
    assert (len(shown.asked), shown.says) == (1, "Cannot be kept.")
    assert "Cannot be kept." in shown._repr_markdown_()


def test_switched_off_nothing_is_written(course: Path, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(place.SWITCH, "off")
    assert "once you have solved" in repr(reviewing.review())
    assert list((copy / ".dlcourse").iterdir()) == []


def test_a_course_that_is_not_built_is_one_sentence(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Path:
        raise CourseError("The course's notebooks are not built here.")

    monkeypatch.setattr(reviewing, "find_release", missing)
    assert repr(reviewing.review()) == "The course's notebooks are not built here."
