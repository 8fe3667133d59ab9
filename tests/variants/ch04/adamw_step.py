"""04.adamw_step written in other ways; each must pass."""

import copy

import numpy as np


def _adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state.get("t", 0) + 1
    m = {k: beta1 * state.get("m", {}).get(k, 0.0) + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * state.get("v", {}).get(k, 0.0) + (1 - beta2) * grads[k] ** 2 for k in params}
    new = {
        k: p - lr * m[k] / (1 - beta1**t) / (np.sqrt(v[k] / (1 - beta2**t)) + eps) for k, p in params.items()
    }
    return new, {"t": t, "m": m, "v": v}


def shrinks_then_calls_adam(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    shrunk = {k: p * (1 - lr * weight_decay) for k, p in params.items()}
    return _adam_step(shrunk, grads, state, lr=lr, beta1=beta1, beta2=beta2, eps=eps)


def calls_adam_then_subtracts(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    new, state = _adam_step(params, grads, state, lr, beta1, beta2, eps)
    return {k: new[k] - lr * weight_decay * params[k] for k in params}, state


def all_in_one_loop(params, grads, state, *, lr, beta1, beta2, eps, weight_decay):
    state, out = copy.deepcopy(state), {}
    state["t"] = t = state.get("t", 0) + 1
    for k, p in params.items():
        m, v = state.get(k, (0.0, 0.0))
        m = beta1 * m + (1 - beta1) * grads[k]
        v = beta2 * v + (1 - beta2) * grads[k] ** 2
        state[k] = m, v
        step = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
        out[k] = p - lr * (step + weight_decay * p)
    return out, state


VARIANTS = (shrinks_then_calls_adam, calls_adam_then_subtracts, all_in_one_loop)
