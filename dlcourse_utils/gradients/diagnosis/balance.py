"""Two networks that play against each other, of which one has won."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from ..history import History
from .finding import Finding
from .flow import whole_gradient
from .reading import later_half, median, models, powers

APART = 100.0
"""Between networks in a game, and between a network's start and later, gradients differ tenfold, not a
hundredfold.
"""

_ADVICE = (
    "for a generator that starves the non-saturating loss −log D(G(z)); against a discriminator that has won "
    "fewer or "
    "smaller steps for it, label smoothing, or a gradient penalty."
)


def imbalance(history: History) -> Iterator[Finding]:
    """In a game of models with optimizers of their own, one's gradient has run dry.

    Either it is a hundred times smaller than the other's in the later half, per element, or it fell to a
    hundredth of where it began. A discriminator that has won lacks gradient just as a generator does that it
    starves: the evidence names whose gradient is missing, not who is to blame.
    """
    players = _players(history)
    whole = {m: whole_gradient(history, columns) for m, columns in players.items()}
    late = {m: float(median(w[later_half(history)])) for m, w in whole.items()}
    found = set()
    for a, b in combinations(players, 2):
        each = {m: late[m] / max(int(history.sizes[players[m]].sum()), 1) ** 0.5 for m in (a, b)}
        weak, strong = sorted((a, b), key=lambda m: each[m])
        if np.isfinite(each[strong]) and each[strong] > APART * each[weak]:
            found.add(weak)
            yield Finding(
                weak,
                "imbalance",
                f"In the later half its typical gradient is {powers(each[weak])}, that of {strong} "
                f"{powers(each[strong])}: {weak} learns next to nothing from this game.",
                _ADVICE,
            )
    for model in players:
        start = _start(whole[model])
        if model not in found and np.isfinite(late[model]) and start > APART * late[model]:
            yield Finding(
                model,
                "imbalance",
                f"Its gradient fell from {powers(start)} to {powers(late[model])}: one side of the game has "
                f"won, and "
                f"neither learns from it any more.",
                _ADVICE,
            )


def _players(history: History) -> dict[str, list[int]]:
    """Columns of each model that gets a gradient, if the models have optimizers of their own; else none."""
    columns = {
        m: [j for j, name in enumerate(history.param_models) if name == m and history.trainable[j]]
        for m in models(history)
    }
    owners = {m: {history.optimizers[j] for j in js} for m, js in columns.items()}
    apart = all(not (owners[a] & owners[b]) for a, b in combinations(owners, 2))
    return columns if len(columns) >= 2 and apart else {}


def _start(whole: np.ndarray) -> float:
    """The largest gradient of the first quarter."""
    early = whole[: max(len(whole) // 4, 1)]
    return float(np.nanmax(early)) if np.isfinite(early).any() else np.nan
