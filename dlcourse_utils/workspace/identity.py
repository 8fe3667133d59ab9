"""When two files are the same to a learner.

JupyterLab writes its own version of a notebook as soon as it saves one that was only opened: the kernel's version in
the metadata, other white space, jupytext's version at the head of a .py. That is no change of the learner's.
Any text, output, tag or attachment is.
"""

import hashlib
import json
import re

from ..errors import CourseError
from .notebook import Cell, parse_notebook, source

# cell metadata that says how a cell looked, not what it is
LAB_ONLY = ("trusted", "scrolled", "collapsed", "execution", "jp-MarkdownHeadingCollapsed")
FRONT_MATTER = re.compile(rb"\A# ---\n(?:#.*\n)*?# ---\n")  # jupytext's own lines above a .py


def digest(content: bytes) -> str:
    """SHA-256 in hex: the name under which a delivered file is remembered."""
    return hashlib.sha256(content).hexdigest()


def identity(content: bytes) -> str:
    """Equal for two files that a learner would call the same: a notebook's by its cells, a text's by its bytes."""
    try:
        notebook = parse_notebook(content, "")
    except CourseError:
        return digest(FRONT_MATTER.sub(b"", content))
    cells = [_essence(cell) for cell in notebook["cells"]]
    return digest(json.dumps(cells, sort_keys=True).encode())


def _essence(cell: Cell) -> Cell:
    kept = {key: value for key, value in cell.items() if key not in ("id", "source", "metadata")}
    metadata = {key: value for key, value in cell.get("metadata", {}).items() if key not in LAB_ONLY}
    return {**kept, "source": source(cell), "metadata": metadata}
