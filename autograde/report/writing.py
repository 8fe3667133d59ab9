"""Write the report of a chapter, and nbgrader's own table of grades for the learning platform."""

from __future__ import annotations

import inspect
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from dlcourse_utils.checks import Exercise
from dlcourse_utils.errors import CourseError

from ..atomic import write_bytes, write_text
from ..course import Course
from ..nbgrader_settings import COURSE_ID
from ..plan import find_exercise, grade_id_of, is_check
from ..texts import read_text
from .facts import Facts, facts_of
from .members import read_class
from .page import page

FOLDER = "reports"


def class_facts(course: Course, chapter: str, solutions: Path) -> Facts:
    """Return the facts of a graded chapter. Raises CourseError when nothing of it has been graded."""
    found = read_class(course, chapter)
    cells = read_text(solutions / f"{chapter}.py").cells
    exercises = [e for cell in cells if is_check(cell) and (e := find_exercise(grade_id_of(cell))) is not None]
    published = [*(cell.source for cell in cells), *known_mistakes(exercises)]
    return facts_of(chapter, found, [exercise.id for exercise in exercises], published)


def known_mistakes(exercises: Sequence[Exercise]) -> list[str]:
    """Return the source of the modules in which the exercises' known mistakes are written."""
    modules = {wrong.__module__ for e in exercises for wrong in (*e.mistakes, *e.conventions)}
    return [inspect.getsource(sys.modules[name]) for name in sorted(modules)]


def write_report(course: Course, chapter: str, solutions: Path) -> Path:
    """Write the page into the course folder's reports/, whole or not at all; return its path."""
    path = course.root / FOLDER / f"{chapter}.html"
    write_text(path, page(class_facts(course, chapter, solutions), path.parent))
    return path


def write_csv(course: Course, chapter: str, path: Path) -> list[str]:
    """Write the chapter's grades with nbgrader's CsvExportPlugin.

    Returns the learners of the class whom that file does not show as they stand: nbgrader writes 0 where nothing is
    graded yet, and leaves out whom it has never seen. Raises CourseError for a name that would break its columns.
    """
    members = read_class(course, chapter).members
    with tempfile.TemporaryDirectory() as folder:
        exporter = CsvExportPlugin(to=str(Path(folder) / "grades.csv"), assignment=[chapter])
        try:
            with Gradebook(course.gradebook, COURSE_ID) as gradebook:
                _refuse_commas(gradebook)
                exporter.export(gradebook)
            content = Path(exporter.to).read_bytes()
        except OSError as error:
            raise CourseError(f"The grades cannot be exported: {error.strerror or error}.") from error
    write_bytes(path, content)
    return [member.learner for member in members if member.points is None or member.needs_a_person]


def _refuse_commas(gradebook: Gradebook) -> None:
    """Raise CourseError where a learner's grade would land in another column: nbgrader does not quote."""
    for student in gradebook.students:
        for value in (student.id, student.last_name, student.first_name, student.email):
            if value and any(sign in value for sign in ',"\r\n'):
                raise CourseError(f"nbgrader's exporter cannot write {value!r}: a comma or a quote breaks its columns.")
