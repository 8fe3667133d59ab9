"""Steps that are too large or too small for the weights they change."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..history import History
from .finding import Finding
from .onset import around, lasting, onset, since
from .reading import median, powers

BAND = (1e-4, 1e-2)
"""Where a healthy run's update/weight ratio usually lies; a rule of thumb (about 1e-3, Karpathy, CS231n
notes).
"""

TOO_LARGE = 0.1
TOO_SMALL = 1e-6
"""A finding needs to be further out: the first steps, a schedule's end and small layers leave the band for a
while.
"""

BREAK = 30.0
"""A ratio that falls so many times from one step to the next has been changed; one that dwindles is learning's end."""


def ratios(history: History) -> np.ndarray:
    """(S, P) length of the update over length of the weights; NaN for a weight that is all zeros, and where nothing
    moved because there was no gradient.
    """
    weight, update = history["weight_norm"], history["update_norm"]
    idle = (update == 0) & ~(history["grad_norm"] > 0)
    with np.errstate(all="ignore"):
        return np.where((weight > 0) & ~idle, update / weight, np.nan)


def update_out_of_band(history: History) -> Iterator[Finding]:
    """A weight matrix's ratio lies far outside the band: typically, or at every step from some step on."""
    table = ratios(history)
    seen = ~np.isnan(table)
    typical = median(table, axis=0)
    # A scale or bias starts at 0 or 1 and is small: its ratio says little.
    columns = [j for j in history.weights if seen[:, j].any()]
    for kind, bad, advice in (
        ("update too large", table > TOO_LARGE, "divide the learning rate by 10."),
        (
            "update too small",
            table < TOO_SMALL,
            "multiply the learning rate by 10, or look for a vanishing gradient.",
        ),
    ):
        wrong: dict[int, tuple[float, int]] = {}  # column → its ratio, and the row from which on it is so
        for j in columns:
            if (typical[j] > TOO_LARGE) if kind == "update too large" else (0 < typical[j] < TOO_SMALL):
                row = onset(bad[:, j], seen[:, j])
                wrong[j] = float(median(table[row:, j])), row
            elif (found := lasting(bad[:, j], seen[:, j])) and _breaks(table[:, j], found, kind):
                wrong[j] = float(median(table[found:, j])), found
        if wrong:
            yield _finding(history, kind, wrong, len(columns), advice)


def _breaks(values: np.ndarray, row: int, kind: str) -> bool:
    before, after = around(values, row)
    return kind == "update too large" or before > BREAK * after


def _finding(history: History, kind: str, wrong: dict[int, tuple[float, int]], among: int, advice: str) -> Finding:
    def distance(j: int) -> float:
        return abs(float(np.log10(max(wrong[j][0], 1e-30))) + 3)

    worst = max(wrong, key=distance)
    ratio, row = wrong[worst]
    began = since(history, row, ~np.isnan(history["update_norm"][:, worst]))
    more = f" So it is in {len(wrong)} of {among} weights." if len(wrong) > 1 else ""
    return Finding(
        history.params[worst],
        kind,
        f"Each step changes it by {powers(ratio) if ratio else '0'} of its own length{began}; "
        f"{powers(BAND[0])} to {powers(BAND[1])} is usual.{_rate(history, worst, row)}{more}",
        advice,
    )


def _rate(history: History, j: int, row: int) -> str:
    """Say so when the learning rate was another one before."""
    before, after = around(history["learning_rate"][:, j], row) if row else (np.nan, np.nan)
    if not (np.isfinite(before) and np.isfinite(after)) or before == after:
        return ""
    return f" Its learning rate went from {before:.2g} to {after:.2g}."
