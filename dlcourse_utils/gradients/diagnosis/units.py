"""Units that give no gradient: dead rectifiers and saturated sigmoids."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..history import History
from .finding import Finding
from .onset import around, lasting, onset, since
from .reading import later_half, median

DEAD = 0.4
SATURATED = 0.5
"""A few dead or saturated units are usual; from about this share on they cost the layer its capacity."""

MORE = 0.25
"""By so much the share must have risen when it is judged by less than half of the run: a small batch leaves many units
silent by chance, but about as many each time.
"""


def dead_units(history: History) -> Iterator[Finding]:
    """Units silent in every batch of the later half, or from some step on. One quiet batch is no death."""
    layers_seen = False
    for name, kind in zip(history.layers, history.kinds, strict=True):
        if name in history.silent and kind.lower().startswith("relu"):
            layers_seen = True
            if found := _died(history, name):
                yield _dead(name, f"{found[0]:.0%} of its units gave 0 for every sample", found[1])
    if not layers_seen:  # ReLU was called as a function: a dead unit's bias then has a gradient of exactly 0
        yield from _dead_by_their_bias(history)


def _dead_by_their_bias(history: History) -> Iterator[Finding]:
    for model in dict.fromkeys(history.param_models):
        vectors = [
            name
            for j, name in enumerate(history.params)
            if history.param_models[j] == model and len(history.shapes[j]) == 1 and name in history.silent
        ]
        for name in vectors[:-1]:  # the last is the output's: no ReLU follows it
            found = _died(history, name)
            if found and found[0] < 1:  # all of them at 0 is a layer without gradient, which is another finding
                yield _dead(name, f"{found[0]:.0%} of its units got a gradient of exactly 0", found[1])


def _died(history: History, name: str) -> tuple[float, str] | None:
    """Return the share of dead units and in which batches they were silent; None when there are few."""
    masks = history.silent[name]
    looked = np.asarray((masks >= 0).any(axis=1))  # each optimizer has its own clock
    rows = np.flatnonzero(looked)
    seen = masks[rows]
    start = _judged_from(seen, int(np.searchsorted(rows, len(history) // 2)))
    if start is None:
        return None
    units, dead = _silent(seen[start:])
    began = int(np.median(_silent_from(seen[:, dead])))
    if began:
        when = f"all {len(seen) - began} sampled batches{since(history, int(rows[began]), looked)}"
    else:
        count = len(seen) - start
        when = "the one sampled batch" if count == 1 else f"all {count} sampled batches of the later half"
    return float(dead.sum() / units.sum()), when


def _judged_from(seen: np.ndarray, half: int) -> int | None:
    """Return the row from which on too many units are silent: the half, or the last tenth if there are many more then
    than in stretches of its length before; None when it is neither.
    """
    if _share(seen[half:]) > DEAD:
        return half
    last = max(2, len(seen) // 10)
    earlier = [_share(seen[i : i + last]) for i in range(0, len(seen) - 2 * last + 1, last // 2)]
    died = len(earlier) > 1 and _share(seen[-last:]) > max(DEAD, median(earlier) + MORE)
    return len(seen) - last if died else None


def _silent(masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(units,) which were seen at all, and which of them were silent whenever they were seen."""
    units = np.asarray((masks >= 0).any(axis=0))
    return units, np.logical_and(units, (masks != 0).all(axis=0))


def _share(masks: np.ndarray) -> float:
    units, dead = _silent(masks)
    return float(dead.sum() / units.sum()) if units.any() else 0.0


def _silent_from(masks: np.ndarray) -> np.ndarray:
    """(units,) the row after the last one in which each unit was heard; 0 if it never was."""
    heard = masks[::-1] == 0
    return np.where(heard.any(axis=0), len(masks) - heard.argmax(axis=0), 0)


def _dead(name: str, what: str, when: str) -> Finding:
    return Finding(
        name,
        "dead ReLU",
        f"{what}, in {when}.",
        "a smaller learning rate, He initialisation, biases that do not start far below 0, or LeakyReLU.",
    )


def saturated_units(history: History) -> Iterator[Finding]:
    """Sigmoid or tanh outputs of which most lie where the slope is below 5 % of its largest value: typically in the
    later half, or suddenly, from some step on.
    """
    table = history["activation_saturated"]
    for j, (name, kind) in enumerate(zip(history.layers, history.kinds, strict=True)):
        values = table[:, j]
        seen, bad = ~np.isnan(values), values > SATURATED
        share, row = float(median(values[later_half(history)])), onset(bad, seen)
        if not share > SATURATED:
            found = lasting(bad, seen)
            before, share = around(values, found or 0)
            if found is None or share < before + MORE:
                continue
            row = found
        yield Finding(
            name,
            "saturated",
            f"{share:.0%} of its {kind.lower()} outputs lie on the flat ends, where less than 5 % of the gradient "
            f"gets through{since(history, row, seen)}.",
            "smaller initial weights (Xavier), standardised inputs, a normalisation layer before it, or ReLU.",
        )
