"""What the judge says about one case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

Kind = Literal["ok", "not_attempted", "raised", "form", "value", "changed_input"]


@dataclass(frozen=True)
class Verdict:
    """Right or not, in one sentence; `expected` and `got` are data to lay side by side.

    `kind`: "form" is a wrong type or shape, "value" right form but wrong numbers. `where` names the part
    ("dw", "[0]"). `symptom` lets a property check say that two failures are the same one without equal numbers.
    """

    passed: bool
    kind: Kind
    sentence: str = ""
    where: str = ""
    expected: Any = None
    got: Any = None
    symptom: str = ""

    @classmethod
    def ok(cls, sentence: str = "") -> Verdict:
        """Return the verdict of a case that is right."""
        return cls(True, "ok", sentence)

    @classmethod
    def wrong(cls, sentence: str, expected: Any = None, got: Any = None, where: str = "", symptom: str = "") -> Verdict:
        """Return the verdict of a result that has the right form and is wrong."""
        return cls(False, "value", sentence, where, expected, got, symptom)

    @classmethod
    def broken(
        cls, sentence: str, expected: Any = None, got: Any = None, where: str = "", symptom: str = ""
    ) -> Verdict:
        """Return the verdict of a result whose type or shape is not what was asked for."""
        return cls(False, "form", sentence, where, expected, got, symptom)

    def at(self, where: str) -> Verdict:
        """Return the same verdict one level further out: its place gets `where` in front."""
        return replace(self, where=where + self.where)
