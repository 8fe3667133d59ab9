"""05.l2_penalty written in other ways; each must pass."""

import numpy as np


def comprehensions(params, lam):
    penalty = float(lam * sum((w**2).sum() for w, b in params))
    return penalty, [(2 * lam * w, np.zeros_like(b)) for w, b in params]


def squared_norm(params, lam):
    total, grads = 0, []
    for w, b in params:
        total += np.linalg.norm(w) ** 2
        grads.append([lam * (w + w), b * 0])
    return lam * total, grads


def dot_products(params, lam):
    return (
        lam * np.sum([np.vdot(w, w) for w, _ in params]),
        tuple((np.multiply(2.0 * lam, w), np.zeros(len(b))) for w, b in params),
    )


VARIANTS = (comprehensions, squared_norm, dot_products)
