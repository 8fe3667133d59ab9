"""02.cross_entropy: the price of the probability given to the right answer."""

import math
from collections.abc import Iterator

import numpy as np
from scipy.special import log_softmax

from ..authoring import Case, Exercise, Observation, Verdict
from ._capped import compare_prices


def _batch(rng: np.random.Generator, n: int, k: int, scale: float = 2.0) -> tuple[np.ndarray, np.ndarray]:
    return rng.normal(size=(n, k)) * scale, rng.integers(0, k, size=n)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("6 samples, 4 classes", args=_batch(rng, 6, 4))
    yield Case("3 samples, 8 classes", args=_batch(rng, 3, 8, 1.0))
    yield Case("one sample", args=_batch(rng, 1, 5))
    yield Case("whole-number logits", args=(rng.integers(-4, 5, size=(7, 3)), rng.integers(0, 3, size=7)))
    wrong = np.array([[-300.0, 600.0, -298.0], [-1.0, 1.0, -950.0]]) + rng.uniform(-0.4, 0.4, size=(2, 3))
    yield Case("sure, and wrong", args=(wrong, np.array([0, 2])), weight=2.0)
    alone = np.array([[0.0, 1, 2500], [2, 2400, 0], [2600, -1, -2]]) + rng.uniform(-0.4, 0.4, size=(3, 3))
    yield Case("one logit far above the rest of its row", args=(alone, np.array([2, 0, 0])))
    high = np.array([[1001.0, 1000, 999, 998], [740, 741, 743, 742], [900, 903, 901, 902]])
    high += rng.uniform(-0.4, 0.4, size=high.shape)
    yield Case("logits near 1000", args=(high, np.array([2, 0, 3])), weight=2.0)


def oracle(logits, labels):
    """The price of every label by SciPy's logarithms, added up without NumPy."""
    rows = log_softmax(np.asarray(logits, dtype=np.float64), axis=1).tolist()
    return -math.fsum(row[label] for row, label in zip(rows, np.asarray(labels).tolist(), strict=True)) / len(rows)


def judge(case: Case, observation: Observation) -> Verdict:
    """Compare with the oracle; a price that is capped is recognised by that, whatever small number caps it."""
    return compare_prices(oracle(*case.args), observation.value)


def _log_softmax(z, axis=1):
    m = z.max(axis=axis, keepdims=True)
    return z - m - np.log(np.exp(z - m).sum(axis=axis, keepdims=True))


def summed(logits, labels):
    """You add the losses of the samples up. Take their mean, so that the loss does not grow with the
    batch."""
    return -_log_softmax(logits)[np.arange(len(labels)), labels].sum()


def divided_by_samples_and_classes(logits, labels):
    """You divide by N·K. Each sample pays once, for its right class, so divide by the number of samples N."""
    return -_log_softmax(logits)[np.arange(len(labels)), labels].sum() / logits.size


def probabilities_in_place_of_logits(logits, labels):
    """You take the logarithm of the logits as if they were probabilities already. Logits may be negative or
    above 1; they go through softmax first."""
    return -np.mean(np.log(logits[np.arange(len(labels)), labels]))


def softmax_twice(logits, labels):
    """You apply softmax, and then log-softmax to the result: one too many. The second one squeezes every
    confidence."""
    return -np.mean(_log_softmax(np.exp(_log_softmax(logits)))[np.arange(len(labels)), labels])


def base_two(logits, labels):
    """You use log2, which measures the loss in bits. Here it is measured in nats, with the natural logarithm
    np.log."""
    return -np.mean(_log_softmax(logits)[np.arange(len(labels)), labels]) / np.log(2)


def minus_forgotten(logits, labels):
    """Your loss is negative. Log-probabilities are at most 0, and the loss is their negative: better
    predictions, smaller loss."""
    return np.mean(_log_softmax(logits)[np.arange(len(labels)), labels])


