"""A gradebook that borrows another one's session, and asks once for what nbgrader looks up cell by cell."""

from __future__ import annotations

from types import TracebackType
from typing import TypeVar

from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    SolutionCell,
    SourceCell,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy.orm import Query, undefer

Key = tuple[str, ...]
T = TypeVar("T")


class Borrowed(Gradebook):
    """Lives as long as one of nbgrader's steps, which adds no cells, grades or comments to a notebook."""

    def borrow(self, lender: Gradebook, course_id: str) -> None:
        """Take over the session of `lender`; stands for __init__."""
        self.engine, self.db, self.authenticator, self.course_id = lender.engine, lender.db, None, course_id
        known = lender.__dict__.setdefault("courses_checked", {lender.course_id})
        if course_id not in known:
            self.check_course(course_id=course_id)
            known.add(course_id)
        self._cells: dict[Key, dict[str, SourceCell]] = {}
        self._graded: dict[Key, dict[str, GradeCell | TaskCell]] = {}
        self._grades: dict[Key, dict[str, Grade]] = {}
        self._comments: dict[Key, dict[str, Comment]] = {}

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what was changed, unless it failed."""
        if kind is None:
            self.db.flush()
        self.close()

    def close(self) -> None:
        """Leave the session open; let whoever comes next read again."""
        self.db.expire_all()

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> SourceCell:
        """Return a cell's record. Raises MissingEntry."""
        key = (notebook, assignment)
        if key not in self._cells:
            self._cells[key] = {cell.name: cell for cell in self.find_notebook(notebook, assignment).source_cells}
        return _found(self._cells[key], name, *key)

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> GradeCell | TaskCell:
        """Return the record of a cell with points. Raises MissingEntry."""
        key = (notebook, assignment)
        if key not in self._graded:
            found = self.find_notebook(notebook, assignment)
            self._graded[key] = {cell.name: cell for cell in [*found.task_cells, *found.grade_cells]}
        return _found(self._graded[key], name, *key)

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Grade:
        """Return a learner's grade for a cell. Raises MissingEntry."""
        key = (notebook, assignment, student)
        if key not in self._grades:
            rows = self._of(Grade, (TaskCell, GradeCell), key).options(undefer(Grade.max_score))
            self._grades[key] = {name: grade for grade, name in rows}
        return _found(self._grades[key], grade_cell, *key)

    def find_comment(self, solution_cell: str, notebook: str, assignment: str, student: str) -> Comment:
        """Return the comment on a learner's cell. Raises MissingEntry."""
        key = (notebook, assignment, student)
        if key not in self._comments:
            self._comments[key] = {name: comment for comment, name in self._of(Comment, (TaskCell, SolutionCell), key)}
        return _found(self._comments[key], solution_cell, *key)

    def _of(self, kind: type[Grade] | type[Comment], cells: tuple[type[BaseCell], ...], key: Key) -> Query:
        """Return the query for all grades, or comments, of a submitted notebook, with their cells' names."""
        submitted: SubmittedNotebook = self.find_submission_notebook(*key)
        types = [cell.__name__ for cell in cells]
        return (
            self.db.query(kind, BaseCell.name)
            .join(BaseCell, BaseCell.id == kind.cell_id)
            .filter(kind.notebook_id == submitted.id, BaseCell.type.in_(types))
        )


def _found(known: dict[str, T], name: str, *where: str) -> T:
    if name not in known:
        raise MissingEntry(f"There is no {name!r} in {'/'.join(where)}.")
    return known[name]
