"""Two networks that play against each other, of which one has won."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations

import numpy as np

from ..history import History
from .finding import Finding
from .flow import whole_gradient
from .onset import lasting, onset, since
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

    Either it is a hundred times smaller than the other's, per element, or it fell to a hundredth of where it began:
    typically in the later half, or at every step from some step on. A discriminator that has won lacks gradient just
    as a generator does that it starves: the evidence names whose gradient is missing, not who is to blame.
    """
    players = _players(history)
    whole = {m: whole_gradient(history, columns) for m, columns in players.items()}
    each = {m: whole[m] / max(int(history.sizes[js].sum()), 1) ** 0.5 for m, js in players.items()}
    found = set()
    for weak, strong in permutations(players, 2):
        row = _run_dry(history, each[weak], each[strong])
        if row is not None:
            found.add(weak)
            yield Finding(
                weak,
                "imbalance",
                f"{_when(history, each[weak], row)} its typical gradient is "
                f"{powers(_typical(history, each[weak], row))}, that of {strong} "
                f"{powers(_typical(history, each[strong], row))}: {weak} learns next to nothing from this game.",
                _ADVICE,
            )
    for model in players:
        start = _start(whole[model])
        row = _run_dry(history, whole[model], np.full(len(history), start))
        if model not in found and row is not None:
            yield Finding(
                model,
                "imbalance",
                f"{_when(history, whole[model], row)} its gradient is "
                f"{powers(_typical(history, whole[model], row))}, at the start it was {powers(start)}: one side of the "
                f"game has won, and neither learns from it any more.",
                _ADVICE,
            )


def _run_dry(history: History, weak: np.ndarray, strong: np.ndarray) -> int | None:
    """Return the row from which on `weak` (S,) is a hundred times smaller than `strong`; 0 when it was so throughout,
    None when it is not.
    """
    seen = ~(np.isnan(weak) | np.isnan(strong))
    bad = strong > APART * weak
    half = later_half(history)
    if median(strong[half]) > APART * median(weak[half]):
        return onset(bad, seen)
    return lasting(bad, seen)


def _when(history: History, weak: np.ndarray, row: int) -> str:
    began = since(history, row, ~np.isnan(weak))
    return f"F{began[len(', f') :]}" if began else "In the later half"


def _typical(history: History, values: np.ndarray, row: int) -> float:
    return float(median(values[row:] if row else values[later_half(history)]))


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
