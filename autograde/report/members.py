"""Everybody of a graded class as grading left them: gradebook, results, graded notebook and notes, read once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment
from sqlalchemy.engine import make_url

from dlcourse_utils.errors import CourseError

from ..course import Course
from ..grades import Grade
from ..nbgrader_settings import COURSE_ID
from ..notes import notes_of
from ..results import Results


@dataclass(frozen=True)
class Member:
    """One learner. points: what the gradebook says after a person's marks and a late penalty; None: nothing is graded.

    note: why the whole submission could not be graded. held: points that the gradebook has for them all the same.
    answers: the source of the answer cells by exercise id. names: what must not show where the learner is not named.
    seconds: wall time that the submission's own cells and checks ran.
    """

    learner: str
    points: float | None = None
    max: float = 0.0
    grades: Mapping[str, Grade] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    note: str = ""
    seconds: float | None = None
    penalty: float = 0.0
    held: float = 0.0
    needs_a_person: bool = False
    feedback: Path | None = None


@dataclass(frozen=True)
class Class:
    """The members, sorted by name, and how many learners of the gradebook have handed in nothing."""

    members: tuple[Member, ...]
    missing: int


def read_class(course: Course, chapter: str) -> Class:
    """Return the class of a chapter. Raises CourseError when nothing of it has been graded in this course folder."""
    notes = notes_of(course.root, chapter)
    members = {learner: Member(learner, names=_names(learner), note=note) for learner, note in notes.items()}
    known: set[str] = set()
    if _gradebook_is_there(course):
        with Gradebook(course.gradebook, COURSE_ID) as gradebook:
            known = {str(student.id) for student in gradebook.students}
            for member in _graded(gradebook, course, chapter, notes):
                members[member.learner] = member
    if not members:
        raise CourseError(f"Nothing of {chapter} is graded in {course.root}: run `dlcourse grade {chapter}` first.")
    return Class(tuple(members[name] for name in sorted(members)), len(known - set(members)))


def _gradebook_is_there(course: Course) -> bool:
    """Whether there is a gradebook: nbgrader would make an empty one."""
    url = make_url(course.gradebook)
    return url.get_backend_name() != "sqlite" or bool(url.database and Path(url.database).is_file())


def _graded(gradebook: Gradebook, course: Course, chapter: str, notes: Mapping[str, str]) -> Iterator[Member]:
    try:
        assignment = gradebook.find_assignment(chapter)
    except MissingEntry:
        return
    for submission in assignment.submissions:
        learner = str(submission.student_id)
        yield _member(submission, float(assignment.max_score), course, chapter, notes.get(learner, ""))


def _member(submission: SubmittedAssignment, most: float, course: Course, chapter: str, note: str) -> Member:
    student = submission.student
    names = _names(student.id, student.first_name, student.last_name, student.email)
    penalty = float(submission.late_submission_penalty or 0.0)
    points = round(max(0.0, float(submission.score) - penalty), 6)
    if note:  # what lies there is of an earlier file
        return Member(str(student.id), max=most, names=names, note=note, held=points)
    folder = course.autograded(student.id, chapter)
    results = Results.load(folder)
    grades = {grade.exercise_id: grade for grade in results.grades} if results else {}
    nothing = bool(grades) and all(grade.status == "not_graded" for grade in grades.values())
    feedback = course.feedback(student.id, chapter)
    return Member(
        learner=str(student.id),
        points=None if nothing else points,
        max=most,
        grades=grades,
        answers=_answers(folder / f"{chapter}.ipynb"),
        names=names,
        seconds=results.seconds if results else None,
        penalty=penalty,
        needs_a_person=bool(submission.needs_manual_grade),
        feedback=feedback if feedback.is_file() else None,
    )


def _answers(path: Path) -> dict[str, str]:
    """Return the code of the answer cells by exercise id, "02.softmax"; several cells of one exercise are joined."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return {}
    answers: dict[str, list[str]] = {}
    for cell in cells:
        record = cell.get("metadata", {}).get("nbgrader", {})
        if cell.get("cell_type") == "code" and record.get("solution") and not record.get("grade"):
            number, _, rest = str(record.get("grade_id", "")).partition("-")
            source = cell.get("source", "")
            source = source if isinstance(source, str) else "".join(source)
            answers.setdefault(f"{number}.{rest.partition('-')[0]}", []).append(source.strip("\n"))
    return {exercise: "\n\n".join(filter(None, sources)) for exercise, sources in answers.items()}


def _names(*known: str | None) -> tuple[str, ...]:
    """Return the names and their parts: "lovelace.ada" also stands as "lovelace" and "ada"."""
    whole = [name for name in known if name]
    parts = [part for name in whole for part in re.split(r"[\W\d_]+", name) if len(part) > 2]
    return tuple(dict.fromkeys([*whole, *parts]))
