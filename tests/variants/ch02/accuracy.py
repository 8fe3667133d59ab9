"""02.accuracy written in other ways; each must pass."""

import numpy as np


def mean_of_matches(logits, labels):
    return float(np.mean(np.argmax(logits, axis=1) == labels))


def count_and_divide(logits, labels):
    return np.count_nonzero(logits.argmax(-1) == labels) / labels.shape[0]


def with_a_loop(logits, labels):
    right = 0
    for row, label in zip(logits.tolist(), labels, strict=True):
        right += row.index(max(row)) == label
    return right / len(labels)


def right_logit_is_the_row_maximum(logits, labels):
    return (logits[np.arange(len(labels)), labels] >= logits.max(axis=1)).mean()


def by_sorting(logits, labels):
    return 1 - np.mean(np.argsort(logits, axis=1)[:, -1] != labels)


VARIANTS = (mean_of_matches, count_and_divide, with_a_loop, right_logit_is_the_row_maximum, by_sorting)
