"""05.l1_penalty written in other ways; each must pass."""

import numpy as np


def comprehensions(params, lam):
    penalty = float(lam * sum(np.abs(w).sum() for w, b in params))
    return penalty, [(lam * np.sign(w), np.zeros_like(b)) for w, b in params]


def running_total(params, lam):
    total, grads = 0.0, []
    for w, b in params:
        total += lam * np.linalg.norm(w.ravel(), ord=1)
        grads.append([lam * ((w > 0) * 1.0 - (w < 0)), 0 * b])
    return total, tuple(grads)


def w_over_its_size(params, lam):
    grads = []
    for w, b in params:
        size = np.abs(w)
        grads.append((lam * np.divide(w, size, out=np.zeros_like(w), where=size > 0), np.zeros(b.shape)))
    return sum((g * w).sum() for (g, _), (w, _) in zip(grads, params)), grads


VARIANTS = (comprehensions, running_total, w_over_its_size)
