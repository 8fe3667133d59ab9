"""The result of a check: a small frozen record of facts, rendered elsewhere."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Literal

from .verdict import Verdict

Status = Literal["not_attempted", "broken", "incorrect", "correct", "not_graded"]


@dataclass(frozen=True)
class CaseResult:
    """One case's name, its weight in the score, and the verdict."""

    name: str
    weight: float
    verdict: Verdict


@dataclass(frozen=True)
class Diagnosis:
    """A recognised mistake (or another convention): its name and what a teacher would say.

    `share` is "" when it explains every failing case, else says how many it explains.
    """

    name: str
    message: str
    is_convention: bool = False
    share: str = ""

    @property
    def label(self) -> str:
        """Return the words that stand in front of the message."""
        words = "Another convention" if self.is_convention else "What happened"
        return f"{words} {self.share}".rstrip()


@dataclass(frozen=True)
class Result:
    """What `check` returns. In JupyterLab it shows as a card, in a terminal as text.

    score: 0.0 … 1.0 by case weight. notes: sentences that come first on the card. warned, printed: what the code
    said while it ran. `seed` draws the same inputs again.
    """

    exercise_id: str
    title: str
    status: Status
    score: float
    max_points: float
    cases: tuple[CaseResult, ...] = ()
    diagnosis: Diagnosis | None = None
    notes: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    seed: int | None = None
    printed: str = ""
    warned: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()  # the learner's own lines that an exception came through

    @property
    def points(self) -> float:
        """The score in points."""
        return self.score * self.max_points

    @property
    def failure(self) -> CaseResult | None:
        """The failing case to show: the smallest one, by the size of what was expected."""
        failing = [c for c in self.cases if not c.verdict.passed]
        return min(failing, key=_size, default=None)

    def __str__(self) -> str:
        from .text import as_text

        return as_text(self)

    def __repr__(self) -> str:
        # nbgrader reads the points of a check cell from this text; it must be a plain float to be a number there.
        if os.environ.get("NBGRADER_EXECUTION") and self.status != "not_graded":
            return repr(round(float(self.points), 6))
        return str(self)

    def _repr_html_(self) -> str:
        from .card import as_html

        return as_html(self)


def _size(case: CaseResult) -> float:
    got: Any = case.verdict.expected
    return float(getattr(got, "size", 1) if got is not None else 1e9)
