"""00.milestone_nearest_mean: a machine that learns, in a few lines.

The nearest-mean (nearest-centroid) classifier; see Hastie, Tibshirani and Friedman, "The Elements of Statistical
Learning", 2nd ed., section 18.2.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from scipy.spatial.distance import cdist

from ...data import DigitsSplit, load_digits_split
from ..authoring import Case, Exercise


@lru_cache(maxsize=1)
def _digits() -> DigitsSplit:
    return load_digits_split(0)


def _clouds(rng: np.random.Generator, counts: tuple[int, ...], d: int, m: int) -> tuple[np.ndarray, ...]:
    """Classes of unequal sizes around random centres, far from the origin."""
    centres = rng.normal(size=(len(counts), d)) * 2 + 5
    labels = np.repeat(np.arange(len(counts)), counts)
    order = rng.permutation(len(labels))
    x = centres[labels] + rng.normal(size=(len(labels), d))
    return x[order], labels[order], rng.permutation(centres)[np.arange(m) % len(counts)] + rng.normal(size=(m, d)) * 2


def _where_the_yardstick_matters(rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Class means at (0, 0, 0), (2, 2, 2) and (-9, 4, 9), and points that Manhattan distance puts elsewhere."""
    half = rng.normal(size=(4, 3))
    around = np.concatenate([half, -half])  # the means are exact
    centres = np.array([[0.0, 0, 0], [2, 2, 2], [-9, 4, 9]])
    x = np.concatenate([c + around for c in centres])
    points = np.array([[0.0, 0, 3.3], [3.4, 0, 0], [0, 3.5, 0], [-8, 4, 8], [0.2, 0.1, -0.3]])
    return x, np.repeat([0, 1, 2], 8), points + rng.uniform(-0.03, 0.03, size=points.shape)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("3 clouds in the plane", args=_clouds(rng, (30, 6, 14), 2, 25))
    yield Case("5 clouds in 7 dimensions", args=_clouds(rng, (4, 20, 9, 12, 7), 7, 30))
    yield Case("points far out along one axis", args=_where_the_yardstick_matters(rng))
    digits = _digits()
    some = rng.choice(len(digits.x_train), size=700, replace=False)
    yield Case(
        "real digits: 700 to learn from, 360 new ones",
        args=(digits.x_train[some], digits.y_train[some], digits.x_test),
        weight=2.0,
    )


def oracle(x_train, labels, x):
    """The least-squares fit of the samples by their class alone is the table of class means."""
    means = np.linalg.lstsq(np.eye(labels.max() + 1)[labels], x_train, rcond=None)[0]
    return cdist(x, means).argmin(axis=1)


def _means(x_train, labels):
    return np.array([x_train[labels == k].mean(axis=0) for k in range(labels.max() + 1)])


