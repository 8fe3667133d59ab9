"""02.accuracy: how many does it get right?"""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def _batch(rng: np.random.Generator, n: int, k: int, right: int) -> tuple[np.ndarray, np.ndarray]:
    """`right` of the n rows have their largest logit at the label."""
    logits = rng.normal(size=(n, k)) * 2
    labels = logits.argmax(axis=1)
    wrong = 1 + rng.permutation(n - 1)[right - 1 :]  # the first row is right
    labels[wrong] = (labels[wrong] + rng.integers(1, k, size=len(wrong))) % k
    logits[0, logits[0].argmax()] += 20  # the largest of all stands in the first row
    return logits, labels


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("8 samples, 5 classes", args=_batch(rng, 8, 5, 5))
    yield Case("13 samples, 3 classes", args=_batch(rng, 13, 3, 10))
    yield Case("7 samples, 12 classes", args=_batch(rng, 7, 12, 2))
    yield Case("many samples", args=_batch(rng, 200, 10, int(rng.integers(150, 190))))
    yield Case("one sample, right", args=_batch(rng, 1, 4, 1), weight=0.5)
    low, labels = _batch(rng, 9, 4, 4)
    yield Case("every logit below zero", args=(low - 30, labels))


def oracle(logits, labels):
    """Count row by row, without NumPy."""
    rows = np.asarray(logits).tolist()
    guesses = [row.index(max(row)) for row in rows]
    return sum(guess == label for guess, label in zip(guesses, np.asarray(labels).tolist(), strict=True)) / len(rows)


def counts(logits, labels):
    """You return how many are right. Divide by the number of samples, so that the answer lies between 0 and
    1."""
    return float(np.sum(logits.argmax(axis=1) == labels))


def over_the_batch(logits, labels):
    """Your argmax runs over the batch: it asks which *sample* is largest for each class. For each sample you
    want its largest class: axis 1."""
    return float(np.mean(logits.argmax(axis=0) == labels))


def over_the_whole_array(logits, labels):
    """argmax without an axis gives one position in the whole flattened array. You want one per row:
    axis=1."""
    return float(np.mean(logits.argmax() == labels))


def percent(logits, labels):
    """You return a percentage. Here the answer is a fraction between 0 and 1: 0.93, not 93."""
    return float(100 * np.mean(logits.argmax(axis=1) == labels))


def share_of_errors(logits, labels):
    """You count where prediction and label differ: that is the error rate, 1 - accuracy."""
    return float(np.mean(logits.argmax(axis=1) != labels))


def smallest_wins(logits, labels):
    """You take the class with the smallest logit. The prediction is the largest one."""
    return float(np.mean(logits.argmin(axis=1) == labels))


def largest_value_for_its_place(logits, labels):
    """You compare the largest logit's *value* with the label. What you want is its place, the column number:
    argmax, not max."""
    return float(np.mean(logits.max(axis=1) == labels))


def whole_or_nothing(logits, labels):
    """You return 1 only if every sample is right. Accuracy is the share of samples that are."""
    return float(np.all(logits.argmax(axis=1) == labels))


def one_answer_per_sample(logits, labels):
    """You return right or wrong for each sample. Take the mean of that: True counts as 1."""
    return logits.argmax(axis=1) == labels


EXERCISE = Exercise(
    id="02.accuracy",
    title="Accuracy",
    objects=("accuracy",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        counts,
        over_the_batch,
        over_the_whole_array,
        percent,
        share_of_errors,
        smallest_wins,
        largest_value_for_its_place,
        whole_or_nothing,
        one_answer_per_sample,
    ),
    hints=(
        "What does the network predict? → For each row, the column with the largest logit. np.argmax finds"
        " columns; along which axis?",
        "Do I need softmax first? → No. exp keeps the order, so the largest logit is also the largest"
        " probability.",
        "How do I count matches? → predicted == labels is an array of True and False, and its mean counts"
        " True as 1.",
        "```python\nreturn float(np.mean(logits.argmax(axis=1) == labels))\n```",
    ),
)
