"""How far a learner is: kept on their machine, shown on the welcome page and by `dlcourse progress`.

chapters.py    the facts of each chapter: the one place for them
place.py       where the file is kept
lock.py        one writer at a time
book.py        what is kept, as data: from JSON and back, and how a result joins it
store.py       the file itself: read, changed, damaged, newer, read-only
recording.py   what a check hands over
standing.py    how each chapter stands, and what comes next
showing.py     the panel of the welcome page; course_map.py draws the map in it
questions.py   the released chapters' "check yourself" questions; reviewing.py brings three of them back
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .recording import record
    from .reviewing import review
    from .showing import panel

__all__ = ["panel", "record", "review"]

_HOME = {"panel": "showing", "record": "recording", "review": "reviewing"}


def __getattr__(name: str) -> Any:  # lazily: a check needs `record` alone
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
