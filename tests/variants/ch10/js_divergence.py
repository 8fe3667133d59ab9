"""10.js_divergence written in other ways; each must pass."""

import numpy as np
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr


def with_scipy(p, q):
    return jensenshannon(p, q) ** 2


def with_rel_entr(p, q):
    m = (p + q) / 2
    return (rel_entr(p, m) + rel_entr(q, m)).sum() / 2


def entry_by_entry(p, q):
    total = 0.0
    for a, b in zip(p, q, strict=True):
        m = (a + b) / 2
        if a > 0:
            total += 0.5 * a * np.log(a / m)
        if b > 0:
            total += 0.5 * b * np.log(b / m)
    return total


VARIANTS = (with_scipy, with_rel_entr, entry_by_entry)
