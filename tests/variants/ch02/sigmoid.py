"""02.sigmoid written in other ways; each must pass."""

import math

import numpy as np
from scipy.special import expit


def by_the_book(z):
    return 1 / (1 + np.exp(-z))


def two_sided(z):
    out = np.empty(z.shape, dtype=float)
    positive = z >= 0
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    e = np.exp(z[~positive])
    out[~positive] = e / (1 + e)
    return out


def through_tanh(z):
    return 0.5 * (1 + np.tanh(z / 2))


def with_scipy(z):
    return expit(z)


def with_logaddexp(z):
    return np.exp(-np.logaddexp(0, -z))


def clipped_far_out(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


def one_number_at_a_time(z):
    return np.array([1 / (1 + math.exp(-v)) if v > -700 else 0.0 for v in z.ravel()]).reshape(z.shape)


VARIANTS = (
    by_the_book,
    two_sided,
    through_tanh,
    with_scipy,
    with_logaddexp,
    clipped_far_out,
    one_number_at_a_time,
)
