"""Right ways to measure a gradient; the error may be scaled in several ways."""

import numpy as np


def by_the_larger(f, x, grad, eps=1e-5):
    worst = 0.0
    x = x.copy()
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + eps
        up = f(x)
        x[i] = old - eps
        down = f(x)
        x[i] = old
        n = (up - down) / (2 * eps)
        a = grad[i]
        if a != 0 or n != 0:
            worst = max(worst, abs(a - n) / max(abs(a), abs(n)))
    return worst


def by_the_sum_with_floor(f, x, grad, eps=1e-5):
    flat = x.ravel()
    n = np.empty(flat.size)
    for i in range(flat.size):
        e = np.zeros(flat.size)
        e[i] = eps
        n[i] = (f((flat + e).reshape(x.shape)) - f((flat - e).reshape(x.shape))) / (2 * eps)
    a = grad.ravel()
    return np.max(np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n)))


def floor_added(f, x, grad, eps=1e-5):
    """An iterator over the array, and a floor that is added."""
    x = np.array(x, dtype=np.float64)
    errors = []
    it = np.nditer(x, flags=["multi_index"], op_flags=[["readwrite"]])
    for value in it:
        kept = float(value)
        value[...] = kept + eps
        up = f(x)
        value[...] = kept - eps
        down = f(x)
        value[...] = kept
        n = (up - down) / eps / 2
        a = float(grad[it.multi_index])
        errors.append(abs(a - n) / (abs(a) + abs(n) + 1e-8))
    return max(errors)


def identity_matrix(f, x, grad, eps=1e-5):
    """All moves at once as rows of a scaled identity, the floor under the larger one."""
    moves = eps * np.eye(x.size).reshape((x.size, *x.shape))
    n = np.array([(f(x + m) - f(x - m)) / (2 * eps) for m in moves]).reshape(x.shape)
    return float((np.abs(grad - n) / np.maximum(np.maximum(np.abs(grad), np.abs(n)), 1e-8)).max())


VARIANTS = (by_the_larger, by_the_sum_with_floor, floor_added, identity_matrix)
