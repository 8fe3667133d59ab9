"""One picture of the gallery: the lines that make it, and what is said beside it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entry:
    """`setup` runs first and is shown folded; `code` is what it takes, and its last line is the picture.

    moved: the state in which a widget is photographed. chapter: where the course uses it. read, cures: for widgets;
    a visual brings its own.
    """

    name: str
    title: str
    code: str
    setup: str = ""
    moved: dict[str, Any] | None = None
    chapter: str = ""
    read: str = ""
    cures: str = ""

    def run(self) -> Any:
        """Run setup and code; return what the last line gives."""
        scope: dict[str, Any] = {"__name__": "gallery"}
        exec(compile(self.setup, f"<setup of {self.name}>", "exec"), scope)
        *first, last = self.code.strip().split("\n")
        exec(compile("\n".join(first), f"<{self.name}>", "exec"), scope)
        return eval(compile(last, f"<{self.name}>", "eval"), scope)


def cured(view: Any) -> str:
    """Return the misconception that a visual cures, from its docstring."""
    text = inspect.getdoc(type(view)) or ""
    part = text.partition("Cures: ")[2].split("\n\n")[0].split("\nSource:")[0]
    return " ".join(part.split())
