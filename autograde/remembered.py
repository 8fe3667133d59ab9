"""Notebooks by their files' content: what was read or written a moment ago is not parsed again."""

from __future__ import annotations

from nbformat import NotebookNode

MOST = 32  # notebooks
MOST_BYTES = 500_000  # larger files are parsed anew each time
_notebooks: dict[bytes, NotebookNode] = {}


def remember(raw: bytes, notebook: NotebookNode) -> None:
    """Keep the notebook whose file holds `raw`. Whoever looks it up must not change it."""
    if len(raw) <= MOST_BYTES:
        while len(_notebooks) >= MOST:
            del _notebooks[next(iter(_notebooks))]
        _notebooks[raw] = notebook


def look_up(raw: bytes) -> NotebookNode | None:
    """Return the notebook whose file holds `raw`, when it is known."""
    return _notebooks.get(raw)


def take(raw: bytes) -> NotebookNode | None:
    """Return the notebook whose file holds `raw`, and forget it: from now on it is the caller's, to change at will."""
    return _notebooks.pop(raw, None)
