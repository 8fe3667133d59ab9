"""Where the first NaN or infinity came from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..history import History
from .finding import Finding


def nonfinite_origin(history: History) -> Iterator[Finding]:
    """Name the first sampled step with a NaN and the layer it started in.

    On the way forward that is the first layer whose output is not finite. If all outputs are finite it arose
    on the way back, which runs from the loss to the input: then it is the last parameter in order.
    """
    i = history.first_nonfinite()
    if i is None:
        return
    outputs = _columns(history["activation_nonfinite"][i])
    grads = _columns(history["grad_nonfinite"][i])
    if outputs:
        layer, way = history.layers[outputs[0]], "on the way forward; every layer before it was finite"
    elif grads:
        layer, way = history.params[grads[-1]], "on the way back; every layer's output was finite"
    else:
        layer, way = "", "in the loss"
    if _weights_broken(history, i):
        way += ". Its weights were already broken by an earlier step"
    step = int(history.steps[i])
    since = f"between step {int(history.steps[i - 1]) + 1} and {step}" if i and history.every > 1 else f"at step {step}"
    yield Finding(
        layer,
        "non-finite",
        f"NaN or infinity first seen {since}, in {len(grads)} of {len(history.params)} gradients; it started {way}.",
        "a smaller learning rate or clipping if gradients grew before; otherwise a log or a division by 0: "
        "subtract the "
        "maximum before exp, add a small ε. Record with every=1 to see the very step.",
    )


def _columns(values: np.ndarray) -> list[int]:
    return [int(j) for j in np.flatnonzero(np.nan_to_num(values) > 0)]


def _weights_broken(history: History, i: int) -> bool:
    weights = history["weight_norm"][i]
    missing = history["grad_missing"][i]
    return bool(np.any(np.isinf(weights) | (np.isnan(weights) & ~np.isnan(missing))))
