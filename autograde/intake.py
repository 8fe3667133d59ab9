"""Read a submission's file with suspicion: size, then JSON, then nbformat, and one sentence when it is none."""

from __future__ import annotations

import copy
import json
import os
import stat
import warnings
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from dlcourse_utils.errors import CourseError

from .remembered import let_in

MAX_BYTES = 20 * 2**20
MAX_CELLS = 2_000
MAX_CELL_CHARACTERS = 1_000_000
MAX_DEPTH = 64  # of lists and dicts within each other; a real notebook has about 10


class RejectedError(CourseError):
    """The file is no notebook that can be graded; the message says why in one sentence."""


def read_notebook(path: Path, max_bytes: int = MAX_BYTES) -> NotebookNode:
    """Return the notebook at `path` with valid structure. Raises RejectedError with the reason."""
    return copy.deepcopy(_parsed(_read(path, max_bytes)))


def require_notebook(path: Path, max_bytes: int = MAX_BYTES) -> None:
    """Raise RejectedError with the reason when `path` is no notebook that can be graded."""
    _parsed(_read(path, max_bytes))


def take_notebook(path: Path, max_bytes: int = MAX_BYTES) -> NotebookNode:
    """Return what `read_notebook` returns, for the last time: it is no longer remembered, so it needs no copy."""
    raw = _read(path, max_bytes)
    return let_in.take(raw) or notebook_from(raw)


def _parsed(raw: bytes) -> NotebookNode:
    """Return the notebook; a submission is read when it is run ahead, when it is collected and when it is graded."""
    found = let_in.look_up(raw)
    if found is None:
        found = notebook_from(raw)
        let_in.keep(raw, found)
    return found


def notebook_from(raw: bytes) -> NotebookNode:
    """Return the notebook in `raw`. Raises RejectedError with the reason."""
    if not raw.strip():
        raise RejectedError("The file is empty.")
    try:
        tree = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError) as error:
        raise RejectedError("The file is not JSON, so it is no notebook.") from error
    except RecursionError as error:
        raise RejectedError("The file's JSON is nested too deeply.") from error
    version = tree.get("nbformat") if isinstance(tree, dict) else None
    if version is None:
        raise RejectedError("The file is JSON but no notebook: it names no nbformat.")
    if version not in (3, 4):
        raise RejectedError(f"The notebook has nbformat {str(version)[:20]}; only 4 (and 3) can be read.")
    _count_cells(tree)
    return _validated(tree)


def _count_cells(tree: dict[str, Any]) -> None:
    """Count before nbformat looks at every cell; take the outputs out, as no score comes from what was handed in."""
    sheets = tree.get("worksheets") if tree.get("nbformat") == 3 else [tree]
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)] if isinstance(sheets, list) else []
    cells = [cell for found in lists if isinstance(found, list) for cell in found]
    if len(cells) > MAX_CELLS:
        raise RejectedError(f"The notebook has {len(cells):,} cells; at most {MAX_CELLS:,} are graded.")
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            cell["outputs"] = []


def _validated(tree: dict[str, Any]) -> NotebookNode:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # missing cell ids are filled in
            read = nbformat.reader.reads(json.dumps(_without_surrogates(tree)))
            notebook = nbformat.convert(read, to_version=4)
            _, notebook = nbformat.validator.normalize(notebook, strip_invalid_metadata=True)
            nbformat.validate(notebook)
    except RecursionError as error:
        raise RejectedError("The file's JSON is nested too deeply.") from error
    except Exception as error:  # nbformat raises many kinds, for many reasons
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise RejectedError(f"The notebook's structure is not valid: {reason}") from error
    if any(len(cell.source) > MAX_CELL_CHARACTERS for cell in notebook.cells):
        raise RejectedError(f"A cell of the notebook is longer than {MAX_CELL_CHARACTERS:,} characters.")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def _read(path: Path, max_bytes: int) -> bytes:
    try:
        with open(path, "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise RejectedError("It is not an ordinary file.")
            if found.st_size > max_bytes:
                size, most = found.st_size / 2**20, max_bytes / 2**20
                raise RejectedError(f"The file is {size:,.0f} MB; at most {most:g} MB are read.")
            return file.read(max_bytes + 1)
    except OSError as error:
        raise RejectedError(f"The file cannot be read: {error.strerror or type(error).__name__}.") from error


def _without_surrogates(value: Any, depth: int = 0) -> Any:
    """Return the JSON tree with lone surrogates replaced: they can be written to no file."""
    if depth > MAX_DEPTH:  # what comes after the intake copies and walks the tree in ways of its own
        raise RecursionError
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_without_surrogates(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item, depth + 1) for key, item in value.items()}
    return value
