"""A small class of submissions for one chapter, each named by what it shows, made from the chapter's own text."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from dlcourse_utils.checks import Exercise

from .atomic import write_bytes
from .attempts import answer_source
from .build import Built
from .plan import find_exercise, grade_id_of, is_check
from .release_checks import grade_id
from .texts import to_bytes

MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")
CRASH = "def {name}(*args, **kwargs):\n    import os\n    os._exit(1)\n"
LOOP = "def {name}(*args, **kwargs):\n    while True:\n        pass\n"


def write_class(built: Built, folder: Path) -> list[str]:
    """Write the class of a built chapter into `folder` in nbgrader's layout; return the learners' names, sorted."""
    names = []
    for learner, content in submissions(built):
        write_bytes(folder / learner / built.name / f"{built.name}.ipynb", content)
        names.append(learner)
    return sorted(names)


def submissions(built: Built) -> Iterator[tuple[str, bytes]]:
    """Yield (learner, file content) for every member of the class."""
    exercises = exercises_of(built)
    everything = solved(built, exercises)
    yield "full_marks", to_bytes(everything)
    yield "untouched", built.released
    yield "half_done", to_bytes(solved(built, exercises[: len(exercises) // 2]))
    for exercise, mistake in _named_mistakes(exercises):
        name = f"mistake_{exercise.id.partition('.')[2]}_{mistake.__name__}"
        yield name, to_bytes(with_answer(everything, exercise, answer_source(exercise, mistake)))
    victim = exercises[min(1, len(exercises) - 1)]
    for name, template in (("crash", CRASH), ("endless_loop", LOOP)):
        answer = "\n".join(template.format(name=part) for part in victim.objects)
        yield name, to_bytes(with_answer(everything, victim, answer))
    yield "deleted_check", to_bytes(_edited(everything, grade_id(victim), lambda cell: []))
    yield "duplicated_check", to_bytes(_edited(everything, grade_id(victim), lambda cell: [cell, _twin(cell)]))
    answer_id = grade_id(victim).removesuffix("-check")
    yield "duplicated_answer", to_bytes(_edited(everything, answer_id, lambda cell: [cell, _twin(cell)]))
    yield "not_json", b"PK\x03\x04 this was a zip file once"
    yield "wrong_nbformat", json.dumps({**json.loads(built.released), "nbformat": 9}).encode()
    yield "empty_file", b""


def exercises_of(built: Built) -> list[Exercise]:
    """Return the exercises of a built chapter, in its order."""
    return [e for c in built.notebook().cells if is_check(c) and (e := find_exercise(grade_id_of(c))) is not None]


def solved(built: Built, exercises: Sequence[Exercise]) -> NotebookNode:
    """Return the released notebook with the given exercises answered as in the chapter's text."""
    solutions = {grade_id_of(cell): cell.source for cell in built.source.cells}
    wanted = {exercise.id.replace(".", "-") for exercise in exercises}
    notebook = built.notebook()
    for cell in notebook.cells:
        cell_id = grade_id_of(cell)
        if "-".join(cell_id.split("-")[:2]) in wanted and not is_check(cell):
            lines = solutions[cell_id].splitlines()
            cell.source = "\n".join(line for line in lines if line.strip() not in MARKERS)
    return notebook


def _named_mistakes(exercises: Sequence[Exercise]) -> list[tuple[Exercise, Any]]:
    """Return three known mistakes of three exercises, spread over the chapter."""
    having = [exercise for exercise in exercises if exercise.mistakes]
    spread = [having[i * (len(having) - 1) // 2] for i in range(3)] if len(having) > 2 else having
    return [(exercise, exercise.mistakes[0]) for exercise in spread]


def with_answer(notebook: NotebookNode, exercise: Exercise, answer: str) -> NotebookNode:
    """Return the notebook with the exercise's answer replaced; further answer cells of it are emptied."""
    first = exercise.id.replace(".", "-")
    changed = copy.deepcopy(notebook)
    for cell in changed.cells:
        cell_id = grade_id_of(cell)
        if cell_id == first:
            cell.source = answer
        elif cell_id.startswith(f"{first}-") and not is_check(cell):
            cell.source = ""
    return changed


def _edited(
    notebook: NotebookNode, cell_id: str, edit: Callable[[NotebookNode], list[NotebookNode]]
) -> NotebookNode:
    changed = copy.deepcopy(notebook)
    changed.cells = [new for cell in changed.cells for new in (edit(cell) if grade_id_of(cell) == cell_id else [cell])]
    return changed


def _twin(cell: NotebookNode) -> NotebookNode:
    twin = copy.deepcopy(cell)
    twin.id = f"{cell.id}-copy"[:64]
    return twin
