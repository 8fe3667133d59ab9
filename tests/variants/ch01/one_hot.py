"""01.one_hot written in other ways; each must pass."""

import numpy as np


def rows_of_the_identity(y, k):
    return np.eye(k)[y]


def one_place_per_row(y, k):
    out = np.zeros((len(y), k))
    out[np.arange(len(y)), y] = 1
    return out


def by_comparison(y, k):
    return (y[:, None] == np.arange(k)).astype(float)


def put_along_axis(y, k):
    out = np.zeros((y.shape[0], k), dtype=np.float32)
    np.put_along_axis(out, y[:, None], 1.0, axis=1)
    return out


def with_loops(y, k):
    return np.array([[1.0 if label == c else 0.0 for c in range(k)] for label in y])


VARIANTS = (rows_of_the_identity, one_place_per_row, by_comparison, put_along_axis, with_loops)
