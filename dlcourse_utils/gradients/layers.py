"""Turn what was seen of one layer at one step into table entries, for both recorders."""

from __future__ import annotations

from typing import Any

import numpy as np

from .magnitudes import magnitudes

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
    gradient_sample: np.ndarray | None,
    gradient_rms: float,
) -> dict[str, Any]:
    """Fill one layer's tables: samples are flat arrays, `silent` a bool per unit, rms values are exact."""
    entry: dict[str, Any] = {}
    if sample is not None:
        facts = magnitudes(sample)
        with np.errstate(all="ignore"):
            mean = float(sample.mean()) if sample.size else np.nan
            spread = float(sample.std()) if sample.size else np.nan
            entry |= {
                "activation_rms": rms,
                "activation_mean": mean,
                "activation_std": spread,
                "activation_zero": facts.zero,
                "activation_nonfinite": facts.nonfinite if np.isfinite(rms) else max(facts.nonfinite, 1e-9),
                "activation_saturated": saturated(kind, sample),
                "activation_quantiles": facts.quantiles,
                "activation_histogram": facts.histogram,
            }
    if silent is not None and silent.size:
        entry["activation_dead"] = float(np.mean(silent))
    if gradient_sample is not None:
        facts = magnitudes(gradient_sample)
        entry |= {
            "gradient_rms": gradient_rms,
            "gradient_zero": facts.zero,
            "gradient_nonfinite": facts.nonfinite if np.isfinite(gradient_rms) else max(facts.nonfinite, 1e-9),
            "gradient_quantiles": facts.quantiles,
            "gradient_histogram": facts.histogram,
        }
    return entry
