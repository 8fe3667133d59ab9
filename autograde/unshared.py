"""A notebook that nobody else holds: nbconvert copies each one three times to be safe, which here is for nothing."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode


class Unshared(NotebookNode):
    """A notebook that was read for one conversion, and that the conversion may change; `copy.deepcopy` returns it."""

    def __deepcopy__(self, memo: Any) -> Unshared:
        return self
