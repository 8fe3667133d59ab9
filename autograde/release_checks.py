"""What must hold for a released notebook before a learner sees it; each breach is one sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from .build import Built

MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "BEGIN MARK SCHEME")
TELLING = 30  # characters from which a line of a solution is no coincidence
_REGION = re.compile(r"^[^\n]*BEGIN SOLUTION[^\n]*\n(.*?)^[^\n]*END SOLUTION", re.DOTALL | re.MULTILINE)


class HasCheck(Protocol):
    """The part of an exercise that its check cell must agree with."""

    @property
    def id(self) -> str: ...
    @property
    def objects(self) -> tuple[str, ...]: ...
    @property
    def points(self) -> float: ...


Exercises = Callable[[str], Sequence[HasCheck]]  # "02" → the chapter's exercises


def check_line(exercise: HasCheck) -> str:
    """Return the one line that the exercise's check cell holds."""
    return f'check("{exercise.id}", {", ".join(exercise.objects)})'


def grade_id(exercise: HasCheck) -> str:
    """Return the id of the exercise's check cell; nbgrader allows no dot in it."""
    return exercise.id.replace(".", "-") + "-check"


def static_problems(
    built: Sequence[Built], released: Path, exercises: Exercises, complete: bool = True
) -> Iterator[str]:
    """Yield every problem that can be seen without running anything; `complete`: `built` is the whole course."""
    yield from drift(built, released)
    if complete:
        yield from strangers(built, released)
    for item in built:
        notebook = item.notebook()
        yield from leaks(item)
        yield from untidy(item.name, notebook)
        if item.is_chapter:
            yield from disagreements(item.name, notebook, exercises(item.name[:2]))


def drift(built: Sequence[Built], released: Path) -> Iterator[str]:
    """Yield where `released` differs from a fresh build."""
    expected = {released / item.path: item for item in built}
    for path, item in expected.items():
        if not path.is_file():
            yield f"{path} is missing; run `make notebooks`."
        elif path.read_bytes() != item.released:
            yield f"{path} differs from what solutions/{item.name}.py gives; run `make notebooks`."


def strangers(built: Sequence[Built], released: Path) -> Iterator[str]:
    """Yield files in `released` that come from no text, and files that may hold answers."""
    expected = {released / item.path for item in built}
    for path in sorted(released.rglob("*.ipynb")):
        if path not in expected and ".ipynb_checkpoints" not in path.parts:
            yield f"{path} comes from no text in solutions/; delete it or add its text."
    for path in sorted(released.rglob("*.py")):
        yield f"{path} is a Python file among the released notebooks; it may hold answers."


def leaks(item: Built) -> Iterator[str]:
    """Yield solution text that is still in the released notebook."""
    notebook = item.notebook()
    everything = "\n".join(cell.source for cell in notebook.cells)
    for marker in MARKERS:
        if marker in everything:
            yield f"{item.name}: the released notebook still holds the marker {marker!r}."
    for line in sorted(solution_lines(item.source) & _lines(everything)):
        yield f"{item.name}: this line of a solution is in the released notebook: {line!r}."


def solution_lines(source: NotebookNode) -> set[str]:
    """Return the telling lines of all solution regions, spaces normalised.

    A line that the same cell shows outside its solution, as an example to follow, is given and tells nothing.
    """
    lines: set[str] = set()
    for cell in source.cells:
        hidden = _lines("\n".join(_REGION.findall(cell.source)))
        lines |= hidden - _lines(_REGION.sub("", cell.source))
    return {line for line in lines if len(line) >= TELLING and not line.startswith("#")}


def _lines(text: str) -> set[str]:
    return {" ".join(line.split()) for line in text.splitlines()}


def untidy(name: str, notebook: NotebookNode) -> Iterator[str]:
    """Yield duplicate ids and stored outputs."""
    ids = Counter(cell.id for cell in notebook.cells)
    ids.update(str(c.metadata.nbgrader.grade_id) for c in notebook.cells if "nbgrader" in c.metadata
               and c.metadata.nbgrader.grade_id != c.id)
    for duplicate in sorted(i for i, count in ids.items() if count > 1):
        yield f"{name}: the id {duplicate!r} is used more than once."
    for cell in notebook.cells:
        if cell.get("outputs") or cell.get("execution_count"):
            yield f"{name}: the cell {cell.id!r} carries outputs."


def disagreements(name: str, notebook: NotebookNode, exercises: Sequence[HasCheck]) -> Iterator[str]:
    """Yield where the notebook's check cells and the engine's exercises do not tell the same story."""
    cells = {str(c.metadata.nbgrader.grade_id): c for c in notebook.cells if is_grade(c) and not is_solution(c)}
    answers = {str(c.metadata.nbgrader.grade_id) for c in notebook.cells if is_solution(c)}
    known = {grade_id(exercise): exercise for exercise in exercises}
    for cell_id in sorted(set(cells) - set(known)):
        yield f"{name}: the check cell {cell_id!r} belongs to no exercise of the engine."
    for cell_id, exercise in known.items():
        cell = cells.get(cell_id)
        if cell is None:
            yield f"{name}: the exercise {exercise.id} has no check cell {cell_id!r}."
            continue
        if float(cell.metadata.nbgrader.points) != float(exercise.points):
            yield (f"{name}: the check cell {cell_id!r} is worth {cell.metadata.nbgrader.points:g} points, "
                   f"its exercise {exercise.points:g}.")
        if cell.source.strip() != check_line(exercise):
            yield f"{name}: the check cell {cell_id!r} must hold exactly `{check_line(exercise)}`."
        if cell_id.removesuffix("-check") not in answers:
            yield f"{name}: the exercise {exercise.id} has no answer cell {cell_id.removesuffix('-check')!r}."
