"""Two networks that play against each other, of which one has stopped learning."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from ..history import History
from .finding import Finding
from .flow import whole_gradient
from .reading import later_half, median, models, powers

APART = 100.0


def imbalance(history: History) -> Iterator[Finding]:
    """In the later half one model's typical gradient is a hundred times smaller than another's.

    Lengths are divided by the square root of the number of elements, so that a large network is not taken for
    a strong one.
    """
    typical = {}
    for model in models(history):
        columns = [j for j, m in enumerate(history.param_models) if m == model and history.trainable[j]]
        size = max(int(history.sizes[columns].sum()), 1) if columns else 1
        typical[model] = float(median(whole_gradient(history, columns)[later_half(history)])) / size**0.5
    for a, b in combinations(typical, 2):
        weak, strong = sorted((a, b), key=lambda m: typical[m])
        if np.isfinite(typical[strong]) and typical[strong] > APART * typical[weak]:
            times = f"{powers(typical[strong] / typical[weak])} times " if typical[weak] > 0 else "infinitely "
            yield Finding(
                weak,
                "imbalance",
                f"Its typical gradient is {powers(typical[weak])}, {times}smaller than that of {strong}: "
                f"{strong} has won, and {weak} learns nothing more from it.",
                "for a generator the non-saturating loss −log D(G(z)); for either side fewer steps or a "
                "smaller learning "
                "rate for the stronger network, label smoothing, or a gradient penalty.",
            )
