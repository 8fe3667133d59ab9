"""Small readings of a history that several rules share."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..history import History


def median(values: Any, axis: int | None = None) -> Any:
    """Median over what was seen; NaN where nothing was."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an all-NaN column is no surprise here
        return np.nanmedian(np.asarray(values, dtype=float), axis=axis)


def later_half(history: History) -> slice:
    """The sampled steps after the first half: what training has settled into."""
    return slice(len(history) // 2, None)


def typical_gradient(history: History) -> np.ndarray:
    """(S, P) root mean square of the gradient's non-zero elements, before clipping where that is known.

    Without the zeros an embedding, whose gradient is zero for every absent word, is not taken for a vanishing
    layer.
    """
    norm = history["raw_grad_norm"]
    norm = np.where(np.isnan(norm), history["grad_norm"], norm)
    filled = history.sizes[None, :] * np.clip(1.0 - history["grad_zero"], 1e-12, 1.0)
    with np.errstate(all="ignore"):
        return norm / np.sqrt(filled)


def models(history: History) -> list[str]:
    return list(dict.fromkeys(history.param_models))


def powers(x: float) -> str:
    """Write a positive number so that its size is read at a glance: 0.02, 350, 3e-7."""
    return f"{x:.2g}" if 1e-3 <= x < 1e4 else f"{x:.0e}".replace("e-0", "e-").replace("e+0", "e+")
