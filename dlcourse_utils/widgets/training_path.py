"""The way of a NumPy network through its training, step by step, with whatever gradients the learner's code gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ..errors import CourseError

Params = list[tuple[np.ndarray, np.ndarray]]  # one (w, b) a layer: w (in, out), b (out,)
LossAndGrads = Callable[[Any, np.ndarray, np.ndarray], tuple[float, Any]]


@dataclass(frozen=True, eq=False)
class Moment:
    """The network before a step: its parameters, the loss there, and the gradients that the next step will follow."""

    step: int
    params: Params
    loss: float
    grads: Params

    @property
    def finite(self) -> bool:
        """False once the training has run away."""
        return bool(np.isfinite(self.loss)) and all(np.isfinite(a).all() for pair in self.grads for a in pair)


class TrainingPath:
    """Plain gradient descent on all points at once, computed as far as it is asked for and then remembered.

    `loss_and_grads(params, x, labels)` → (loss, one (dw, db) a layer), as exercise 03.mlp_loss_and_grads asks.
    """

    def __init__(self, loss_and_grads: LossAndGrads, params: Params, x: np.ndarray, labels: np.ndarray, lr: float):
        self._call, self._x, self._labels, self._lr = loss_and_grads, x, labels, lr
        self.moments = [self._look(0, params)]

    def at(self, step: int) -> Moment:
        """Return the moment before step number `step`, or the last one before the training ran away."""
        while len(self.moments) <= step and self.moments[-1].finite:
            last = self.moments[-1]
            moved = [
                (w - self._lr * dw, b - self._lr * db)
                for (w, b), (dw, db) in zip(last.params, last.grads, strict=True)
            ]
            self.moments.append(self._look(last.step + 1, moved))
        return self.moments[min(step, len(self.moments) - 1)]

    def losses(self, step: int) -> np.ndarray:
        """Return the losses up to and with that moment."""
        self.at(step)
        return np.array([m.loss for m in self.moments[: step + 1]])

    def _look(self, step: int, params: Params) -> Moment:
        given = [(w.copy(), b.copy()) for w, b in params]  # whatever happens to them in there
        with np.errstate(all="ignore"):
            result = self._call(given, self._x.copy(), self._labels.copy())
        if not isinstance(result, tuple) or len(result) != 2:
            raise CourseError("Your function should return (loss, grads).")
        loss, grads = result
        return Moment(step, params, float(loss), _checked(grads, params))


def random_params(sizes: Sequence[int], seed: int) -> Params:
    """Return one (w, b) a layer, scaled by √(2 / fan-in), biases 0."""
    rng = np.random.default_rng(seed)
    return [(rng.normal(size=(m, n)) * np.sqrt(2 / m), np.zeros(n)) for m, n in pairwise(sizes)]


def mlp_logits(x: np.ndarray, params: Params) -> np.ndarray:
    """Run x (N, D) through linear layers with ReLU between them; return (N, K)."""
    for w, b in params[:-1]:
        x = np.maximum(x @ w + b, 0)
    w, b = params[-1]
    return x @ w + b


def _checked(grads: Any, params: Params) -> Params:
    try:
        pairs = [(np.asarray(dw, dtype=float), np.asarray(db, dtype=float)) for dw, db in grads]
    except (TypeError, ValueError):
        raise CourseError("Your grads should be a list of (dw, db), one pair a layer.") from None
    if len(pairs) != len(params):
        raise CourseError(f"Your grads hold {len(pairs)} pairs for {len(params)} layers.")
    for i, (pair, own) in enumerate(zip(pairs, params, strict=True), start=1):
        for letter, gradient, array in zip("wb", pair, own, strict=True):
            if gradient.shape != array.shape:
                raise CourseError(f"Your d{letter} of layer {i} is {gradient.shape}, but {letter} is {array.shape}.")
    return pairs
