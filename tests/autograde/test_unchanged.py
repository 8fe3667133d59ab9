"""What is as the last grading left it is not graded again; whatever has changed, wherever, is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograde.build import Built
from autograde.course import Course
from autograde.grade import Learner, grade_class
from autograde.nbgrader_settings import COURSE_ID, RUNS
from autograde.performance import Performance
from autograde.sample_class import submissions
from autograde.submissions import Submission
from tests.autograde import tiny
from tests.conftest import needs_part

NAMES = ("ada", "bob")
Grade = Callable[..., tuple[list[Learner], list[str]]]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    needs_part("bwrap")
    return Course(tmp_path / "out", Path("unused"))


@pytest.fixture
def handed_in(tmp_path: Path, built: Built) -> list[Submission]:
    """Two submissions: everything solved, and nothing."""
    made = dict(submissions(built))
    found = []
    for learner, content in zip(NAMES, (made["full_marks"], made["untouched"]), strict=True):
        path = tmp_path / "in" / f"{learner}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        found.append(Submission(learner, path))
    return found


@pytest.fixture
def grade(course: Course, handed_in: list[Submission], solutions: Path, monkeypatch: pytest.MonkeyPatch) -> Grade:
    """Grade both; return the results, and the learners on whom nbgrader worked."""
    worked: list[str] = []
    real = Course.grade

    def noted(self: Course, chapter: str, learner: str) -> None:
        worked.append(learner)
        real(self, chapter, learner)

    monkeypatch.setattr(Course, "grade", noted)

    def run(**options: int) -> tuple[list[Learner], list[str]]:
        worked.clear()
        learners = grade_class(tiny.NAME, handed_in, course, solutions, **{"seed": 3, **options})
        return learners, list(worked)

    return run


def test_nothing_is_done_twice(grade: Grade) -> None:
    first, worked = grade()
    assert worked == list(NAMES)
    again, worked = grade()
    assert worked == []
    assert [(a.name, a.score, a.feedback) for a in again] == [(f.name, f.score, f.feedback) for f in first]
    assert [a.grades for a in again] == [{i: replace(g, card="") for i, g in f.grades.items()} for f in first]


def test_a_changed_file_costs_itself(grade: Grade, handed_in: list[Submission]) -> None:
    grade()
    handed_in[1].path.write_bytes(handed_in[0].path.read_bytes())
    learners, worked = grade()
    assert worked == ["bob"]
    assert [learner.score for learner in learners] == [3, 3]


def test_another_seed_is_another_grading(grade: Grade) -> None:
    grade()
    assert grade(seed=4)[1] == list(NAMES)


def test_another_limit_is_another_grading(grade: Grade, course: Course) -> None:
    grade()
    course.extra.RunWithProbes.cell_seconds = 20.0
    assert grade()[1] == list(NAMES)


def test_a_teachers_hand_is_seen(grade: Grade, course: Course) -> None:
    grade()
    with Gradebook(course.gradebook, COURSE_ID) as gradebook:
        gradebook.find_comment("02-relu", tiny.NAME, tiny.NAME, "ada").manual_comment = "Well done."
        gradebook.db.commit()
    learners, worked = grade()
    assert worked == ["ada"]
    assert learners[0].feedback is not None
    assert "Well done." in learners[0].feedback.read_text(encoding="utf-8")
    assert grade()[1] == []


def test_a_new_due_date_is_seen(grade: Grade, course: Course) -> None:
    grade()
    with Gradebook(course.gradebook, COURSE_ID) as gradebook:
        gradebook.update_or_create_assignment(tiny.NAME, duedate="2026-03-01 12:00:00 UTC")
    assert grade()[1] == list(NAMES)


@pytest.mark.parametrize("what", ["feedback", "autograded", f"{RUNS}/graded"])
def test_what_is_deleted_is_made_again(grade: Grade, course: Course, what: str) -> None:
    grade()
    shutil.rmtree(course.root / what)
    assert grade()[1] == list(NAMES)
    assert course.feedback("ada", tiny.NAME).is_file()


def test_what_a_busy_machine_may_have_caused_is_run_again(grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Performance, "lasting", property(lambda self: False))
    grade()
    assert grade()[1] == list(NAMES)
