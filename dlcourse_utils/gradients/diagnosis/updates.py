"""Steps that are too large or too small for the weights they change."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..history import History
from .finding import Finding
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


def ratios(history: History) -> np.ndarray:
    """(S, P) length of the update over length of the weights; NaN for a weight that is all zeros."""
    weight = history["weight_norm"]
    with np.errstate(all="ignore"):
        return np.where(weight > 0, history["update_norm"] / weight, np.nan)


def update_out_of_band(history: History) -> Iterator[Finding]:
    """The median ratio of a weight matrix over all sampled steps lies far outside the band."""
    typical = median(ratios(history), axis=0)
    # A scale or bias starts at 0 or 1 and is small: its ratio says little.
    columns = [j for j in history.weights if np.isfinite(typical[j]) and typical[j] > 0]
    for kind, wrong, advice in (
        (
            "update too large",
            [j for j in columns if typical[j] > TOO_LARGE],
            "divide the learning rate by 10.",
        ),
        (
            "update too small",
            [j for j in columns if typical[j] < TOO_SMALL],
            "multiply the learning rate by 10, or look for a vanishing gradient.",
        ),
    ):
        if wrong:
            worst = max(wrong, key=lambda j: abs(np.log10(typical[j]) + 3))
            more = f" So it is in {len(wrong)} of {len(columns)} weights." if len(wrong) > 1 else ""
            yield Finding(
                history.params[worst],
                kind,
                f"Each step changes it by {powers(typical[worst])} of its own length; "
                f"{powers(BAND[0])} to {powers(BAND[1])} is usual.{more}",
                advice,
            )
