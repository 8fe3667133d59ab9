"""01.numerical_gradient written in other ways; each must pass."""

import numpy as np


def nudge_and_restore_a_copy(f, x, eps=1e-5):
    x = np.array(x, dtype=float)
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + eps
        above = f(x)
        x[i] = old - eps
        below = f(x)
        x[i] = old
        grad[i] = (above - below) / (2 * eps)
    return grad


def one_direction_at_a_time(f, x, eps=1e-5):
    x = np.asarray(x, dtype=float)
    slopes = [
        (f(x + eps * d.reshape(x.shape)) - f(x - eps * d.reshape(x.shape))) / (2 * eps) for d in np.eye(x.size)
    ]
    return np.array(slopes).reshape(x.shape)


def flat_with_order(f, x, eps=1e-5):
    flat = np.asarray(x).astype(float).ravel()
    out = np.empty_like(flat)
    for k in range(flat.size):
        up, down = flat.copy(), flat.copy()
        up[k] += eps
        down[k] -= eps
        out[k] = (f(up.reshape(np.shape(x))) - f(down.reshape(np.shape(x)))) / (up[k] - down[k])
    return out.reshape(np.shape(x))


def with_nditer(f, x, eps=1e-5):
    x = x * 1.0 if x.ndim else np.array(float(x))
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"])
    for _ in it:
        i = it.multi_index
        keep = x[i].copy()
        x[i] = keep + eps
        a = f(x)
        x[i] = keep - eps
        b = f(x)
        x[i] = keep
        grad[i] = (a - b) / 2 / eps
    return grad


def scalar_for_a_single_number(f, x, eps=1e-5):
    if x.ndim == 0:
        return (f(x + eps) - f(x - eps)) / (2 * eps)
    return nudge_and_restore_a_copy(f, x, eps)


def five_points(f, x, eps=1e-5):
    x = np.asarray(x, dtype=float)
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = eps
        grad[i] = (8 * (f(x + e) - f(x - e)) - (f(x + 2 * e) - f(x - 2 * e))) / (12 * eps)
    return grad


VARIANTS = (
    nudge_and_restore_a_copy,
    one_direction_at_a_time,
    flat_with_order,
    with_nditer,
    scalar_for_a_single_number,
    five_points,
)
