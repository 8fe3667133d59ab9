"""Probes and recipes of chapter 05: layers with a state or a mask, splits drawn at random, one patient at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .registry import Attempt, Parts, probe, recipe


@recipe("named_labels")
def named_labels(names: Sequence[str], codes: np.ndarray) -> np.ndarray:
    """Labels that are words: names[code] for each code."""
    return np.array(names)[codes]


@probe("drawn_weights")
def drawn_weights(attempt: Attempt, fan_in: int, fan_out: int, seed: int) -> Parts:
    """Draw twice from one generator, and once more from a fresh one of the same seed."""
    (init,) = attempt
    rng = np.random.default_rng(seed)
    np.random.seed(1)
    yield "w", init(fan_in, fan_out, rng)
    yield "next", init(fan_in, fan_out, rng)
    np.random.seed(2)
    yield "same seed", init(fan_in, fan_out, np.random.default_rng(seed))


@probe("batchnorm")
def batchnorm(
    attempt: Attempt,
    batches: Sequence[np.ndarray],
    gamma: np.ndarray,
    beta: np.ndarray,
    test: np.ndarray | None = None,
    dout: np.ndarray | None = None,
    running: Sequence[np.ndarray] | None = None,
    **settings: float,
) -> Parts:
    """Train on each batch in turn, go backward through the last, then see a test batch; the state is looked at between.

    running: (mean, var) that the state holds at the start; without it the state is {}.
    """
    forward, backward = attempt
    state: dict[str, Any] = {}
    if running is not None:
        state = {"running_mean": np.array(running[0]), "running_var": np.array(running[1])}
    cache = None
    for number, x in enumerate(batches, start=1):
        out, cache = forward(x, gamma, beta, state, True, **settings)
        yield f"out of training batch {number}", out
        yield f"running mean after batch {number}", state.get("running_mean")
        yield f"running variance after batch {number}", state.get("running_var")
    if dout is not None:
        dx, dgamma, dbeta = backward(dout, cache)
        yield "dx", dx
        yield "dgamma", dgamma
        yield "dbeta", dbeta
    if test is not None:
        out, _ = forward(test, gamma, beta, state, False, **settings)
        yield "out of the test batch", out
        if batches or running is not None:
            yield "running mean after the test batch", state.get("running_mean")


@probe("layernorm")
def layernorm(
    attempt: Attempt, x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, dout: np.ndarray, **settings: float
) -> Parts:
    """Forward, then backward."""
    forward, backward = attempt
    out, cache = forward(x, gamma, beta, **settings)
    yield "out", out
    dx, dgamma, dbeta = backward(dout, cache)
    yield "dx", dx
    yield "dgamma", dgamma
    yield "dbeta", dbeta


@probe("dropout")
def dropout(attempt: Attempt, x: np.ndarray, p_drop: float, train: bool, dout: np.ndarray, seed: int) -> Parts:
    """Forward and backward, a second forward on the same generator, and the first again from the same seed."""
    forward, backward = attempt
    rng = np.random.default_rng(seed)
    np.random.seed(1)
    out, cache = forward(x, p_drop, train, rng)
    yield "out", out
    yield "dx", backward(dout, cache)
    again, _ = forward(x, p_drop, train, rng)
    yield "second", again
    np.random.seed(2)
    same, _ = forward(x, p_drop, train, np.random.default_rng(seed))
    yield "same seed", same


@probe("early_stopping")
def early_stopping(attempt: Attempt, losses: Sequence[float], **settings: float) -> Parts:
    """Feed the losses one by one; write down each answer and the best loss so far."""
    (cls,) = attempt
    stopper = cls(**settings)
    answers, best = [], []
    for loss in losses:
        answer = stopper.update(loss)
        answers.append(bool(answer) if isinstance(answer, (bool, int, float, np.bool_)) else answer)
        best.append(stopper.best)
    yield "answers", answers
    yield "best after each update", best


@probe("split")
def split(attempt: Attempt, y: Any, test_fraction: float, seed: int) -> Parts:
    """Split twice on one generator, and once more from the same seed."""
    (function,) = attempt
    rng = np.random.default_rng(seed)
    np.random.seed(1)
    yield "first", function(y, test_fraction, rng)
    yield "second", function(y, test_fraction, rng)
    np.random.seed(2)
    yield "same seed", function(y, test_fraction, np.random.default_rng(seed))


@probe("resampled")
def resampled(attempt: Attempt, x: np.ndarray, y: np.ndarray, seed: int) -> Parts:
    """Oversample three times on one generator, and once more from the same seed."""
    (function,) = attempt
    rng = np.random.default_rng(seed)
    np.random.seed(1)
    for name in ("first", "second", "third"):
        yield name, function(x, y, rng)
    np.random.seed(2)
    yield "same seed", function(x, y, np.random.default_rng(seed))


@probe("risk_by_folds")
def risk_by_folds(
    attempt: Attempt, folds: Sequence[Sequence[np.ndarray]], seed: int, alone: Sequence[int] = (), fold_seed: int = 0
) -> Parts:
    """Fit on each fold's training patients and ask for the held-out ones' risk.

    alone: numbers of held-out patients of the first fold who are then asked about one at a time.
    fold_seed: which draw of the folds this is; not for the learner, the judge finds the diagnoses by it.
    """
    (predict,) = attempt
    for number, (x_train, y_train, x_test) in enumerate(folds, start=1):
        yield f"fold {number}", predict(x_train, y_train, x_test, np.random.default_rng(seed))
    for i in alone:
        x_train, y_train, x_test = folds[0]
        yield f"patient {i} alone", predict(x_train, y_train, x_test[[i]], np.random.default_rng(seed))
