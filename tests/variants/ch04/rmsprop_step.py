"""04.rmsprop_step written in other ways; each must pass."""

import copy
import math

import numpy as np


def averages_as_the_state(params, grads, state, lr, beta=0.99, eps=1e-8):
    s = {k: beta * state.get(k, 0.0) + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: p - lr * grads[k] / (np.sqrt(s[k]) + eps) for k, p in params.items()}, s


def average_moved_towards_the_square(params, grads, state, lr, beta=0.99, eps=1e-8):
    s, new = {}, {}
    for k, g in grads.items():
        old = state["s"][k] if "s" in state else np.zeros(g.shape)
        s[k] = old + (1 - beta) * (np.square(g) - old)
        new[k] = params[k] - lr / (s[k] ** 0.5 + eps) * g
    return new, {"s": s}


def deep_copy_then_in_place(params, grads, state, *, lr, beta, eps):
    state = copy.deepcopy(state)
    params = {k: np.array(p, dtype=np.float64) for k, p in params.items()}
    for k, g in grads.items():
        s = state.setdefault(k, np.zeros(g.shape))
        s *= beta
        s += (1 - beta) * g * g
        params[k] -= lr * g / (np.sqrt(s) + eps)
    return params, state


def one_number_at_a_time(params, grads, state, lr=0.01, beta=0.99, eps=1e-8):
    new, kept = {}, {}
    for k, p in params.items():
        new[k], kept[k] = np.zeros(p.shape), np.zeros(p.shape)
        for i in np.ndindex(p.shape):
            g = float(grads[k][i])
            kept[k][i] = beta * (state[k][i] if k in state else 0.0) + (1 - beta) * g * g
            new[k][i] = p[i] - lr * g / (math.sqrt(kept[k][i]) + eps)
    return new, kept


VARIANTS = (
    averages_as_the_state,
    average_moved_towards_the_square,
    deep_copy_then_in_place,
    one_number_at_a_time,
)
