"""A notebook as plain data: read with every doubt about its bytes, written as nbformat writes it."""

import json
from pathlib import Path
from typing import Any

from ..errors import CourseError

Notebook = dict[str, Any]
Cell = dict[str, Any]

LARGEST = 50 * 2**20  # bytes; a chapter with all its figures has less than 5 MB


def read_notebook(path: Path) -> Notebook:
    """Read a notebook file; raises CourseError that names the file and what is wrong with it."""
    try:
        if path.is_dir():
            raise CourseError(f"{path} is a folder; name a notebook in it, a file that ends in .ipynb.")
        if path.stat().st_size > LARGEST:
            size = path.stat().st_size // 2**20
            raise CourseError(
                f"{path} has {size} MB, more than a notebook should ({LARGEST // 2**20} MB); "
                "clear its outputs (Edit → Clear Outputs of All Cells), save it, and try again."
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise CourseError(f"There is no file {path}.") from None
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}).") from None
    return parse_notebook(content, str(path))


def parse_notebook(content: bytes, name: str) -> Notebook:
    """Make a notebook of its bytes; `name` is what the CourseError calls it when it is none."""
    if not content.strip():
        raise CourseError(f"{name} is empty, so it is not a notebook.")
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError):
        raise CourseError(f"{name} is not a notebook: it is not valid JSON.") from None
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise CourseError(f"{name} is not a notebook: it is JSON, but states no nbformat.")
    if notebook["nbformat"] != 4:
        raise CourseError(
            f"{name} is in notebook format {notebook['nbformat']!r:.20}; the course uses format 4. "
            "Opening it in JupyterLab and saving it converts it."
        )
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(_is_cell(cell) for cell in cells):
        raise CourseError(f"{name} is not a notebook: its cells are damaged.")
    return notebook


def _is_cell(cell: object) -> bool:
    return (
        isinstance(cell, dict)
        and isinstance(cell.get("cell_type"), str)
        and isinstance(cell.get("metadata", {}), dict)
        and _is_text(cell.get("source"))
    )


def _is_text(text: object) -> bool:
    return isinstance(text, str) or (isinstance(text, list) and all(isinstance(line, str) for line in text))


def dump_notebook(notebook: Notebook) -> bytes:
    """Give the bytes nbformat would write: one space of indent, real characters, a newline at the end."""
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def source(cell: Cell) -> str:
    """Give a cell's text, however it is stored (one string or a list of lines)."""
    text = cell["source"]
    return text if isinstance(text, str) else "".join(text)


def set_source(cell: Cell, text: str) -> None:
    """Store a cell's text as a list of lines, as Jupyter does."""
    cell["source"] = text.splitlines(keepends=True)


def tags(cell: Cell) -> list[str]:
    """Give a cell's tags."""
    found = cell.get("metadata", {}).get("tags", [])
    return [tag for tag in found if isinstance(tag, str)] if isinstance(found, list) else []


def grading(cell: Cell) -> dict[str, Any]:
    """Give nbgrader's entry in a cell's metadata, {} when there is none."""
    found = cell.get("metadata", {}).get("nbgrader")
    return found if isinstance(found, dict) else {}


def answer_id(cell: Cell) -> str | None:
    """Give the grade_id of a cell that the learner answers in, None for every other cell."""
    entry = grading(cell)
    return str(entry["grade_id"]) if entry.get("solution") and entry.get("grade_id") else None
