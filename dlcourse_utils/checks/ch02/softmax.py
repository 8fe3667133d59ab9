"""02.softmax: each row of logits to probabilities."""

from collections.abc import Iterator

import numpy as np
from scipy.special import softmax as scipy_softmax

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("5 samples, 4 classes", args=(rng.normal(size=(5, 4)) * 2,))
    yield Case("3 samples, 7 classes", args=(rng.normal(size=(3, 7)),))
    yield Case("one sample", args=(rng.normal(size=(1, 6)),))
    yield Case("whole numbers", args=(rng.integers(-3, 4, size=(4, 3)),))
    yield Case("float32", args=(rng.normal(size=(6, 2)).astype(np.float32),))
    far = np.array([[1000.0, 1001, 1002.5, 998], [600, 900, 899, -40], [-1000, 450, 452, 451]])
    yield Case("logits near 1000", args=(far + rng.uniform(-0.4, 0.4, size=far.shape),), weight=2.0)
    alone = np.array([[0.0, 1, -1, 2500], [2400, 2, 0, -2], [1, 0, 2600, -1]])
    alone += rng.uniform(-0.4, 0.4, size=alone.shape)
    yield Case("one logit far above the rest of its row", args=(alone,))
    low = np.array([[-1100.0, -1101.5, -1099.0], [-900.0, -2500.0, -898.0]])
    yield Case("logits near -1000", args=(low + rng.uniform(-0.4, 0.4, size=low.shape),))


def oracle(z):
    return scipy_softmax(np.asarray(z, dtype=np.float64), axis=1)


def over_the_batch(z):
    """Your columns sum to one, not your rows: you normalise over the batch (axis 0). Each sample's classes
    should sum to 1, so work along axis 1."""
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def over_the_whole_array(z):
    """All your entries together sum to one. Each row is a sample of its own: sum along axis 1 only."""
    e = np.exp(z - z.max())
    return e / e.sum()


def keepdims_forgotten(z):
    """A sum (or max) along axis 1 has shape (N,), and NumPy lines that up with the *last* axis, the classes.
    With keepdims=True it stays (N, 1) and lines up with the samples."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1)


def overflows(z):
    """exp(1000) is infinite, and infinity / infinity is NaN. Subtract each row's largest logit first: the
    result is the same, because exp(z - m) only divides top and bottom by exp(m)."""
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def clips_the_logits(z):
    """You cut large logits to a limit, so two different large logits become equal. Nothing needs to be cut:
    subtract the row's largest logit instead."""
    e = np.exp(np.clip(z, -500, 500))
    return e / e.sum(axis=1, keepdims=True)


def forgets_the_exponential(z):
    """You divide the logits themselves by their sum. Logits may be negative; exp makes them positive
    first."""
    return z / z.sum(axis=1, keepdims=True)


def takes_the_logarithm(z):
    """This is the logarithm of the answer, log-softmax. Here the probabilities are asked for."""
    m = z.max(axis=1, keepdims=True)
    return z - m - np.log(np.exp(z - m).sum(axis=1, keepdims=True))


def sigmoid_of_each(z):
    """You squash each logit by itself with a sigmoid and then normalise. Softmax uses exp, so that only
    differences between a row's logits matter."""
    s = 1 / (1 + np.exp(-z))
    return s / s.sum(axis=1, keepdims=True)


def winner_takes_all(z):
    """You give the largest logit everything. Softmax is soft: the others keep a share, exp of how far they
    lie behind."""
    return (z == z.max(axis=1, keepdims=True)).astype(float)


def changes_its_input(z):
    """z -= … writes into the caller's logits. Write z = z - …, which makes a new array."""
    z -= z.max(axis=1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def mean_in_place_of_max(z):
    """Subtracting the row's mean changes nothing on paper, but the mean does not stop exp from overflowing. Only the row's
    largest logit makes every exponent ≤ 0."""
    e = np.exp(z - z.mean(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def sum_over_the_batch(z):
    """Your maximum runs along the rows, as it should, but your sum runs down the columns (axis=0). Each row should sum to
    1: sum(axis=1, keepdims=True)."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=0)


def sum_over_the_whole_array(z):
    """Your sum has no axis, so it adds up the whole batch. Each row should sum to 1: sum(axis=1, keepdims=True)."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum()


def maximum_over_the_batch(z):
    """Your sum is right, but your maximum runs down the columns (axis=0), so each logit of a row loses another number and
    the ratios change. All logits of a row must lose the same number: max(axis=1, keepdims=True)."""
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=1, keepdims=True)


EXERCISE = Exercise(
    id="02.softmax",
    title="Softmax",
    objects=("softmax",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        over_the_batch,
        over_the_whole_array,
        keepdims_forgotten,
        overflows,
        clips_the_logits,
        forgets_the_exponential,
        takes_the_logarithm,
        sigmoid_of_each,
        winner_takes_all,
        changes_its_input,
        mean_in_place_of_max,
        sum_over_the_batch,
        sum_over_the_whole_array,
        maximum_over_the_batch,
    ),
    hints=(
        "My rows don't sum to one. → Which axis do you sum over? In (N, K) the classes lie along axis 1.",
        "Operands could not be broadcast together. → Your sum has shape (N,). keepdims=True makes it (N,"
        " 1), one number beside each row.",
        "I get NaN for large logits. → Subtract each row's maximum before exp. The largest exponent is then"
        " 0, and exp(0) is 1.",
        "```python\ne = np.exp(z - z.max(axis=1, keepdims=True))\nreturn e / e.sum(axis=1,"
        " keepdims=True)\n```",
    ),
)
