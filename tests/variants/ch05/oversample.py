"""05.oversample written in other ways; each must pass."""

import numpy as np
from sklearn.utils import resample


def row_numbers(x, y, rng):
    classes, n = np.unique(y, return_counts=True)
    rows = [np.arange(len(y))]
    for c, count in zip(classes, n):
        rows.append(rng.choice(np.flatnonzero(y == c), size=n.max() - count))
    rows = np.concatenate(rows)
    return x[rows], y[rows]


def shuffled_at_the_end(x, y, rng):
    most = np.bincount(y).max()
    rows = []
    for c in set(y.tolist()):
        own = np.flatnonzero(y == c).tolist()
        rows += own + [own[i] for i in rng.integers(0, len(own), most - len(own))]
    rows = rng.permutation(rows)
    return x[rows], y[rows]


def rounds_of_each_class(x, y, rng):
    own = [rng.permutation(np.flatnonzero(y == c)) for c in np.unique(y)]
    most = max(map(len, own))
    rows = np.concatenate([np.resize(r, most) for r in own])
    return [np.take(x, rows, axis=0), np.take(y, rows)]


def with_scikit_learn(x, y, rng):
    most = max((y == c).sum() for c in y)
    xs, ys = [x], [y]
    for c in np.unique(y):
        missing = most - (y == c).sum()
        if missing:
            more = resample(x[y == c], n_samples=missing, random_state=int(rng.integers(2**31)))
            xs.append(more)
            ys.append(np.full(missing, c))
    return np.concatenate(xs), np.concatenate(ys)


VARIANTS = (row_numbers, shuffled_at_the_end, rounds_of_each_class, with_scikit_learn)
