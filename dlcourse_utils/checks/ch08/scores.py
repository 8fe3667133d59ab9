"""What the milestones share: a trained model's answers as numbers, or a sentence about what came instead."""

from typing import Any

import numpy as np

from ..authoring import Verdict


def repeatable(first: np.ndarray, again: Any, another: Any, sentence: str) -> Verdict:
    """Return the verdict on a training run twice with one seed, and once with another.

    sentence: what to say where the same seed does not give the same.
    """
    if not np.array_equal(first, np.asarray(getattr(again, "array", again))):
        return Verdict.wrong(sentence, symptom="not repeatable")
    if np.array_equal(first, np.asarray(getattr(another, "array", another))):
        return Verdict.wrong(
            "Two different seeds gave the very same network: the seed that is handed in is not used.", symptom="one seed"
        )
    return Verdict.ok()


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
