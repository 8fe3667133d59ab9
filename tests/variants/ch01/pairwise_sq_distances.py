"""01.pairwise_sq_distances written in other ways; each must pass."""

import numpy as np
from scipy.spatial.distance import cdist


def expanded_and_cut_off(a, b):
    aa, bb = (a * a).sum(axis=1, keepdims=True), (b * b).sum(axis=1)
    return np.maximum(aa + bb - 2 * a @ b.T, 0)


def all_differences(a, b):
    return ((a[:, None, :] - b[None, :, :]) ** 2).sum(axis=-1)


def differences_with_einsum(a, b):
    d = a[:, np.newaxis] - b
    return np.einsum("nmd,nmd->nm", d, d)


def absolute_value_of_the_expansion(a, b):
    return np.abs(np.einsum("nd,nd->n", a, a)[:, None] + np.square(b).sum(1) - 2 * np.dot(a, b.T))


def with_loops(a, b):
    return np.array([[sum((p - q) ** 2) for q in b] for p in a])


def rooted_and_squared_again(a, b):
    return cdist(a, b) ** 2


VARIANTS = (
    expanded_and_cut_off,
    all_differences,
    differences_with_einsum,
    absolute_value_of_the_expansion,
    with_loops,
    rooted_and_squared_again,
)
