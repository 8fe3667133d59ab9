"""10.optimal_discriminator: p / (p + q) in exact fractions, ½ where both are 0."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    p, q = rng.uniform(0.1, 2, size=(2, 7))
    yield Case("densities at 7 points", (p, q))
    p, q = rng.uniform(0.1, 1, size=(2, 8))
    p[:3], q[2:5] = 0.0, 0.0  # at index 2 both are 0
    yield Case("some densities are 0, at one point both", (p, q))
    yield Case("tiny densities, of about 1e-200", tuple(rng.uniform(0.2, 3, size=(2, 5)) * 1e-200))
    yield Case("on a grid, (3, 4)", tuple(rng.uniform(0.1, 5, size=(2, 3, 4))))
    yield Case("counts, whole numbers", tuple(rng.integers(1, 30, size=(2, 6))))


def oracle(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    exact = [0.5 if a + b == 0 else float(Fraction(a) / (Fraction(a) + Fraction(b))) for a, b in zip(p.flat, q.flat, strict=True)]
    return np.array(exact).reshape(p.shape)


def swapped(p, q):
    """You return the probability of *fake*. D says how likely a point is real: the data's density p belongs on top."""
    total = p + q
    return np.divide(q, total, out=np.full(np.shape(p), 0.5), where=total > 0)


def nothing_over_nothing(p, q):
    """Where both densities are 0 you divide 0 by 0. Put ½ there: nothing ever appears at such a point, and D has no reason to lean to either side."""
    return p / (p + q)


def zero_where_nothing_is(p, q):
    """Where both densities are 0 you answer 0, so D would be sure of a fake. It has no reason to lean to either side there: ½."""
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(p / (p + q))


def odds(p, q):
    """You return p / q, which is the odds. A probability lies between 0 and 1: p / (p + q)."""
    return np.divide(p, q, out=np.full(np.shape(p), 0.5), where=q > 0)


def logits_in_place_of_probabilities(p, q):
    """You return log p − log q, the optimal *logit*. Asked for is the probability, σ of that: p / (p + q)."""
    return np.where((p > 0) & (q > 0), np.log(np.where(p > 0, p, 1.0)) - np.log(np.where(q > 0, q, 1.0)), 0.5)


def epsilon_below(p, q):
    """You add a small number to the denominator. Where densities are small too, it is not small: far out, D would call everything fake. Treat 0 / 0 by itself."""
    return p / (p + q + 1e-8)


def normalised_first(p, q):
    """You make p and q sum to 1 first. They are densities at some points, given as they are; the formula holds at each point by itself."""
    p, q = p / p.sum(), q / q.sum()
    total = p + q
    return np.divide(p, total, out=np.full(np.shape(p), 0.5), where=total > 0)


EXERCISE = Exercise(
    id="10.optimal_discriminator",
    title="The best possible detective",
    objects=("optimal_discriminator",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(swapped, nothing_over_nothing, zero_where_nothing_is, odds, logits_in_place_of_probabilities, epsilon_below, normalised_first),
    hints=(
        "Where does the formula come from? → At one point D gets −p log d − q log(1 − d). Set the derivative with respect to d to 0 and solve for d.",
        "NaN where both are 0. → np.divide(p, total, out=np.full(p.shape, 0.5), where=total > 0), or np.where with a denominator that is not 0.",
        "Nearly everything:\n```python\ntotal = p + q\nreturn np.where(total > 0, p / np.where(total > 0, total, 1), ...)\n```",
    ),
)
