"""Run a released notebook as it is, nothing solved, and read it as stock nbgrader would."""

from __future__ import annotations

import contextlib
import copy
import os
from collections.abc import Iterator

from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade, is_grade, is_solution

from .course import REPOSITORY

CELL_SECONDS = 150  # an illustration may take this long


def executed(notebook: NotebookNode, mode: str = "autograde") -> NotebookNode:
    """Return a copy run top to bottom in a real kernel by nbgrader's own Execute."""
    runner = Execute(timeout=CELL_SECONDS)
    paths = [str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])]  # a checkout that is not installed
    with _environment(NBGRADER_EXECUTION=mode, PYTHONPATH=os.pathsep.join(paths)):
        result, _ = runner.preprocess(copy.deepcopy(notebook), {"metadata": {}})
    return result


def unsolved_problems(name: str, notebook: NotebookNode) -> Iterator[str]:
    """Yield tracebacks and points that are free: both must not happen when nothing is solved."""
    for cell in executed(notebook).cells:
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"{name}: with nothing solved the cell {cell.id!r} shows a traceback ({output.ename})."
        if is_grade(cell) and not is_solution(cell):
            score, _ = determine_grade(cell)
            if score:
                yield f"{name}: with nothing solved the check cell {cell.id!r} scores {score:g} points."


@contextlib.contextmanager
def _environment(**values: str) -> Iterator[None]:
    """Set variables for the kernel that starts meanwhile. (nbgrader's own `setenv` deletes them afterwards.)"""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
