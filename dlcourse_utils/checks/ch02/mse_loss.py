"""02.mse_loss: how far off are these numbers?"""

import math
from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    for name, shape in (
        ("a vector", (7,)),
        ("5 samples, 3 numbers each", (5, 3)),
        ("one sample", (1, 6)),
        ("three axes", (2, 4, 3)),
    ):
        yield Case(name, args=(rng.normal(size=shape) * 2, rng.normal(size=shape) + 1.5))
    pred = rng.integers(-6, 7, size=(4, 5))
    off_by = rng.integers(1, 6, size=(4, 5)) * rng.choice([-1, 1, 1], size=(4, 5))
    yield Case("whole numbers", args=(pred, pred + off_by))


def oracle(pred, target):
    """Added up number by number, without NumPy."""
    pairs = list(zip(np.ravel(pred).tolist(), np.ravel(target).tolist(), strict=True))
    return math.fsum((p - t) ** 2 for p, t in pairs) / len(pairs)


def summed(pred, target):
    """You add the squared errors up. Divide by how many there are: np.mean."""
    return np.sum((pred - target) ** 2)


def divided_by_samples_only(pred, target):
    """You sum over each sample's numbers and average over the samples. Here the mean runs over *all*
    elements, N times D."""
    return np.sum((pred - target) ** 2) / len(pred)


def rooted(pred, target):
    """This is the root of the mean squared error (RMSE). The M, the S and the E are right; leave the root
    out."""
    return np.sqrt(np.mean((pred - target) ** 2))


def absolute(pred, target):
    """You average absolute differences (MAE). Here they are squared."""
    return np.mean(np.abs(pred - target))


def not_squared(pred, target):
    """You average the plain differences, so an error of +3 and one of -3 cancel to a perfect score. Square
    first."""
    return np.mean(pred - target)


def mean_before_square(pred, target):
    """You square the mean; it is the mean of the squares. In your order, errors of +3 and -3 cancel before
    they are squared."""
    return np.mean(pred - target) ** 2


def one_loss_per_sample(pred, target):
    """You return one number per sample. A loss is one number for the whole batch: average over everything."""
    return np.mean((pred - target) ** 2, axis=-1)


def changes_its_input(pred, target):
    """pred -= target writes the differences into the caller's predictions. Write difference = pred -
    target."""
    pred -= target
    return np.mean(pred**2)


def halved(pred, target):
    """You use the halved mean squared error, as Bishop and many courses do: its ½ cancels the 2 of the
    derivative. A good convention, but here the plain mean is asked for, as in PyTorch: no ½."""
    return 0.5 * np.mean((pred - target) ** 2)


def hat_for_a_power(pred, target):
    """`^` is bitwise exclusive-or in Python; a square is `** 2`."""
    return np.mean((pred - target) ^ 2)


def one_loss_per_column(pred, target):
    """mean(axis=0) averages over the samples only and leaves one number per column. Without an axis the mean runs over
    everything: np.mean(…)."""
    return np.mean((pred - target) ** 2, axis=0)


EXERCISE = Exercise(
    id="02.mse_loss",
    title="Mean squared error",
    objects=("mse_loss",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        summed,
        divided_by_samples_only,
        rooted,
        absolute,
        not_squared,
        mean_before_square,
        one_loss_per_sample,
        changes_its_input,
        hat_for_a_power,
        one_loss_per_column,
    ),
    conventions=(halved,),
    hints=(
        "Over which axis is the mean? → Over all of them: np.mean without an axis. One number comes out.",
        "My loss is negative, or 0 although the predictions are off. → Errors above and below cancel."
        " Square before you average.",
        "```python\nreturn float(np.mean((pred - target) ** 2))\n```",
    ),
)
