"""02.leaky_relu written in other ways; each must pass."""

import numpy as np


def with_where(z, alpha=0.01):
    return np.where(z >= 0, z, alpha * z)


def larger_of_two_lines(z, alpha=0.01):
    return np.maximum(z, alpha * z)


def two_parts(z, alpha=0.01):
    return np.maximum(z, 0) + alpha * np.minimum(z, 0)


def slope_times_z(z, alpha=0.01):
    return z * np.where(z > 0, 1.0, alpha)


def on_a_float_copy(z, alpha=0.01):
    out = z.astype(float)
    out[out < 0] *= alpha
    return out


def with_a_loop(z, alpha=0.01):
    return np.array([v if v > 0 else alpha * v for v in z.flat], dtype=float).reshape(z.shape)


VARIANTS = (with_where, larger_of_two_lines, two_parts, slope_times_z, on_a_float_copy, with_a_loop)
