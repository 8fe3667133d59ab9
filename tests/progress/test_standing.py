"""How a chapter stands, and what comes next: facts from a made-up course."""

from __future__ import annotations

import pytest

from dlcourse_utils.progress.book import Book, Entry
from dlcourse_utils.progress.chapters import Chapter
from dlcourse_utils.progress.standing import next_step, standings, strangers, together

CHAPTERS = (
    Chapter("00_a", "A", (60, 60), 2),
    Chapter("01_b", "B", (60, 120), 3, after=("00",)),
    Chapter("02_c", "C", (60, 120), 4, after=("00",), helps=("01",)),
    Chapter("03_d", "D", (60, 120), 2, after=("02",)),
)
IDS = {"00": ["00.p", "00.q"], "01": ["01.p"], "02": ["02.p", "02.q", "02.r"], "03": ["03.p"]}


def book(*tries: str) -> Book:
    """Each try is "02.p" (correct) or "02.p?" (incorrect, half the points); they follow each other by a second."""
    made = Book()
    for second, text in enumerate(tries):
        time = f"2026-01-01T00:00:{second:02d}Z"
        wrong = text.endswith("?")
        made = made.with_try(
            text.rstrip("?"), Entry("incorrect" if wrong else "correct", 0.5 if wrong else 1.0, 1, 1, time, time)
        )
    return made


def stands(*tries: str):
    return standings(book(*tries), IDS.__getitem__, CHAPTERS)


def states(*tries: str) -> list[str]:
    return [s.state for s in stands(*tries)]


def test_untouched_begun_done() -> None:
    assert states() == ["untouched"] * 4
    assert states("00.p", "00.q", "02.p?") == ["done", "untouched", "begun", "untouched"]
    assert states("00.p", "00.q?") == ["begun", "untouched", "untouched", "untouched"]


def test_counts_and_points() -> None:
    made = stands("02.p", "02.q?")[2]
    assert (made.count, made.score, made.open) == ("1 of 3", "1.5 of 4", "02.q")
    assert together(stands("02.p", "02.q?")) == ("1 of 7", "1.5 of 11", "4 to 7 hours")


def test_a_bar_is_full_only_when_all_is_right_and_empty_only_when_nothing_is() -> None:
    bars = [stands(*(f"02.{n}" for n in "pqr"[:k]))[2].bar for k in range(4)]
    assert bars == ["□□□□□□", "■■□□□□", "■■■■□□", "■■■■■■"]
    many = {**IDS, "00": [f"00.e{i}" for i in range(20)]}

    def bar(right: int) -> str:
        return standings(book(*many["00"][:right]), many.__getitem__, CHAPTERS)[0].bar

    assert bar(1) == "■□□□□□"
    assert bar(19) == "■■■■■□"


@pytest.mark.parametrize(
    ("tries", "expected"),
    [
        ([], "Next: chapter 00, A (about an hour)."),
        (["00.p"], "Next: 00.q in chapter 00, A."),
        (["00.q"], "Next: 00.p in chapter 00, A."),
        (["00.p", "00.q"], "Next: chapter 01, B (1 to 2 hours)."),
        (["00.p", "00.q", "02.p"], "Next: 02.q in chapter 02, C."),
        (["02.p", "00.p"], "Next: 00.q in chapter 00, A."),  # where the latest try was
        (["02.p", "00.p", "00.q"], "Next: 02.q in chapter 02, C."),  # begun goes before untouched
        (["00.p", "00.q", "02.p", "02.q", "02.r"], "Next: chapter 03, D (1 to 2 hours)."),  # onwards, not back to 01
        (["00.p", "00.q", "02.p", "02.q", "02.r", "03.p"], "Next: chapter 01, B (1 to 2 hours)."),
        (["03.p"], "Next: chapter 00, A (about an hour)."),
        (["01.p"], "Next: chapter 00, A (about an hour)."),  # 02 is later, but not ready
        (["00.p", "00.q", "01.p", "02.p", "02.q", "02.r", "03.p"], "Every chapter is done."),
    ],
)
def test_what_comes_next(tries: list[str], expected: str) -> None:
    assert str(next_step(stands(*tries))) == expected


def test_results_of_exercises_that_are_gone_are_named_and_kept() -> None:
    made = book("00.p", "02.renamed")
    says = strangers(made, standings(made, IDS.__getitem__, CHAPTERS))
    assert says == "1 result is for an exercise that this version of the course does not have (02.renamed); it is kept."
    made = book("00.p", *(f"77.{name}" for name in "abcd"))
    says = strangers(made, standings(made, IDS.__getitem__, CHAPTERS))
    assert says.startswith("4 results are for exercises")
    assert "(77.a, 77.b, 77.c, …); they are kept." in says
    made = book("00.p")
    assert strangers(made, standings(made, IDS.__getitem__, CHAPTERS)) == ""


def test_a_chapter_with_a_new_name_keeps_its_results() -> None:
    renamed = tuple(Chapter(f"{c.number}_another_name", c.title, c.minutes, c.points, c.after) for c in CHAPTERS)
    made = standings(book("00.p", "00.q"), IDS.__getitem__, renamed)
    assert made[0].state == "done"
