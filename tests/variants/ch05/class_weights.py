"""05.class_weights written in other ways; each must pass."""

from collections import Counter

import numpy as np


def unique_counts(y):
    classes, n = np.unique(y, return_counts=True)
    return len(y) / (len(classes) * n)


def counter(y):
    count = Counter(y.tolist())
    return np.array([len(y) / len(count) / count[c] for c in sorted(count)])


def mean_of_a_mask(y):
    classes = sorted(set(y))
    return 1 / (len(classes) * np.array([np.mean(y == c) for c in classes]))


VARIANTS = (unique_counts, counter, mean_of_a_mask)
