"""01.pairwise_sq_distances: how far is every point from every other?"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.spatial.distance import cdist

from ..authoring import Case, Exercise, Observation, Verdict, compare


def _clouds(rng: np.random.Generator, n: int, m: int, d: int) -> tuple[np.ndarray, ...]:
    return rng.normal(size=(n, d)) * 1.5 + 1, rng.normal(size=(m, d)) - 0.5


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("5 points and 3 points in the plane", args=_clouds(rng, 5, 3, 2))
    yield Case("4 points and 4 points in 4 dimensions", args=_clouds(rng, 4, 4, 4))
    yield Case("one point against six", args=_clouds(rng, 1, 6, 3))
    yield Case("whole numbers", args=(rng.integers(-6, 7, size=(4, 3)), rng.integers(-6, 7, size=(5, 3)) + 10))
    far = rng.normal(size=(60, 17)) + rng.uniform(50, 150, size=17)
    yield Case("60 points far from the origin, each against itself", args=(far, far.copy()), weight=2.0)


def judge(case: Case, observation: Observation) -> Verdict:
    """The right values, and none below zero: even where rounding would do no harm, a root of it would."""
    expected: Any = cdist(*(np.asarray(a, dtype=float) for a in case.args), metric="sqeuclidean")
    verdict = compare(expected, observation.value)
    if not verdict.passed:
        return verdict
    lowest = float(observation.value.min())
    if lowest < 0:
        return Verdict.wrong(
            f"The smallest of your squared distances is {lowest:.3g}. A square is never negative.",
            expected,
            observation.value,
            symptom="negative",
        )
    return Verdict.ok()


def _norms(a):
    return (a**2).sum(axis=1)


def factor_two_forgotten(a, b):
    """(p - q)² = p² + q² - 2pq: the factor 2 of the mixed term is missing."""
    return np.maximum(_norms(a)[:, None] + _norms(b)[None, :] - a @ b.T, 0)


def mixed_term_added(a, b):
    """You add the mixed term. (p - q)² = p² + q² *minus* 2pq."""
    return _norms(a)[:, None] + _norms(b)[None, :] + 2 * a @ b.T


def square_root_taken(a, b):
    """You return distances. Asked for are their squares: leave the root out. For finding the nearest point it
    makes no difference, and it saves work."""
    return np.sqrt(((a[:, None, :] - b[None, :, :]) ** 2).sum(axis=2))


def negative_from_cancellation(a, b):
    """p² + q² - 2pq subtracts two large, nearly equal numbers, and rounding leaves a little less than zero. A
    later square root of that is NaN. Cut it off: np.maximum(…, 0)."""
    return _norms(a)[:, None] + _norms(b)[None, :] - 2 * a @ b.T


def absolute_differences(a, b):
    """You add up absolute differences (Manhattan distance). Square them instead."""
    return abs(a[:, None, :] - b[None, :, :]).sum(axis=2)


def mean_in_place_of_sum(a, b):
    """You average over the features. The squared distance is their *sum*."""
    return ((a[:, None, :] - b[None, :, :]) ** 2).mean(axis=2)


def squared_after_the_sum(a, b):
    """You add the differences up and then square. Positive and negative ones cancel that way: square each,
    then add."""
    return (a[:, None, :] - b[None, :, :]).sum(axis=2) ** 2


def transposed(a, b):
    """Your table lies on its side: entry [i, j] should be about a[i] and b[j], so its shape is (N, M)."""
    return ((b[:, None, :] - a[None, :, :]) ** 2).sum(axis=2)


def row_by_row_only(a, b):
    """You compare row i of a with row i of b only. Every row of a meets every row of b; a[:, None, :] - b
    makes all the pairs."""
    return ((a - b) ** 2).sum(axis=1)


def norms_of_a_not_turned(a, b):
    """‖a‖² goes down the rows: it belongs to row i, so give it an axis to the right, (a**2).sum(axis=1)[:, None], before you add. As a flat row it is added along the columns, or does not fit."""
    return np.maximum(_norms(a) + _norms(b) - 2 * a @ b.T, 0)


def norms_of_a_not_turned_and_below_zero(a, b):
    """‖a‖² goes down the rows: it belongs to row i, so give it an axis to the right, (a**2).sum(axis=1)[:, None], before you add. Then cut off what rounding leaves below zero: np.maximum(…, 0)."""
    return _norms(a) + _norms(b) - 2 * a @ b.T


EXERCISE = Exercise(
    id="01.pairwise_sq_distances",
    title="All distances between two sets of points",
    objects=("pairwise_sq_distances",),
    points=2,
    cases=cases,
    judge=judge,
    mistakes=(
        factor_two_forgotten,
        mixed_term_added,
        square_root_taken,
        negative_from_cancellation,
        absolute_differences,
        mean_in_place_of_sum,
        squared_after_the_sum,
        transposed,
        row_by_row_only,
        norms_of_a_not_turned,
        norms_of_a_not_turned_and_below_zero,
    ),
    hints=(
        "How do all pairs come about without a loop? → Give a a new axis: a[:, None, :] has shape (N, 1, D)."
        " Minus b of shape (M, D), NumPy stretches both to (N, M, D).",
        "That needs much memory for many points. → Use (p - q)² = p² + q² - 2pq: row sums of squares of a as"
        " (N, 1), of b as (M,), and one matrix product a @ b.T of shape (N, M).",
        "Some of my distances are -1e-12. → The last formula subtracts nearly equal numbers. Wrap it in"
        " np.maximum(…, 0).",
        "```python\naa = (a**2).sum(axis=1)[:, None]\nbb = (b**2).sum(axis=1)\n"
        "return np.maximum(aa + bb - 2 * a @ b.T, 0)\n```",
    ),
)
