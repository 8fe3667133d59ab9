"""What a teacher adds stays nbgrader's: late penalties, points and comments by hand, the exporter."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin
from traitlets.config import Config

from autograde.build import Built
from autograde.course import Course
from autograde.grade import grade_class
from autograde.nbgrader_settings import COURSE_ID
from autograde.sample_class import submissions
from autograde.submissions import Submission
from tests.autograde import tiny
from tests.conftest import needs_part

DUE, LATE = "2026-03-01 12:00:00 UTC", "2026-03-01 14:00:00 UTC"


@pytest.fixture
def course(tmp_path: Path, built: Built, solutions: Path) -> Course:
    """A folder in which two solved notebooks were collected, one of them late."""
    needs_part("bwrap")
    extra = Config()
    extra.LateSubmissionPlugin.penalty_method = "zero"
    made = Course(tmp_path / "out", Path("unused"), extra)
    for learner in ("ada", "bob"):
        path = made.submission(learner, tiny.NAME)
        path.parent.mkdir(parents=True)
        path.write_bytes(dict(submissions(built))["full_marks"])
    made.submission("bob", tiny.NAME).with_name("timestamp.txt").write_text(LATE)
    graded(made, solutions)
    with Gradebook(made.gradebook, COURSE_ID) as gradebook:
        gradebook.update_or_create_assignment(tiny.NAME, duedate=DUE)
    return made


def graded(course: Course, solutions: Path) -> None:
    handed_in = [Submission(learner, course.submission(learner, tiny.NAME)) for learner in ("ada", "bob")]
    learners = grade_class(tiny.NAME, handed_in, course, solutions, seed=3)
    assert [learner.score for learner in learners] == [3, 3]


def exported(course: Course) -> dict[str, dict[str, float]]:
    """Return what nbgrader's own exporter writes, by learner."""
    to = course.root / "grades.csv"
    with Gradebook(course.gradebook, COURSE_ID) as gradebook:
        CsvExportPlugin(to=str(to)).export(gradebook)
    with open(to, newline="") as file:
        return {
            row["student_id"]: {name: float(row[name]) for name in ("raw_score", "late_submission_penalty", "score")}
            for row in csv.DictReader(file)
        }


def test_a_late_submission_loses_what_the_teachers_rule_says(course: Course, solutions: Path) -> None:
    graded(course, solutions)
    assert exported(course) == {
        "ada": {"raw_score": 3, "late_submission_penalty": 0, "score": 3},
        "bob": {"raw_score": 3, "late_submission_penalty": 3, "score": 0},
    }
    pages = {name: course.feedback(name, tiny.NAME).read_text(encoding="utf-8") for name in ("ada", "bob")}
    assert "(Score: 0.0 / 3.0)</h4><p>Handed in late: 3 points are taken off.</p>" in pages["bob"]
    assert "Handed in late" not in pages["ada"]


def test_points_and_words_given_by_hand_outlive_the_next_grading(course: Course, solutions: Path) -> None:
    with Gradebook(course.gradebook, COURSE_ID) as gradebook:
        gradebook.find_grade("02-relu-check", tiny.NAME, tiny.NAME, "ada").manual_score = 0.5
        gradebook.find_comment("02-relu", tiny.NAME, tiny.NAME, "ada").manual_comment = "See me on Friday."
        gradebook.db.commit()
    graded(course, solutions)
    with Gradebook(course.gradebook, COURSE_ID) as gradebook:
        grade = gradebook.find_grade("02-relu-check", tiny.NAME, tiny.NAME, "ada")
        assert (grade.auto_score, grade.manual_score, grade.score) == (1, 0.5, 0.5)
        assert grade.needs_manual_grade
    assert exported(course)["ada"]["score"] == 2.5
    assert "See me on Friday." in course.feedback("ada", tiny.NAME).read_text(encoding="utf-8")
