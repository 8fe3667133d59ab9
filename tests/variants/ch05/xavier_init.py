"""05.xavier_init written in other ways; each must pass."""

import numpy as np


def normal(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_in, fan_out))


def uniform(fan_in, fan_out, rng):
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, (fan_in, fan_out))


def standard_normal_scaled(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out)) * (2 / (fan_in + fan_out)) ** 0.5


def column_by_column(fan_in, fan_out, rng):
    w = np.empty((fan_in, fan_out))
    for j in range(fan_out):
        w[:, j] = (rng.random(fan_in) * 2 - 1) * np.sqrt(3) / np.sqrt((fan_in + fan_out) / 2)
    return w


VARIANTS = (normal, uniform, standard_normal_scaled, column_by_column)
