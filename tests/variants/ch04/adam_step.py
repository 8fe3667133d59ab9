"""04.adam_step written in other ways; each must pass."""

import copy

import numpy as np


def three_entries(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state.get("t", 0) + 1
    m, v, new = {}, {}, {}
    for k, p in params.items():
        m[k] = beta1 * state.get("m", {}).get(k, 0.0) + (1 - beta1) * grads[k]
        v[k] = beta2 * state.get("v", {}).get(k, 0.0) + (1 - beta2) * grads[k] ** 2
        m_hat, v_hat = m[k] / (1 - beta1**t), v[k] / (1 - beta2**t)
        new[k] = p - lr * m_hat / (np.sqrt(v_hat) + eps)
    return new, {"t": t, "m": m, "v": v}


def one_record_per_key(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    new, kept = {}, {}
    for k in params:
        t, m, v = state.get(k, (0, np.zeros_like(params[k]), np.zeros_like(params[k])))
        t, m, v = t + 1, beta1 * m + (1 - beta1) * grads[k], beta2 * v + (1 - beta2) * grads[k] * grads[k]
        kept[k] = (t, m, v)
        new[k] = params[k] - lr / (1 - beta1**t) * m / (np.sqrt(v) / np.sqrt(1 - beta2**t) + eps)
    return new, kept


def as_pytorch_writes_it(params, grads, state, *, lr, beta1, beta2, eps):
    state = copy.deepcopy(state)
    step = state["step"] = state.get("step", 0) + 1
    out = {}
    for k, g in grads.items():
        exp_avg = state.setdefault(f"exp_avg.{k}", np.zeros(g.shape))
        exp_avg_sq = state.setdefault(f"exp_avg_sq.{k}", np.zeros(g.shape))
        exp_avg += (g - exp_avg) * (1 - beta1)
        exp_avg_sq *= beta2
        exp_avg_sq += (1 - beta2) * g * g
        denom = np.sqrt(exp_avg_sq) / (1 - beta2**step) ** 0.5 + eps
        out[k] = params[k] + -lr / (1 - beta1**step) * (exp_avg / denom)
    return out, state


def powers_in_the_state(params, grads, state, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    if not state:
        zeros = {k: np.zeros(np.shape(p)) for k, p in params.items()}
        state = {"b1": 1.0, "b2": 1.0, "m": zeros, "v": zeros}
    b1, b2 = state["b1"] * beta1, state["b2"] * beta2
    m = {k: beta1 * a + (1 - beta1) * grads[k] for k, a in state["m"].items()}
    v = {k: beta2 * a + (1 - beta2) * grads[k] ** 2 for k, a in state["v"].items()}
    new = {k: params[k] - lr * (m[k] / (1 - b1)) / ((v[k] / (1 - b2)) ** 0.5 + eps) for k in params}
    return new, {"b1": b1, "b2": b2, "m": m, "v": v}


def weighted_means_of_all_gradients(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    history = [*state.get("history", ()), grads]
    age = np.arange(len(history))[::-1]
    new = {}
    for k, p in params.items():
        g = np.array([past[k] for past in history], dtype=float)
        m_hat = np.average(g, axis=0, weights=beta1**age)
        v_hat = np.average(g**2, axis=0, weights=beta2**age)
        new[k] = p - lr * m_hat / (np.sqrt(v_hat) + eps)
    return new, {"history": history}


VARIANTS = (
    three_entries,
    one_record_per_key,
    as_pytorch_writes_it,
    powers_in_the_state,
    weighted_means_of_all_gradients,
)
