"""A gradebook that borrows another one's session, and asks once for what nbgrader looks up cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, TypeVar

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    SolutionCell,
    SourceCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy.orm import Query, selectin_polymorphic, selectinload, undefer

OF_A_SUBMISSION = (Student, SubmittedAssignment, SubmittedNotebook, Grade, Comment)
Key = tuple[str, ...]
T = TypeVar("T")


@dataclass
class Lent:
    """An open gradebook, and what is known of the chapter, which stays as it is while submissions are graded."""

    gradebook: Gradebook
    written: bool = False  # since somebody read: sums over what was written are others now
    courses: set[str] = field(default_factory=set)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    notebooks: dict[Key, Notebook] = field(default_factory=dict)
    source_cells: dict[Key, dict[str, SourceCell]] = field(default_factory=dict)
    graded_cells: dict[Key, dict[str, GradeCell | TaskCell]] = field(default_factory=dict)

    def was_written(self, *_: Any) -> None:
        """Called when something goes to the database."""
        self.written = True


class Borrowed(Gradebook):
    """Lives as long as one of nbgrader's steps, which adds no cells, grades or comments to a notebook."""

    def borrow(self, lender: Lent, course_id: str) -> None:
        """Take over the session of `lender`; stands for __init__."""
        self.engine, self.db, self.authenticator = lender.gradebook.engine, lender.gradebook.db, None
        self.course_id, self._lender = course_id, lender
        if course_id not in lender.courses:
            self.check_course(course_id=course_id)
            lender.courses.add(course_id)
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
        """Leave the session open; let whoever comes next read again what may have changed."""
        if self._lender.written:
            for row in self.db:
                if isinstance(row, OF_A_SUBMISSION):
                    self.db.expire(row)
            self._lender.written = False

    def find_assignment(self, name: str) -> Assignment:
        """Return an assignment's record. Raises MissingEntry."""
        known = self._lender.assignments
        if name not in known:
            known[name] = super().find_assignment(name)
        return known[name]

    def find_notebook(self, name: str, assignment: str) -> Notebook:
        """Return a notebook's record, with all of its cells. Raises MissingEntry."""
        known = self._lender.notebooks
        if (name, assignment) not in known:
            found = known[name, assignment] = super().find_notebook(name, assignment)
            self._read_cells(found)
        return known[name, assignment]

    def _read_cells(self, notebook: Notebook) -> None:
        """Ask at once for what nbgrader would ask cell by cell."""
        kinds = selectin_polymorphic(BaseCell, [GradeCell, SolutionCell, TaskCell])
        cells = (selectinload(Notebook._base_cells).options(kinds), selectinload(Notebook.source_cells))
        self.db.query(Notebook).filter(Notebook.id == notebook.id).options(*cells).populate_existing().one()

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> SourceCell:
        """Return a cell's record. Raises MissingEntry."""
        known, key = self._lender.source_cells, (notebook, assignment)
        if key not in known:
            known[key] = {cell.name: cell for cell in self.find_notebook(*key).source_cells}
        return _found(known[key], name, *key)

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> GradeCell | TaskCell:
        """Return the record of a cell with points. Raises MissingEntry."""
        known, key = self._lender.graded_cells, (notebook, assignment)
        if key not in known:
            found = self.find_notebook(*key)
            known[key] = {cell.name: cell for cell in [*found.task_cells, *found.grade_cells]}
        return _found(known[key], name, *key)

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
