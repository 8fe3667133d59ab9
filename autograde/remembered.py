"""Notebooks by their files' content: what was read or written a moment ago is not parsed again."""

from __future__ import annotations

from nbformat import NotebookNode

MOST = 32  # notebooks
MOST_BYTES = 500_000  # larger files are parsed anew each time


class Remembered:
    """The last few notebooks of one kind, such as what the intake has let in, without outputs."""

    def __init__(self) -> None:
        self._notebooks: dict[bytes, NotebookNode] = {}

    def keep(self, raw: bytes, notebook: NotebookNode) -> None:
        """Keep the notebook whose file holds `raw`; from now on nobody changes it."""
        if len(raw) <= MOST_BYTES:
            while len(self._notebooks) >= MOST:
                del self._notebooks[next(iter(self._notebooks))]
            self._notebooks[raw] = NotebookNode(notebook)

    def look_up(self, raw: bytes) -> NotebookNode | None:
        """Return the notebook whose file holds `raw`, when it is known."""
        return self._notebooks.get(raw)

    def take(self, raw: bytes) -> NotebookNode | None:
        """Return the notebook whose file holds `raw`, and forget it: it is the caller's, to change at will."""
        return self._notebooks.pop(raw, None)


let_in = Remembered()  # by the intake, or written by the pass that puts a submission in order: no outputs
graded = Remembered()  # written by the pass that grades, for the feedback page alone
