"""01.kl_divergence written in other ways; each must pass."""

import math

import numpy as np
from scipy import special, stats


def select_what_happens(p, q):
    happens = p > 0
    with np.errstate(divide="ignore"):
        return float(np.sum(p[happens] * np.log(p[happens] / q[happens])))


def nan_to_zero_term_by_term(p, q):
    with np.errstate(all="ignore"):
        return np.where(p == 0, 0.0, p * np.log(p / q)).sum()


def cross_entropy_minus_entropy(p, q):
    return (special.xlogy(p, p) - special.xlogy(p, q)).sum()


def with_a_loop(p, q):
    total = 0.0
    for a, b in zip(p, q):
        if a > 0 and b == 0:
            return math.inf
        if a > 0:
            total += a * (math.log(a) - math.log(b))
    return total


def with_scipy(p, q):
    return stats.entropy(p, q)


VARIANTS = (select_what_happens, nan_to_zero_term_by_term, cross_entropy_minus_entropy, with_a_loop, with_scipy)
