"""A graded class made by hand: gradebook, graded notebooks and results without running anything."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from autograde.course import Course
from autograde.grades import Grade
from autograde.nbgrader_settings import COURSE_ID
from autograde.results import Results
from tests.autograde import tiny

IDS = ("02.relu", "02.softmax", "02.accuracy")


def course_like(recorded: Course, folder: Path) -> Course:
    """Return a course folder of one's own whose gradebook knows the tiny chapter."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(recorded.root / "gradebook.db", folder / "gradebook.db")
    return Course(folder, Path("unused"))


def right(*but: Grade) -> tuple[Grade, ...]:
    """Return full marks for the tiny chapter, with some grades in place."""
    instead = {grade.exercise_id: grade for grade in but}
    return tuple(instead.get(i, Grade(i, "correct", 1.0, 1.0)) for i in IDS)


def add(
    course: Course,
    learner: str,
    grades: tuple[Grade, ...],
    answers: Mapping[str, str] | None = None,
    seconds: float = 1.0,
    **student: str,
) -> None:
    """Add a graded submission. answers: exercise id → source of the answer cell."""
    folder = course.autograded(learner, tiny.NAME)
    Results(grades, seconds).save(folder)
    notebook = nbformat.v4.new_notebook()
    for exercise, source in (answers or {}).items():
        cell = nbformat.v4.new_code_cell(source)
        cell.metadata.nbgrader = {"grade_id": exercise.replace(".", "-"), "solution": True, "grade": False}
        notebook.cells.append(cell)
    nbformat.write(notebook, folder / f"{tiny.NAME}.ipynb")
    page = course.feedback(learner, tiny.NAME)
    page.parent.mkdir(parents=True)
    page.write_text("<!DOCTYPE html><title>feedback</title>")
    with Gradebook(course.gradebook, COURSE_ID) as gradebook, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own objects, outside their session for a moment
        gradebook.update_or_create_student(learner, **student)
        gradebook.add_submission(tiny.NAME, learner)
        for grade in grades:
            cell_id = f"{grade.exercise_id.replace('.', '-')}-check"
            row = gradebook.find_grade(cell_id, tiny.NAME, tiny.NAME, learner)
            row.auto_score, row.needs_manual_grade = grade.score, grade.score is None
        gradebook.db.commit()
