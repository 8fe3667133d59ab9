"""00.mlp_parameter_count written in other ways; each must pass."""

import numpy as np


def pairs(sizes):
    return sum(a * b + b for a, b in zip(sizes, sizes[1:]))


def by_index(sizes):
    total = 0
    for i in range(1, len(sizes)):
        total += (sizes[i - 1] + 1) * sizes[i]
    return total


def recursive(sizes):
    if len(sizes) < 2:
        return 0
    return sizes[1] * (sizes[0] + 1) + recursive(sizes[1:])


def numpy_dot(sizes):
    return np.dot(sizes[:-1], sizes[1:]) + np.sum(sizes[1:], dtype=int)


def shapes_of_arrays(sizes):
    shapes = [s for a, b in zip(sizes, sizes[1:]) for s in ((a, b), (b,))]
    return int(sum(np.prod(shape) for shape in shapes))


VARIANTS = (pairs, by_index, recursive, numpy_dot, shapes_of_arrays)
