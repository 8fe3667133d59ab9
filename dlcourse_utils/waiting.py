"""Cells that show what a learner's own code does wait politely until that code exists."""

from __future__ import annotations

import sys
from types import TracebackType

from .errors import CourseError


class needs:
    """Run a block that uses solved exercises; when one is unsolved, say which, and let the learner move on.

    Swallows NotImplementedError only (what an unsolved exercise raises) and closes figures left half drawn.

    >>> with needs("02.softmax"):
    ...     raise NotImplementedError
    This cell uses exercise 02.softmax, which is not written yet. Write it above, or move on: ...
    """

    def __init__(self, *exercise_ids: str) -> None:
        self.exercise_ids = exercise_ids
        self._figures: set[int] = set()

    def __enter__(self) -> needs:
        self._figures = set(_open_figures())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, NotImplementedError):
            return False
        for number in set(_open_figures()) - self._figures:
            sys.modules["matplotlib.pyplot"].close(number)
        names = self._missing(trace)
        which = (
            f"exercise {names[0]}, which is" if len(names) == 1 else f"exercises {_listed(names)}, which are"
        )
        them = "it" if len(names) == 1 else "them"
        print(f"This cell uses {which} not written yet. Write {them} above, or move on: this cell can wait.")
        return True

    def _missing(self, trace: TracebackType | None) -> list[str]:
        """Return the ids among ours whose function raised; all of ours when that cannot be told."""
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        inner = set(trace.tb_frame.f_code.co_qualname.split(".")) if trace is not None else set()
        raised = [i for i in self.exercise_ids if inner & _names_of(i)]
        return raised or list(self.exercise_ids)


def _names_of(exercise_id: str) -> set[str]:
    """Return what the learner defines for an exercise: "03.linear_forward" has a linear_backward too."""
    names = {exercise_id.partition(".")[2]}
    try:
        from .checks import registry

        return names | set(registry.get(exercise_id).objects)
    except (ImportError, CourseError):  # under grading there are no checks
        return names


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if names else "of this chapter"


def _open_figures() -> list[int]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return pyplot.get_fignums() if pyplot is not None else []
