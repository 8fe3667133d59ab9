"""04.momentum_step written in other ways; each must pass."""

import copy

import numpy as np


def velocities_as_the_state(params, grads, state, lr, beta=0.9):
    v = {k: beta * state.get(k, 0.0) + grads[k] for k in params}
    return {k: p - lr * v[k] for k, p in params.items()}, v


def state_with_a_name(params, grads, state, lr=0.01, beta=0.9):
    old = state["velocity"] if state else {k: np.zeros(p.shape) for k, p in params.items()}
    velocity, new = {}, {}
    for k, p in params.items():
        velocity[k] = beta * old[k] + grads[k]
        new[k] = p - lr * velocity[k]
    return new, {"velocity": velocity}


def deep_copy_then_in_place(params, grads, state, *, lr, beta):
    state, params = copy.deepcopy(state), {k: p.astype(float) for k, p in params.items()}
    for k in params:
        v = state.setdefault(k, np.zeros_like(params[k]))
        v *= beta
        v += grads[k]
        params[k] -= lr * v
    return params, state


def remembers_every_gradient(params, grads, state, lr, beta=0.9):
    history = [*state.get("history", []), grads]
    n = len(history)
    v = {k: sum(beta ** (n - 1 - i) * g[k] for i, g in enumerate(history)) for k in params}
    return {k: p - lr * v[k] for k, p in params.items()}, {"history": history}


def negative_velocity(params, grads, state, lr, beta=0.9):
    v = {("v", k): beta * state.get(("v", k), 0) - g for k, g in grads.items()}
    return {k: p + lr * v["v", k] for k, p in params.items()}, v


VARIANTS = (
    velocities_as_the_state,
    state_with_a_name,
    deep_copy_then_in_place,
    remembers_every_gradient,
    negative_velocity,
)