def _sq(x, points):
    return ((x[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)


def nearest_sample(x_train, labels, x):
    """You compare with every single training sample and take the nearest one's label. That is another good
    method, called 1-nearest-neighbour; it comes in chapter 01. Here compare with the mean of each class."""
    return labels[_sq(x, x_train).argmin(axis=1)]


def sums_for_means(x_train, labels, x):
    """Your class means are sums: the division by the number of samples is missing, so large classes lie far
    out."""
    sums = np.array([x_train[labels == k].sum(axis=0) for k in range(labels.max() + 1)])
    return _sq(x, sums).argmin(axis=1)


def one_number_per_class(x_train, labels, x):
    """Your class mean is one number, the average over all features too. Keep the features apart: mean(axis=0)
    gives a mean *sample*."""
    means = np.array([x_train[labels == k].mean() for k in range(labels.max() + 1)])
    return _sq(x, np.repeat(means[:, None], x.shape[1], axis=1)).argmin(axis=1)


def differences_cancel(x_train, labels, x):
    """You add up plain differences, and positive and negative ones cancel. Square each difference before
    adding."""
    return (x[:, None, :] - _means(x_train, labels)[None]).sum(axis=2).argmin(axis=1)


def farthest(x_train, labels, x):
    """You pick the class whose mean is farthest away. The smallest distance wins: argmin."""
    return _sq(x, _means(x_train, labels)).argmax(axis=1)


def first_samples_for_means(x_train, labels, x):
    """You compare with one sample of each class. One sample says little; average all samples that carry the
    label."""
    firsts = np.array([x_train[labels == k][0] for k in range(labels.max() + 1)])
    return _sq(x, firsts).argmin(axis=1)


def nearest_point_of_each_class(x_train, labels, x):
    """You return, for each class, the number of the point nearest to it. Asked for is the other direction:
    for each point its nearest class, so argmin runs over the classes (axis 1)."""
    return _sq(x, _means(x_train, labels)).argmin(axis=0)


def distances_for_labels(x_train, labels, x):
    """You return how far the nearest mean is. Asked for is *which* class it belongs to: argmin in place of
    min."""
    return _sq(x, _means(x_train, labels)).min(axis=1)


def counts_classes_from_one(x_train, labels, x):
    """Your class numbers are one too high: labels count from 0, as Python does."""
    return _sq(x, _means(x_train, labels)).argmin(axis=1) + 1


def manhattan_distance(x_train, labels, x):
    """You add up absolute differences: Manhattan distance, a yardstick of its own. Here the usual straight-line
    (Euclidean) distance is asked for: square the differences."""
    return abs(x[:, None, :] - _means(x_train, labels)[None]).sum(axis=2).argmin(axis=1)


def ten_classes_always(x_train, labels, x):
    """You go through ten classes whatever the labels are. The mean of a class without samples is NaN, and argmin takes
    NaN for the smallest. There are labels.max() + 1 classes."""
    means = np.array([x_train[labels == k].mean(axis=0) for k in range(10)])
    return _sq(x, means).argmin(axis=1)


def one_number_per_class_in_one_go(x_train, labels, x):
    """Your class means are single numbers, shape (K,): mean() without an axis averages over the features too. With
    mean(axis=0) each is a mean *sample*, and together they have the shape (K, D)."""
    means = np.array([x_train[labels == k].mean() for k in range(labels.max() + 1)])
    return ((x[:, None] - means) ** 2).sum(axis=-1).argmin(axis=1)


EXERCISE = Exercise(
    id="00.milestone_nearest_mean",
    title="Milestone: a machine that learns",
    objects=("nearest_mean",),
    points=3,
    cases=cases,
    oracle=oracle,
    mistakes=(
        nearest_sample,
        sums_for_means,
        one_number_per_class,
        differences_cancel,
        farthest,
        first_samples_for_means,
        nearest_point_of_each_class,
        distances_for_labels,
        counts_classes_from_one,
        ten_classes_always,
        one_number_per_class_in_one_go,
    ),
    conventions=(manhattan_distance,),
    hints=(
        "How do I pick the samples of one class? → labels == 3 is an array of True and False, and"
        " x_train[labels == 3] keeps the rows where it is True.",
        "What is the mean of images? → Again an image: x_train[labels == 3].mean(axis=0) averages each pixel"
        " by itself and has shape (D,).",
        "How do I measure how far a sample is from a mean? → Subtract, square, add up. For all samples of x"
        " at once: ((x - mean) ** 2).sum(axis=1) has shape (M,).",
        "How do I choose the class? → Put the distances to the K means beside each other, shape (M, K), and"
        " take the column with the smallest one: argmin(axis=1).",
        "```python\ndistances = []\nfor k in range(labels.max() + 1):\n"
        "    mean = x_train[labels == k].mean(axis=0)\n"
        "    distances.append(((x - mean) ** 2).sum(axis=1))\n"
        "return np.argmin(np.stack(distances, axis=1), axis=1)\n```",
    ),
)
