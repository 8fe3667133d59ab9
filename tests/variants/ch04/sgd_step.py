"""04.sgd_step written in other ways; each must pass."""

import copy

import numpy as np


def comprehension(params, grads, state, lr=0.01):
    return {k: p - lr * grads[k] for k, p in params.items()}, state


def loop_into_a_new_dict(params, grads, state, *, lr):
    new = {}
    for name in grads:
        new[name] = np.subtract(params[name], np.multiply(lr, grads[name]))
    return new, {}


def copies_then_in_place(params, grads, state, **hyper):
    new = {k: np.array(p, dtype=float) for k, p in params.items()}
    for k, g in grads.items():
        new[k] -= hyper["lr"] * g
    return [new, copy.deepcopy(state)]


def counts_its_steps(params, grads, state, lr):
    result = dict(params)
    result.update((k, p + (-lr) * grads[k]) for k, p in params.items())
    return result, {"t": state.get("t", 0) + 1}


VARIANTS = (comprehension, loop_into_a_new_dict, copies_then_in_place, counts_its_steps)
