"""05.stratified_split written in other ways; each must pass."""

import numpy as np
from sklearn.model_selection import train_test_split


def class_by_class(y, test_fraction, rng):
    train, test = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        n = round(len(rows) * test_fraction)
        test.append(rows[:n])
        train.append(rows[n:])
    return np.concatenate(train), np.concatenate(test)


def every_so_many_of_a_sorted_shuffle(y, test_fraction, rng):
    order = rng.permutation(len(y))
    order = order[np.argsort(np.unique(y, return_inverse=True)[1][order], kind="stable")]
    chosen = np.diff(np.floor(np.arange(len(y) + 1) * test_fraction + 1e-9)) > 0
    return order[~chosen], order[chosen]


def lists_and_sets(y, test_fraction, rng):
    by_class = {}
    for i, label in enumerate(y.tolist()):
        by_class.setdefault(label, []).append(i)
    test = []
    for rows in by_class.values():
        test += rng.choice(rows, size=int(len(rows) * test_fraction), replace=False).tolist()
    return sorted(set(range(len(y))) - set(test)), test


def with_scikit_learn(y, test_fraction, rng):
    train, test = train_test_split(
        np.arange(len(y)), test_size=test_fraction, stratify=y, random_state=int(rng.integers(2**31))
    )
    return train, test


VARIANTS = (class_by_class, every_so_many_of_a_sorted_shuffle, lists_and_sets, with_scikit_learn)
