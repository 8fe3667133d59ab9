"""02.sigmoid: any number to a number between 0 and 1."""

import math
from collections.abc import Iterator

import numpy as np
from scipy.special import expit

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("a vector", args=(rng.normal(size=7) * 2,))
    yield Case("a batch of 4 rows, 3 columns", args=(rng.normal(size=(4, 3)) * 3,))
    yield Case("three axes", args=(rng.normal(size=(2, 3, 5)),))
    yield Case("whole numbers", args=(rng.choice([-4, -3, -2, -1, 1, 2, 3, 4], size=(2, 6)),))
    yield Case("float32", args=(rng.normal(size=(1, 8)).astype(np.float32),))
    far = np.array([[1000.0, -1000.0, 1.5], [-0.7, 730.0, -720.0]])
    far += rng.uniform(-0.5, 0.5, size=far.shape)
    yield Case("far out: from -1000 to 1000", args=(far,), weight=2.0)


def oracle(z):
    return expit(np.asarray(z, dtype=np.float64))


def overflows(z):
    """For large positive z your exp(z) becomes infinite, and infinity / infinity is NaN. Write it with
    exp(-z): when that one overflows, 1 / (1 + infinity) is simply 0."""
    return np.exp(z) / (1 + np.exp(z))


def exponent_without_its_minus(z):
    """Your curve falls from 1 to 0 where it should rise: the exponent is -z, so it is 1 / (1 + exp(-z))."""
    return 1 / (1 + np.exp(z))


def brackets_forgotten(z):
    """Python reads 1 / 1 + exp(-z) as (1 / 1) + exp(-z). Put brackets around the whole denominator."""
    return 1 / 1 + np.exp(-z)


def hyperbolic_tangent(z):
    """This is tanh: it runs from -1 to 1. The sigmoid runs from 0 to 1 and gives 0.5 at z = 0."""
    return np.tanh(z)


def slope_in_place_of_value(z):
    """This is the sigmoid's slope, s (1 - s), a bump. Here the value s itself is asked for."""
    s = 1 / (1 + np.exp(-z))
    return s * (1 - s)


def squeezed_into_integers(z):
    """Your result array takes over the input's type, so whole numbers in give whole numbers out, and 0.88 is
    cut to 0. Make the result with dtype float."""
    out = np.zeros_like(z)
    out[...] = 1 / (1 + np.exp(-z))
    return out


def clipped_too_early(z):
    """You clip z to a small range first, so the far ends stop short of 0 and 1. Clip only where exp would
    overflow (beyond about 700), or not at all."""
    return 1 / (1 + np.exp(-np.clip(z, -10, 10)))


def limits_the_callers_array(z):
    """You limit z by writing into it, and that array belongs to the caller. Use np.clip, which makes a new
    one."""
    z[z < -500] = -500
    return 1 / (1 + np.exp(-z))


def math_exp_for_np_exp(z):
    """math.exp takes one number; np.exp takes arrays, and works on every element."""
    return 1 / (1 + math.exp(-z))


EXERCISE = Exercise(
    id="02.sigmoid",
    title="Sigmoid",
    objects=("sigmoid",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        overflows,
        exponent_without_its_minus,
        brackets_forgotten,
        hyperbolic_tangent,
        slope_in_place_of_value,
        squeezed_into_integers,
        clipped_too_early,
        limits_the_callers_array,
        math_exp_for_np_exp,
    ),
    hints=(
        "Do I need a loop? → No. np.exp works on every element of an array at once, and so do +, - and /.",
        "My result is NaN, or above 1. → Look at the sign in the exponent and at the brackets. What does"
        " your formula give for z = 1000, and what for z = -1000? Which piece becomes infinite, and is it"
        " divided by another infinity?",
        "I see a RuntimeWarning about overflow. → With exp(-z) in the denominator that is harmless: 1 / (1"
        " + inf) is 0, and 0 is right.",
        "```python\nreturn 1 / (1 + np.exp(-z))\n```",
    ),
)
