"""Submissions of which everything is as the last grading left it: they are not graded again.

A mark stands for all that a grading depends on and all that it leaves: the file and its time stamp, the chapter's
record, the conditions, this project's code, the versions below, the configuration; the graded notebook, the results,
the feedback page, and the submission's rows in the gradebook, in which a teacher may have worked. The marks lie among
the kept runs, so whoever deletes those has everything done anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from nbgrader.api import Assignment, Comment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from dlcourse_utils.errors import CourseError

from .atomic import write_text
from .course import Course
from .nbgrader_settings import COURSE_ID, RESULTS_FILE
from .one_transaction import one_transaction
from .records import CellRecord
from .results import Results
from .runs import Conditions
from .submissions import Submission

FOLDER = "graded"  # in the folder of kept runs
_PROGRAMS = ("nbgrader", "nbconvert", "nbformat", "jinja2", "matplotlib")


class Unchanged:
    """The marks of a chapter's submissions in one course folder."""

    def __init__(self, course: Course, chapter: str, runs: Path, records: Sequence[CellRecord], under: Conditions):
        self._course, self._chapter = course, chapter
        self._folder = runs / FOLDER / chapter
        common = [under.job([]), [version(name) for name in _PROGRAMS], course.config(), [repr(r) for r in records]]
        self._common = json.dumps(common, default=str, sort_keys=True).encode()

    def among(self, submissions: Sequence[Submission]) -> set[str]:
        """Return the learners whose submissions need nothing."""
        marks = {s.learner: mark for s in submissions if (mark := self._marked(s.learner))}
        if not marks:
            return set()
        with Gradebook(self._course.gradebook, COURSE_ID) as gradebook:
            return {s.learner for s in submissions if s.learner in marks and marks[s.learner] == self._of(s, gradebook)}

    def mark(self, submission: Submission) -> None:
        """Remember that this submission has just been graded. What cannot be remembered is graded again."""
        results = Results.load(self._course.autograded(submission.learner, self._chapter))
        if results is None or not results.lasting:
            return
        try:
            db_url = self._course.gradebook
            with one_transaction(db_url, COURSE_ID), Gradebook(db_url, COURSE_ID) as gradebook:
                write_text(self._folder / submission.learner, self._of(submission, gradebook))
        except (CourseError, OSError, SQLAlchemyError):
            return

    def _marked(self, learner: str) -> str:
        try:
            return (self._folder / learner).read_text(encoding="ascii")
        except (OSError, ValueError):
            return ""

    def _of(self, submission: Submission, gradebook: Gradebook) -> str:
        """Return the mark of things as they are; "" when something is missing."""
        graded = self._course.autograded(submission.learner, self._chapter)
        files = (submission.path, graded / f"{self._chapter}.ipynb", graded / RESULTS_FILE,
                 self._course.feedback(submission.learner, self._chapter))  # fmt: skip
        try:
            contents = [path.read_bytes() for path in files]
            stamp = submission.path.with_name("timestamp.txt")
            contents.append(stamp.read_bytes() if stamp.is_file() else b"")
        except OSError:
            return ""
        digest = hashlib.sha256()
        for content in (self._common, *contents, repr(self._rows(submission.learner, gradebook)).encode()):
            digest.update(len(content).to_bytes(8, "little"))
            digest.update(content)
        return digest.hexdigest()

    def _rows(self, learner: str, gradebook: Gradebook) -> list[list[tuple[object, ...]]]:
        """Return what the gradebook says about a submission: what it was given, by whom, and when it was due."""
        mine = (Assignment.name == self._chapter, SubmittedAssignment.student_id == learner)
        grade, comment = Grade.__table__.c, Comment.__table__.c
        submitted = [SubmittedAssignment.id, SubmittedAssignment.timestamp, SubmittedAssignment.extension,
                     SubmittedNotebook.late_submission_penalty, Assignment.duedate]  # fmt: skip
        asked = (
            select(*submitted).select_from(SubmittedNotebook),
            select(*grade).select_from(Grade).join(SubmittedNotebook, SubmittedNotebook.id == grade.notebook_id),
            select(*comment).select_from(Comment).join(SubmittedNotebook, SubmittedNotebook.id == comment.notebook_id),
        )
        joined = [
            query.join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .where(*mine)
            for query in asked
        ]
        return [sorted(map(tuple, gradebook.db.execute(query)), key=repr) for query in joined]
