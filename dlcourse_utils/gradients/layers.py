"""Turn what was seen of one layer at one step into table entries, for both recorders."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .magnitudes import Magnitudes

_FLAT = 0.05
"""A unit counts as saturated where its slope is below this share of the largest slope."""


def saturated(kind: str, outputs: np.ndarray) -> float:
    """Fraction of outputs of a sigmoid or tanh that lie on its flat ends; NaN for any other kind of layer.

    The slope follows from the output itself: y(1 − y), at most ¼, and 1 − y², at most 1.
    """
    if outputs.size == 0:
        return np.nan
    name = kind.lower()
    if name.startswith("sigmoid"):
        return float(np.mean(outputs * (1 - outputs) < _FLAT / 4))
    if name.startswith("tanh"):
        return float(np.mean(1 - outputs * outputs < _FLAT))
    return np.nan


def layer_entry(
    kind: str,
    *,
    sample: np.ndarray | None,
    rms: float,
    silent: np.ndarray | None,
    gradient_rms: float,
    facts: Magnitudes | None,
    gradient_facts: Magnitudes | None,
) -> dict[str, Any]:
    """Fill one layer's tables: `sample` is a flat array, `silent` a bool per unit, rms values are exact, `facts`
    describe the samples of the output and of its gradient (None where there is none).
    """
    entry: dict[str, Any] = {}
    if sample is not None and facts is not None:
        mean, spread = _moments(sample)
        entry = {
            "activation_rms": rms,
            "activation_mean": mean,
            "activation_std": spread,
            "activation_zero": facts.zero,
            "activation_nonfinite": _nonfinite(facts, rms),
            "activation_saturated": saturated(kind, sample),
            "activation_quantiles": facts.quantiles,
            "activation_histogram": facts.histogram,
        }
    if silent is not None and silent.size:
        entry["activation_dead"] = np.count_nonzero(silent) / silent.size
    if gradient_facts is not None:
        entry |= {
            "gradient_rms": gradient_rms,
            "gradient_zero": gradient_facts.zero,
            "gradient_nonfinite": _nonfinite(gradient_facts, gradient_rms),
            "gradient_quantiles": gradient_facts.quantiles,
            "gradient_histogram": gradient_facts.histogram,
        }
    return entry


def _nonfinite(facts: Magnitudes, rms: float) -> float:
    """Return the sample's fraction; above 0 where only numbers outside of the sample are not finite."""
    return facts.nonfinite if math.isfinite(rms) else max(facts.nonfinite, 1e-9)


def _moments(sample: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation of a flat array; NaN of an empty one."""
    if not sample.size:
        return math.nan, math.nan
    if sample.dtype == np.float16:
        sample = sample.astype(np.float32)
    with np.errstate(all="ignore"):
        mean = np.add.reduce(sample) / sample.size
        apart = sample - mean
        return float(mean), math.sqrt(np.dot(apart, apart) / sample.size)
