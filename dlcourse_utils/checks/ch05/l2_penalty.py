"""05.l2_penalty: a price that grows with the square (ridge, Hoerl and Kennard 1970; weight decay)."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise
from .penalties import networks, torch_penalty


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield from networks(rng)


def oracle(params, lam):
    return torch_penalty(params, lam, lambda w: w.square().sum())


def with_one_half(params, lam):
    """You use ½ lam · Σw², whose gradient is lam · w, as many books do. Here there is no ½: the penalty is lam · Σw² and
    its gradient 2 · lam · w."""
    penalty = float(0.5 * lam * sum((w**2).sum() for w, _ in params))
    return penalty, [(lam * w, np.zeros_like(b)) for w, b in params]


def factor_two(params, lam):
    """The penalty is lam · Σw², so its gradient is 2 · lam · w; you left out the 2. (With ½ in front of the penalty it
    would be lam · w, but both must agree.)"""
    penalty = float(lam * sum((w**2).sum() for w, _ in params))
    return penalty, [(lam * w, np.zeros_like(b)) for w, b in params]


def penalises_biases(params, lam):
    """You charge the biases too. A bias only moves a threshold; it cannot make the network wilder. Their gradients are
    zeros here, and the penalty counts weights only."""
    penalty = float(lam * sum((w**2).sum() + (b**2).sum() for w, b in params))
    return penalty, [(2 * lam * w, 2 * lam * b) for w, b in params]


def mean_instead_of_sum(params, lam):
    """You take the mean over the weights. The penalty is lam times the sum of squares: every weight pays its own price."""
    penalty = float(lam * sum((w**2).mean() for w, _ in params))
    return penalty, [(2 * lam * w / w.size, np.zeros_like(b)) for w, b in params]


def root_of_the_sum(params, lam):
    """You take the square root: the norm of the weights. The penalty is lam times the sum of squares itself."""
    root = np.sqrt(sum((w**2).sum() for w, _ in params))
    return float(lam * root), [(lam * w / root, np.zeros_like(b)) for w, b in params]


def sum_before_the_square(params, lam):
    """You square the sum, (Σw)², so that +3 and -3 cost nothing together. Square first, then add."""
    penalty = float(lam * sum(w.sum() ** 2 for w, _ in params))
    return penalty, [(2 * lam * w.sum() * np.ones_like(w), np.zeros_like(b)) for w, b in params]


def shrinks_instead(params, lam):
    """Your gradients point the wrong way: -2 · lam · w. The gradient of the penalty points where it *grows*, away from
    zero; the optimizer does the subtracting."""
    penalty = float(lam * sum((w**2).sum() for w, _ in params))
    return penalty, [(-2 * lam * w, np.zeros_like(b)) for w, b in params]


def lam_forgotten_in_the_gradient(params, lam):
    """The penalty is right, but its gradient lacks the factor lam: it is 2 · lam · w."""
    penalty = float(lam * sum((w**2).sum() for w, _ in params))
    return penalty, [(2 * w, np.zeros_like(b)) for w, b in params]


def first_layer_only(params, lam):
    """Only the first layer pays. Go over all (w, b) in params."""
    penalty = float(lam * (params[0][0] ** 2).sum())
    grads = [(np.zeros_like(w), np.zeros_like(b)) for w, b in params]
    grads[0] = (2 * lam * params[0][0], grads[0][1])
    return penalty, grads


EXERCISE = Exercise(
    id="05.l2_penalty",
    title="The L2 penalty",
    objects=("l2_penalty",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        factor_two,
        penalises_biases,
        mean_instead_of_sum,
        root_of_the_sum,
        sum_before_the_square,
        shrinks_instead,
        lam_forgotten_in_the_gradient,
        first_layer_only,
    ),
    conventions=(with_one_half,),
    hints=(
        "What is the slope of lam · w²? → 2 · lam · w: large weights are pulled hard, small ones hardly at all.",
        "Do I subtract it? → No. Return the gradient of the penalty; it is added to the gradient of the loss, and the optimizer subtracts "
        "both together.",
        "```python\npenalty = float(lam * sum((w**2).sum() for w, b in params))\n"
        "grads = [(2 * lam * w, np.zeros_like(b)) for w, b in params]\n```",
    ),
)
