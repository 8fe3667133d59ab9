"""One transaction for one submission: what nbgrader finds in it is what it finds alone, and all or nothing stays."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy import event
from sqlalchemy.engine import Engine

from autograde.borrowed import Borrowed
from autograde.course import Course, without_session_warnings
from autograde.grades import Grade
from autograde.nbgrader_settings import COURSE_ID
from autograde.one_transaction import one_transaction
from tests.autograde import tiny
from tests.autograde.handmade import add, course_like, right

CHECK, ANSWER = "02-relu-check", "02-relu"


@pytest.fixture
def course(recorded: Course, tmp_path: Path) -> Course:
    """A course folder with one graded submission."""
    made = course_like(recorded, tmp_path / "out")
    add(made, "ada", right(Grade("02.relu", "incorrect", 0.25, 1.0)))
    return made


@pytest.fixture
def commits() -> Iterator[list[str]]:
    """Every commit that reaches a database."""
    seen: list[str] = []

    def note(connection: object) -> None:
        seen.append(str(connection))

    event.listen(Engine, "commit", note)
    yield seen
    event.remove(Engine, "commit", note)


def relu(gradebook: Gradebook) -> Grade:
    return gradebook.find_grade(CHECK, tiny.NAME, tiny.NAME, "ada")


def score(course: Course) -> float | None:
    with Gradebook(course.gradebook, COURSE_ID) as gradebook:
        found: float | None = relu(gradebook).auto_score
        return found


def test_what_is_changed_inside_is_there_afterwards_with_one_commit(course: Course, commits: list[str]) -> None:
    with one_transaction(course.gradebook, COURSE_ID):
        opened = len(commits)
        for points in (0.5, 0.75):
            with Gradebook(course.gradebook) as gradebook:
                relu(gradebook).auto_score = points
                gradebook.db.commit()
        assert len(commits) == opened
    assert len(commits) == opened + 1
    assert score(course) == 0.75


def test_nothing_is_changed_when_it_fails(course: Course) -> None:
    def half() -> None:
        with one_transaction(course.gradebook, COURSE_ID):
            with Gradebook(course.gradebook) as gradebook:
                relu(gradebook).auto_score = 1.0
                gradebook.db.commit()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert score(course) == 0.25


def test_a_step_sees_what_the_one_before_has_written(course: Course) -> None:
    with one_transaction(course.gradebook, COURSE_ID):
        with Gradebook(course.gradebook) as first:
            before = first.find_submission_notebook(tiny.NAME, tiny.NAME, "ada").score
            relu(first).auto_score = 1.0
            first.db.commit()
        with Gradebook(course.gradebook) as second:
            after = second.find_submission_notebook(tiny.NAME, tiny.NAME, "ada").score
    assert (before, after) == (2.25, 3.0)


def test_a_new_submission_is_complete_at_once(course: Course) -> None:
    with without_session_warnings(), one_transaction(course.gradebook, COURSE_ID):
        with Gradebook(course.gradebook) as gradebook:
            gradebook.update_or_create_student("bob")
            gradebook.update_or_create_submission(tiny.NAME, "bob")
        with Gradebook(course.gradebook) as gradebook:
            assert gradebook.find_grade(CHECK, tiny.NAME, tiny.NAME, "bob").auto_score is None
            assert gradebook.find_comment(ANSWER, tiny.NAME, tiny.NAME, "bob").comment is None


def test_looked_up_together_is_what_is_looked_up_alone(course: Course) -> None:
    with Gradebook(course.gradebook, COURSE_ID) as gradebook:
        names = [cell.name for cell in gradebook.find_notebook(tiny.NAME, tiny.NAME).source_cells]
        alone = [found(gradebook, name) for name in [*names, "02-none"]]
    with one_transaction(course.gradebook, COURSE_ID), Gradebook(course.gradebook) as gradebook:
        assert isinstance(gradebook, Borrowed)
        together = [found(gradebook, name) for name in [*names, "02-none"]]
    assert together == alone
    assert {kind for told in alone for kind in told} == {"SourceCell", "GradeCell", "Grade", "Comment", None}


def found(gradebook: Gradebook, name: str) -> dict[str | None, object]:
    """Return the identity of everything that carries a cell's name; under None what is missing."""
    told: dict[str | None, object] = {}
    for find, owner in ((gradebook.find_source_cell, ()), (gradebook.find_graded_cell, ()),
                        (gradebook.find_grade, ("ada",)), (gradebook.find_comment, ("ada",))):  # fmt: skip
        try:
            row = find(name, tiny.NAME, tiny.NAME, *owner)
        except MissingEntry:
            told[None] = int(str(told.get(None, 0))) + 1
        else:
            told[type(row).__name__] = (row.id, row.name, getattr(row, "max_score", None))
    return told


def test_other_threads_and_other_gradebooks_are_left_alone(course: Course, recorded: Course) -> None:
    kinds = []

    def look() -> None:
        with Gradebook(course.gradebook) as gradebook:
            kinds.append(type(gradebook))

    with one_transaction(course.gradebook, COURSE_ID):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        with Gradebook(recorded.gradebook) as gradebook:
            kinds.append(type(gradebook))
    look()
    assert kinds == [Gradebook] * 3
