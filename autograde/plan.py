"""What a submission asks to be run: its cells as steps, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from dlcourse_utils.checks import Exercise

Find = Callable[[str], "Exercise | None"]  # "02-softmax-check" → the exercise, or None for a teacher's own test cell


@dataclass(frozen=True)
class Step:
    """One cell. With an `exercise` its code is never run: a probe runs on the exercise's objects instead."""

    index: int  # of the cell in the notebook
    source: str
    cell_id: str = ""
    exercise: Exercise | None = None
    defines_without: tuple[str, ...] | None = None  # run only its definitions, less these names (see `verify`)


def find_exercise(grade_id: str) -> Exercise | None:
    """Return the exercise whose check cell carries `grade_id`, or None."""
    from dlcourse_utils.checks import registry
    from dlcourse_utils.errors import CourseError

    if not grade_id.endswith("-check"):
        return None
    try:
        return registry.get(grade_id.removesuffix("-check").replace("-", ".", 1))
    except CourseError:
        return None


def is_check(cell: NotebookNode) -> bool:
    """Return whether the cell is a check cell in nbgrader's records."""
    return bool(is_grade(cell) and not is_solution(cell) and cell.cell_type == "code")


def grade_id_of(cell: NotebookNode) -> str:
    """Return a cell's id in nbgrader's records, or ""."""
    record = cell.metadata.get("nbgrader")
    return str(record.get("grade_id", "")) if isinstance(record, dict) else ""


def plan_of(notebook: NotebookNode, find: Find = find_exercise) -> list[Step]:
    """Return the steps. Left out: text, illustrations (tag `demo`), and cells put back because they were deleted."""
    steps = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        exercise = find(grade_id_of(cell)) if is_check(cell) else None
        tags = cell.metadata.get("tags") or []
        if exercise is None and ("demo" in tags or "restored" in tags or not cell.source.strip()):
            continue
        steps.append(Step(index, cell.source, grade_id_of(cell), exercise))
    return steps
