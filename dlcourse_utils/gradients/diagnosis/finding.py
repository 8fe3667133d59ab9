"""One thing that looks wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What a history shows, in four texts.

    layer     the parameter or layer concerned; "" when it is the whole run
    kind      "vanishing", "exploding", "dead ReLU", "saturated", "update too large", "update too small",
              "no gradient", "non-finite", "imbalance" or "nothing recorded"
    evidence  the numbers that say so
    advice    what to try first
    """

    layer: str
    kind: str
    evidence: str
    advice: str

    def __str__(self) -> str:
        where = f"{self.layer}: " if self.layer else ""
        return f"{where}{self.kind}. {self.evidence} Try: {self.advice}"
