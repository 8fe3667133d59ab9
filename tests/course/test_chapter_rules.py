"""The rules that every chapter's text keeps: what a learner can rely on from chapter to chapter."""

from __future__ import annotations

import re
from pathlib import Path

import jupytext
import pytest
from nbformat import NotebookNode

from dlcourse_utils.checks import registry

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
CHAPTERS = sorted(path.stem for path in SOLUTIONS.glob("[0-9][0-9]_*.py"))
DOTS = {1: "●○○", 2: "●●○", 3: "●●●"}
MOST_READING = 4  # cells of reading between two things to do


def cells(chapter: str) -> list[NotebookNode]:
    return jupytext.read(SOLUTIONS / f"{chapter}.py").cells


def tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def markdown(chapter: str) -> list[NotebookNode]:
    return [cell for cell in cells(chapter) if cell.cell_type == "markdown"]


@pytest.mark.parametrize("exercise_id", registry.ids())
def test_every_exercise_has_its_heading_with_difficulty_minutes_and_points(exercise_id: str) -> None:
    exercise = registry.get(exercise_id)
    (chapter,) = [c for c in CHAPTERS if c.startswith(exercise_id[:2])]
    heads = [c.source for c in markdown(chapter) if re.search(rf"^### {re.escape(exercise_id)} · ", c.source, re.M)]
    assert len(heads) == 1
    head = heads[0]
    assert DOTS[exercise.points] in head
    assert re.search(r"\d+ minutes", head)
    assert re.search(rf"\b{exercise.points} points?\b", head)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_questions_come_back_in_a_fixed_shape(chapter: str) -> None:
    questions = [c.source for c in markdown(chapter) if "check-yourself" in tags(c)]
    assert 3 <= len(questions) <= 5
    for number, question in enumerate(questions, start=1):
        assert question.startswith(f"**Check yourself {number}.**")
        assert re.search(r"<details><summary>Answer</summary>\n\n.+\n\n</details>\s*$", question, re.S)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_misstatement_is_corrected_and_predictions_are_asked_for(chapter: str) -> None:
    boxes = [c.source for c in markdown(chapter) if "people-often-say" in tags(c)]
    assert boxes
    assert all(box.startswith("> **People often say:**") for box in boxes)
    assert sum("**Predict, then run.**" in c.source for c in markdown(chapter)) >= 2


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_reading_never_goes_on_for_long(chapter: str) -> None:
    run = 0
    for cell in cells(chapter):
        run = run + 1 if cell.cell_type == "markdown" and "check-yourself" not in tags(cell) else 0
        assert run <= MOST_READING, cell.source[:80]
        if cell.cell_type == "markdown":
            assert len(cell.source.splitlines()) <= 40, cell.source[:80]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_figure_says_how_to_read_it(chapter: str) -> None:
    everything = cells(chapter)
    for cell, following in zip(everything, [*everything[1:], None], strict=True):
        if cell.cell_type != "code" or "plt.show()" not in cell.source:
            continue
        near = cell.source + (following.source if following is not None else "")
        assert "How to read this:" in near, cell.source[:200]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_fits_a_sitting(chapter: str) -> None:
    text = (SOLUTIONS / f"{chapter}.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 1_000


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_uses_its_libraries_and_leads_to_the_notation(chapter: str) -> None:
    text = (SOLUTIONS / f"{chapter}.py").read_text(encoding="utf-8")
    assert "../notation.ipynb" in text
    if chapter < "06":
        assert not re.search(r"^\s*(import|from) torch", text, re.M)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_cells_that_use_an_exercise_outside_its_check_can_wait(chapter: str) -> None:
    """A call of a learner's function in an illustration stands inside `with needs(...)`."""
    names = {name for e in registry.chapter(chapter) for name in e.objects}
    for cell in cells(chapter):
        if cell.cell_type != "code" or "nbgrader" in cell.metadata or "with needs(" in cell.source:
            continue
        called = {name for name in names if re.search(rf"(?<![\w.]){name}\(", cell.source)}
        assert not called, cell.source[:200]
