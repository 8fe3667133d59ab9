"""01.gaussian_nll written in other ways; each must pass."""

import math

import numpy as np
from scipy import stats


def by_the_book(x, mu, sigma):
    z = (x - mu) / sigma
    return float(np.mean(0.5 * z**2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)))


def log_of_the_normaliser(x, mu, sigma):
    return (np.log(np.sqrt(2 * np.pi) * sigma) + np.square(x - mu) / (2 * np.square(sigma))).mean()


def with_the_variance(x, mu, sigma):
    var = np.power(sigma, 2.0)
    return 0.5 * np.mean(np.log(2 * math.pi * var) + (x - mu) ** 2 / var)


def with_a_loop(x, mu, sigma):
    x, mu, sigma = np.broadcast_arrays(x, mu, sigma)
    total = 0.0
    for a, m, s in zip(x.flat, mu.flat, sigma.flat):
        total += (a - m) ** 2 / (2 * s * s) + math.log(s) + math.log(2 * math.pi) / 2
    return total / x.size


def with_scipy(x, mu, sigma):
    return -np.mean(stats.norm(mu, sigma).logpdf(x))


VARIANTS = (by_the_book, log_of_the_normaliser, with_the_variance, with_a_loop, with_scipy)
