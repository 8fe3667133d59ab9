"""02.relu written in other ways; each must pass."""

import numpy as np


def with_maximum(z):
    return np.maximum(0, z)


def with_where(z):
    return np.where(z > 0, z, 0.0)


def times_its_mask(z):
    return z * (z > 0)


def on_a_copy(z):
    out = z.copy()
    out[out < 0] = 0
    return out


def half_of_the_sum(z):
    return (z + abs(z)) / 2


def with_clip(z):
    return np.clip(z, 0, None)


def with_a_loop(z):
    return np.array([max(v, 0.0) for v in z.flat]).reshape(z.shape)


VARIANTS = (with_maximum, with_where, times_its_mask, on_a_copy, half_of_the_sum, with_clip, with_a_loop)
