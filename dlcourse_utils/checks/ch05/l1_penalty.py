"""05.l1_penalty: a price on every unit of weight, which drives small ones to exactly 0 (lasso, Tibshirani 1996)."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise
from .penalties import networks, torch_penalty


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield from networks(rng)


def oracle(params, lam):
    return torch_penalty(params, lam, lambda w: w.abs().sum())


def factor_two(params, lam):
    """Your gradients are twice too large: the 2 belongs to squares. |w| has slope +1 or -1, so lam · sign(w)."""
    penalty = float(lam * sum(np.abs(w).sum() for w, _ in params))
    return penalty, [(2 * lam * np.sign(w), np.zeros_like(b)) for w, b in params]


def penalises_biases(params, lam):
    """You charge the biases too. A bias only moves a threshold; it cannot make the network wilder. Their gradients are
    zeros here, and the penalty counts weights only."""
    penalty = float(lam * sum(np.abs(w).sum() + np.abs(b).sum() for w, b in params))
    return penalty, [(lam * np.sign(w), lam * np.sign(b)) for w, b in params]


def plus_one_at_zero(params, lam):
    """At a weight of exactly 0 your slope is +1, and the next step pushes it off again. np.sign(0) is 0: a weight that
    has reached 0 may stay there."""
    penalty = float(lam * sum(np.abs(w).sum() for w, _ in params))
    return penalty, [(lam * np.where(w >= 0, 1.0, -1.0), np.zeros_like(b)) for w, b in params]


def mean_instead_of_sum(params, lam):
    """You take the mean over the weights. The penalty is lam times their sum: every weight pays its own price."""
    penalty = float(lam * sum(np.abs(w).mean() for w, _ in params))
    return penalty, [(lam * np.sign(w) / w.size, np.zeros_like(b)) for w, b in params]


def lam_forgotten_in_the_gradient(params, lam):
    """The penalty is right, but its gradient lacks the factor lam: it is lam · sign(w)."""
    penalty = float(lam * sum(np.abs(w).sum() for w, _ in params))
    return penalty, [(np.sign(w), np.zeros_like(b)) for w, b in params]


def size_for_its_slope(params, lam):
    """Your gradient is lam · |w|. The slope of |w| does not depend on how large w is: lam · sign(w)."""
    penalty = float(lam * sum(np.abs(w).sum() for w, _ in params))
    return penalty, [(lam * np.abs(w), np.zeros_like(b)) for w, b in params]


def absolute_value_forgotten(params, lam):
    """You add up the weights themselves, so that +3 and -3 cost nothing together. Take absolute values."""
    penalty = float(lam * sum(w.sum() for w, _ in params))
    return penalty, [(lam * np.ones_like(w), np.zeros_like(b)) for w, b in params]


def first_layer_only(params, lam):
    """Only the first layer pays. Go over all (w, b) in params."""
    penalty = float(lam * np.abs(params[0][0]).sum())
    grads = [(np.zeros_like(w), np.zeros_like(b)) for w, b in params]
    grads[0] = (lam * np.sign(params[0][0]), grads[0][1])
    return penalty, grads


EXERCISE = Exercise(
    id="05.l1_penalty",
    title="The L1 penalty",
    objects=("l1_penalty",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        factor_two,
        penalises_biases,
        plus_one_at_zero,
        mean_instead_of_sum,
        lam_forgotten_in_the_gradient,
        size_for_its_slope,
        absolute_value_forgotten,
        first_layer_only,
    ),
    hints=(
        "What is the slope of |w|? → +1 on the right, -1 on the left: the sign of w. At 0 itself we take 0.",
        "What about the biases? → Their gradient is an array of zeros of their own shape.",
        "```python\npenalty = float(lam * sum(np.abs(w).sum() for w, b in params))\n"
        "grads = [(lam * np.sign(w), np.zeros_like(b)) for w, b in params]\n```",
    ),
)
