"""Units that give no gradient: dead rectifiers and saturated sigmoids."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..history import History
from .finding import Finding
from .reading import later_half, median

DEAD = 0.4
SATURATED = 0.5
"""A few dead or saturated units are usual; from about this share on they cost the layer its capacity."""


def dead_units(history: History) -> Iterator[Finding]:
    """Units silent in every batch of the later half. One quiet batch is no death."""
    layers_seen = False
    for name, kind in zip(history.layers, history.kinds, strict=True):
        if name in history.silent and kind.lower().startswith("relu"):
            layers_seen = True
            share, batches = always_silent(history, name)
            if share > DEAD:
                yield _dead(name, f"{share:.0%} of its units gave 0 for every sample", batches)
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
            share, batches = always_silent(history, name)
            if DEAD < share < 1:  # all of them at 0 is a layer without gradient, which is another finding
                yield _dead(name, f"{share:.0%} of its units got a gradient of exactly 0", batches)


def always_silent(history: History, name: str) -> tuple[float, int]:
    """Return the share of units silent whenever they were seen in the later half, and in how many batches."""
    masks = history.silent[name][later_half(history)]
    seen = masks >= 0
    units = seen.any(axis=0)
    if not units.any():
        return 0.0, 0
    silent = ((masks == 1) | ~seen).all(axis=0)
    return float(np.mean(silent[units])), int(seen.any(axis=1).sum())


def _dead(name: str, what: str, batches: int) -> Finding:
    times = "the one sampled batch" if batches == 1 else f"all {batches} sampled batches of the later half"
    return Finding(
        name,
        "dead ReLU",
        f"{what}, in {times}.",
        "a smaller learning rate, He initialisation, biases that do not start far below 0, or LeakyReLU.",
    )


def saturated_units(history: History) -> Iterator[Finding]:
    """Sigmoid or tanh outputs of which most lie where the slope is below 5 % of its largest value."""
    table = history["activation_saturated"][later_half(history)]
    for name, kind, share in zip(history.layers, history.kinds, median(table, axis=0), strict=True):
        if share > SATURATED:
            yield Finding(
                name,
                "saturated",
                f"{share:.0%} of its {kind.lower()} outputs lie on the flat ends, where less than 5 % of the "
                f"gradient "
                f"gets through.",
                "smaller initial weights (Xavier), standardised inputs, a normalisation layer before it, or ReLU.",
            )
