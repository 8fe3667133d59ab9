"""02.relu: keep the positive part."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def _away_from_zero(rng: np.random.Generator, shape: tuple[int, ...], scale: float = 2.0) -> np.ndarray:
    """Both signs in every array, nothing near the kink."""
    z = rng.uniform(0.2, 1.0, size=shape) * scale * rng.choice([-1.0, 1.0], size=shape)
    z.flat[0], z.flat[1] = -abs(z.flat[0]), abs(z.flat[1])
    return z


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("a vector", args=(_away_from_zero(rng, (7,)),))
    yield Case("a batch of 5 rows, 3 columns", args=(_away_from_zero(rng, (5, 3), 4.0),))
    yield Case("one row", args=(_away_from_zero(rng, (1, 6)),))
    yield Case("three axes", args=(_away_from_zero(rng, (2, 4, 3)),))
    yield Case("large values", args=(_away_from_zero(rng, (3, 4), 1000.0),))


def oracle(z):
    """One number at a time, without NumPy's arithmetic."""
    return np.vectorize(lambda one: max(one, 0.0), otypes=[float])(z)


def absolute_value(z):
    """You flip negative inputs to positive ones. ReLU does not flip them, it replaces them by 0."""
    return np.abs(z)


def on_its_sign(z):
    """You return 1 where z is positive: that is the switch, not the value. Where the switch is on, z itself
    goes through."""
    return (z > 0).astype(float)


def wrong_side(z):
    """You keep the negative part. ReLU keeps what is above 0: the larger of z and 0."""
    return np.minimum(z, 0)


def np_max_for_np_maximum(z):
    """np.max(z, 0) takes the largest entry along axis 0 and loses an axis. np.maximum(z, 0), with its -imum,
    compares element by element."""
    return np.max(z, 0)


def one_question_for_the_whole_array(z):
    """max(z, 0) and `if z > 0` ask whether the whole array is above 0, and that has no single answer. np.maximum(z,
    0) asks for each element."""
    return max(z, 0)


def capped_at_one(z):
    """You also cut at 1. ReLU has no upper limit: 7 stays 7."""
    return np.clip(z, 0, 1)


def leaks(z):
    """You let a little of the negative side through. That is leaky ReLU, the next exercise; here it is
    exactly 0."""
    return np.where(z > 0, z, 0.01 * z)


def changes_its_input(z):
    """You write the zeros into the caller's array. Someone may still need those values (backprop will). Make
    a new array: np.maximum(z, 0)."""
    z[z < 0] = 0
    return z


EXERCISE = Exercise(
    id="02.relu",
    title="ReLU",
    objects=("relu",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        absolute_value,
        on_its_sign,
        wrong_side,
        np_max_for_np_maximum,
        one_question_for_the_whole_array,
        capped_at_one,
        leaks,
        changes_its_input,
    ),
    hints=(
        "Python says the truth value of an array is ambiguous. → `if z > 0` and max(z, 0) want one yes or"
        " no; an array has many. Look for a NumPy function that compares element by element.",
        "My result has fewer entries than my input. → np.max reduces an axis. np.maximum compares two"
        " things of the same shape.",
        "```python\nreturn np.maximum(z, 0)\n```",
    ),
)