def every_row_with_every_label(logits, labels):
    """log_p[:, labels] picks *all* the labels from *every* row, N×N numbers. Pair them up:
    log_p[np.arange(N), labels] takes one number from each row."""
    return -np.mean(_log_softmax(logits)[:, labels])


def over_the_batch(logits, labels):
    """Your softmax runs over the batch (axis 0). Each sample's classes should sum to 1: work along axis 1."""
    return -np.mean(_log_softmax(logits, axis=0)[np.arange(len(labels)), labels])


def log_of_zero(logits, labels):
    """For a sample that is sure and wrong, your softmax gives 0 and the log of it -inf. The right loss there
    is large but finite. Use log-softmax, which never computes that 0."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(labels)), labels]))


def overflows(logits, labels):
    """exp overflows for large logits. Subtract each row's largest logit first, or call your log_softmax."""
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return -np.mean(log_p[np.arange(len(labels)), labels])


def propped_up_with_eps(logits, labels):
    """The small number you add (or clip at) inside the log caps the loss, at 14 for 1e-6 and at 28 for 1e-12, so a
    sample that is hopelessly wrong looks almost bearable. With log-softmax nothing needs propping up."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(labels)), labels] + 1e-6))


def one_loss_per_sample(logits, labels):
    """You return one loss per sample. Take their mean: one number for the batch."""
    return -_log_softmax(logits)[np.arange(len(labels)), labels]


def mean_in_place_of_max(logits, labels):
    """Subtracting the row's mean changes nothing on paper, but the mean does not stop exp from overflowing. Only the row's
    largest logit makes every exponent ≤ 0; or call your log_softmax."""
    z = logits - logits.mean(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -np.mean(log_p[np.arange(len(labels)), labels])


def labels_never_used(logits, labels):
    """You average the prices of *all* classes, and your labels are never used. From each row take one number, at its
    label: log_p[np.arange(N), labels]."""
    return -np.mean(_log_softmax(logits))


def ten_classes_always(logits, labels):
    """np.eye(10) has ten columns whatever the logits are. The number of classes is logits.shape[1]."""
    return -np.sum(np.eye(10)[labels] * _log_softmax(logits)) / len(labels)


def returns_inside_the_loop(logits, labels):
    """Your return stands inside the loop, so only the first sample counts. Move it out, to the level of the `for`."""
    return -_log_softmax(logits)[0, labels[0]]


def returns_the_mean_inside_the_loop(logits, labels):
    """Your return stands inside the loop, so only the first sample is added before you divide by N. Move it out, to the
    level of the `for`."""
    return -_log_softmax(logits)[0, labels[0]] / len(labels)


EXERCISE = Exercise(
    id="02.cross_entropy",
    title="Cross-entropy",
    objects=("cross_entropy",),
    points=2,
    cases=cases,
    judge=judge,
    mistakes=(
        summed,
        divided_by_samples_and_classes,
        probabilities_in_place_of_logits,
        softmax_twice,
        base_two,
        minus_forgotten,
        every_row_with_every_label,
        over_the_batch,
        log_of_zero,
        overflows,
        propped_up_with_eps,
        one_loss_per_sample,
        mean_in_place_of_max,
        labels_never_used,
        ten_classes_always,
        returns_inside_the_loop,
        returns_the_mean_inside_the_loop,
    ),
    hints=(
        "Where do the labels come in? → They are column numbers. For sample i you need the log-probability"
        " in row i, column labels[i], and nothing else.",
        "I picked log_p[:, labels] and got a square array. → Give NumPy a row number beside each column"
        " number: log_p[np.arange(N), labels].",
        "My loss is inf when the network is very wrong. → Are you taking np.log of a softmax? Your"
        " log_softmax was made for this.",
        "```python\nlog_p = log_softmax(logits)\nreturn float(-log_p[np.arange(len(labels)),"
        " labels].mean())\n```",
    ),
    builds_on=("02.log_softmax",),
)
