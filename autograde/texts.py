"""The hand-edited texts in `solutions/` as notebooks that are the same to the byte on every machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode

from dlcourse_utils.errors import CourseError, did_you_mean

# Without version numbers, so that the Python that builds does not show in the result.
METADATA: dict[str, Any] = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
_KEPT = ("nbgrader", "tags", "jupyter", "editable", "deletable")  # all other cell metadata is an editor's residue
_CHAPTER = re.compile(r"\d\d_[a-z0-9_]+")
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def chapters(solutions: Path) -> list[str]:
    """Return the chapter ids found in `solutions`, in order: the stems of its NN_slug.py files."""
    if not solutions.is_dir():
        raise CourseError(f"There is no folder {solutions} with the chapters' texts.")
    return sorted(p.stem for p in solutions.glob("*.py") if _CHAPTER.fullmatch(p.stem))


def pages(solutions: Path) -> list[str]:
    """Return the stems of the texts that are no chapter, such as the welcome page."""
    return sorted(p.stem for p in solutions.glob("*.py") if not _CHAPTER.fullmatch(p.stem) and p.stem[0] not in "_.")


def find_chapter(name: str, solutions: Path) -> str:
    """Return the chapter id for "02", "2" or "02_neurons_and_losses". Raises CourseError with the nearest names."""
    known = chapters(solutions)
    wanted = name.strip().rstrip("/")
    if wanted in known:
        return wanted
    number = wanted.zfill(2) if wanted.isdigit() else wanted
    matches = [chapter for chapter in known if chapter.startswith(f"{number}_")]
    if len(matches) == 1:
        return matches[0]
    raise CourseError(f"There is no chapter {name!r}.{did_you_mean(wanted, known)}")


def read_text(path: Path) -> NotebookNode:
    """Return the text at `path` (jupytext py:percent) as a normalised notebook, solutions included."""
    try:
        notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise CourseError(f"{path} cannot be read as a jupytext py:percent text: {error}") from error
    return normalise(notebook)


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook with fixed metadata and with ids that follow from the grade_id or the position."""
    cells = []
    for position, cell in enumerate(notebook.cells, start=1):
        metadata = {key: cell.metadata[key] for key in _KEPT if key in cell.metadata}
        grade_id = str(metadata.get("nbgrader", {}).get("grade_id", ""))
        fresh = {
            "cell_type": cell.cell_type,
            "id": grade_id if _CELL_ID.fullmatch(grade_id) else f"cell-{position:03d}",
            "metadata": metadata,
            "source": cell.source,
        }
        if cell.cell_type == "code":
            fresh |= {"execution_count": None, "outputs": []}
        cells.append(fresh)
    return nbformat.from_dict({"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5})


def to_bytes(notebook: NotebookNode) -> bytes:
    """Return the notebook file's content: sorted keys, one space of indent, a newline at the end."""
    return (nbformat.writes(notebook).rstrip("\n") + "\n").encode("utf-8")
