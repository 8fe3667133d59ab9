"""What the gradebook knows about a notebook's cells: the measure for repairing a submission."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader.api import Gradebook


@dataclass(frozen=True)
class CellRecord:
    """One graded, answered or locked cell as it was released."""

    grade_id: str
    cell_type: str
    source: str
    checksum: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float | None

    @cached_property
    def exercise(self) -> str:
        """The exercise's part of the id: "02-softmax" for its answer cells and its check cell."""
        return "-".join(self.grade_id.split("-")[:2])

    @property
    def is_check(self) -> bool:
        """True for a cell that is graded by running, and that no learner writes in."""
        return self.grade and not self.solution

    def metadata(self) -> dict[str, Any]:
        """Return the `nbgrader` metadata that the cell must carry."""
        record: dict[str, Any] = {
            "cell_type": self.cell_type,
            "checksum": self.checksum,
            "grade": self.grade,
            "grade_id": self.grade_id,
            "locked": self.locked,
            "schema_version": 3,
            "solution": self.solution,
            "task": self.task,
        }
        if self.points is not None:
            record["points"] = self.points
        return record

    def cell(self, tags: tuple[str, ...] = ()) -> NotebookNode:
        """Return the cell as it was released."""
        cell: dict[str, Any] = {
            "cell_type": self.cell_type,
            "id": self.grade_id,
            "metadata": {"nbgrader": self.metadata(), **({"tags": list(tags)} if tags else {})},
            "source": self.source,
        }
        if self.cell_type == "code":
            cell |= {"execution_count": None, "outputs": []}
        return from_dict(cell)


def records_of(db_url: str, notebook: str, assignment: str) -> list[CellRecord]:
    """Return the records of a released notebook in the order in which it was recorded."""
    with Gradebook(db_url) as gradebook:
        found = gradebook.find_notebook(notebook, assignment)
        graded = {cell.name: float(cell.max_score) for cell in found.grade_cells}
        tasks = {cell.name: float(cell.max_score) for cell in found.task_cells}
        solutions = {cell.name for cell in found.solution_cells}
        return [
            CellRecord(
                grade_id=cell.name,
                cell_type=cell.cell_type,
                source=cell.source or "",
                checksum=cell.checksum or "",
                locked=bool(cell.locked),
                grade=cell.name in graded,
                solution=cell.name in solutions,
                task=cell.name in tasks,
                points=graded.get(cell.name, tasks.get(cell.name)),
            )
            for cell in found.source_cells
        ]
