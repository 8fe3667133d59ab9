"""10.optimal_discriminator written in other ways; each must pass."""

import numpy as np


def half_where_nothing_is(p, q):
    total = p + q
    return np.where(total == 0, 0.5, p / np.where(total == 0, 1, total))


def point_by_point(p, q):
    out = np.empty(p.shape)
    for i in np.ndindex(p.shape):
        out[i] = p[i] / (p[i] + q[i]) if p[i] + q[i] > 0 else 0.5
    return out


def one_over_one_plus_ratio(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        d = 1 / (1 + q / p)
    return np.where(np.isnan(d), 0.5, d)


VARIANTS = (half_where_nothing_is, point_by_point, one_over_one_plus_ratio)
