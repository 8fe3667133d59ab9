"""What the milestones share: a trained model's answers as numbers, or a sentence about what came instead."""

from typing import Any

import numpy as np

from ..authoring import Verdict


def finite_scores(value: Any, shape: tuple[int, ...], what: str) -> np.ndarray | Verdict:
    """Return the array, or the verdict on what is no array of that shape or not finite."""
    array = getattr(value, "array", value)
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu":
        given = value if isinstance(value, str) else "something else"
        return Verdict.broken(f"{what} should be an array of shape {shape}; yours is {given}.", symptom="shape")
    if array.shape != shape:
        return Verdict.broken(f"{what} should have the shape {shape}; yours has {array.shape}.", symptom="shape")
    if not np.isfinite(array).all():
        return Verdict.wrong(f"{what} are not all finite: training ran away. Clip the gradients, or take smaller steps.", symptom="NaN")
    return array.astype(float)
