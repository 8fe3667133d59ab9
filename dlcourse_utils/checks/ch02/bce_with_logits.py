"""02.bce_with_logits: one yes-or-no question per number."""

import math
from collections.abc import Iterator

import numpy as np
from scipy.special import log_expit

from ..authoring import Case, Exercise, Observation, Verdict
from ._capped import compare_prices


def _targets(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    t = rng.integers(0, 2, size=shape)
    t.flat[0], t.flat[1] = 0, 1
    return t


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("a vector", args=(rng.normal(size=9) * 2, _targets(rng, (9,))))
    as_floats = _targets(rng, (5, 3)).astype(float)
    yield Case("5 samples, 3 questions each", args=(rng.normal(size=(5, 3)), as_floats))
    yield Case("one row", args=(rng.normal(size=(1, 4)) * 2 + 0.5, _targets(rng, (1, 4))))
    whole = rng.choice([-3, -2, -1, 1, 2, 3], size=(2, 5))
    yield Case("whole-number logits", args=(whole, _targets(rng, (2, 5))))
    z = np.array([40.0, -45.0, 1.0, -2.0]) + rng.uniform(-0.4, 0.4, size=4)
    yield Case("sure, and wrong: 40 where 0 is right", args=(z, np.array([0, 1, 1, 0])))
    z = np.array([[1000.0, -1000.0], [-1000.0, 1.5], [-0.5, 1000.0]]) + rng.uniform(-0.4, 0.4, size=(3, 2))
    t = np.array([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    yield Case("logits from -1000 to 1000", args=(z, t), weight=2.0)


def oracle(logits, targets):
    """The price of every answer as SciPy takes the logarithm of a sigmoid, added up without NumPy."""
    z, t = (np.asarray(a, dtype=np.float64).ravel() for a in (logits, targets))
    right = np.where(t == 1, log_expit(z), log_expit(-z))
    return -math.fsum(right.tolist()) / z.size


def judge(case: Case, observation: Observation) -> Verdict:
    """Compare with the oracle; a price that is capped is recognised by that, whatever small number caps it."""
    return compare_prices(oracle(*case.args), observation.value)


def _stable(z, t):
    return np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))


def _sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def log_of_zero(logits, targets):
    """For a sure logit the sigmoid rounds to exactly 0 or 1, and your log(0) is -inf (or 0 · -inf, NaN). Take
    the logarithm on paper first: max(z, 0) - z·t + log(1 + exp(-|z|))."""
    p = _sigmoid(logits)
    return -np.mean(targets * np.log(p) + (1 - targets) * np.log(1 - p))


def propped_up_with_eps(logits, targets):
    """A small number inside the log (or clipping the probability) hides the log(0) but caps the price, at 14 for 1e-6
    and at 28 for 1e-12, where 1000 may be right. Simplify the formula instead of propping it up."""
    p = _sigmoid(logits)
    return -np.mean(targets * np.log(p + 1e-6) + (1 - targets) * np.log(1 - p + 1e-6))


def overflows(logits, targets):
    """log(1 + exp(z)) is right on paper, but exp(z) is infinite for large z. Write it as max(z, 0) + log(1 +
    exp(-|z|)), whose exponent is never positive; or use np.logaddexp(0, z)."""
    return np.mean(np.log1p(np.exp(logits)) - logits * targets)


def sigmoid_twice(logits, targets):
    """You apply the sigmoid and then a loss that applies it again: one too many. The loss takes the raw
    logits."""
    return np.mean(_stable(_sigmoid(logits), targets))


def logits_as_probabilities(logits, targets):
    """You take logarithms of the logits as if they were probabilities. They go through the sigmoid first, on
    paper at least."""
    return -np.mean(targets * np.log(logits) + (1 - targets) * np.log(1 - logits))


def summed(logits, targets):
    """You add the losses up. Take the mean over all elements."""
    return np.sum(_stable(logits, targets))


def divided_by_rows_only(logits, targets):
    """You divide by the number of rows. The mean runs over *all* elements."""
    return np.sum(_stable(logits, targets)) / len(logits)


def only_the_yes_half(logits, targets):
    """Targets of 0 cost nothing in your loss: the half (1 - t)·log(1 - p) is missing. Saying yes to
    everything would be free."""
    return np.mean(targets * np.logaddexp(0, -logits))


def targets_swapped(logits, targets):
    """Your loss rewards the wrong answer: yes and no are swapped. Where t = 1, a large positive logit should
    cost nearly nothing."""
    return np.mean(_stable(logits, 1 - targets))


def minus_forgotten(logits, targets):
    """Your loss is negative: a minus is missing in front. Better predictions should mean a smaller loss, down
    to 0."""
    return -np.mean(_stable(logits, targets))


def absolute_value_forgotten(logits, targets):
    """The exponent in your log is -z; it is -|z|. With max(z, 0) in front, exp(-z) is right for positive z only, and for
    z = -1000 it is infinite."""
    return np.mean(np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-logits)))


def python_max(logits, targets):
    """max(z, 0) asks whether the whole array is above 0, and that has no single answer. np.maximum(z, 0), with its -imum,
    asks for each element."""
    return np.mean(max(logits, 0) - logits * targets + np.log1p(np.exp(-np.abs(logits))))


def one_loss_per_element(logits, targets):
    """You return one loss per element. Take their mean: one number."""
    return _stable(logits, targets)


EXERCISE = Exercise(
    id="02.bce_with_logits",
    title="Binary cross-entropy from logits",
    objects=("bce_with_logits",),
    points=2,
    cases=cases,
    judge=judge,
    mistakes=(
        log_of_zero,
        propped_up_with_eps,
        overflows,
        sigmoid_twice,
        logits_as_probabilities,
        summed,
        divided_by_rows_only,
        only_the_yes_half,
        targets_swapped,
        minus_forgotten,
        absolute_value_forgotten,
        python_max,
        one_loss_per_element,
    ),
    hints=(
        "The plain formula works on small logits but not at 1000. → sigmoid(40) is exactly 1.0 in a float,"
        " so 1 - p is 0. The information is lost before the log sees it. Start from z, not from p.",
        "How do I simplify it? → -log(sigmoid(z)) = log(1 + exp(-z)) and -log(1 - sigmoid(z)) = z + log(1 +"
        " exp(-z)). Together: (1 - t)·z + log(1 + exp(-z)).",
        "exp(-z) overflows for z = -1000. → log(1 + exp(-z)) = max(-z, 0) + log(1 + exp(-|z|)), or"
        " np.logaddexp(0, -z).",
        "```python\nlosses = np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-np.abs(logits)))\n"
        "return float(losses.mean())\n```",
    ),
)
