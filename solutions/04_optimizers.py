# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 04 · Optimizers

# %%
import numpy as np


def sgd_step(params, grads, state, lr):
    ### BEGIN SOLUTION
    return {k: p - lr * grads[k] for k, p in params.items()}, state
    ### END SOLUTION


def momentum_step(params, grads, state, lr, beta=0.9):
    ### BEGIN SOLUTION
    v = {k: beta * state.get(k, 0.0) + grads[k] for k in params}
    return {k: p - lr * v[k] for k, p in params.items()}, v
    ### END SOLUTION


def rmsprop_step(params, grads, state, lr, beta=0.99, eps=1e-8):
    ### BEGIN SOLUTION
    s = {k: beta * state.get(k, 0.0) + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: p - lr * grads[k] / (np.sqrt(s[k]) + eps) for k, p in params.items()}, s
    ### END SOLUTION


def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    ### BEGIN SOLUTION
    t = state.get("t", 0) + 1
    m, v, new = {}, {}, {}
    for k, p in params.items():
        m[k] = beta1 * state.get("m", {}).get(k, 0.0) + (1 - beta1) * grads[k]
        v[k] = beta2 * state.get("v", {}).get(k, 0.0) + (1 - beta2) * grads[k] ** 2
        m_hat = m[k] / (1 - beta1**t)
        v_hat = v[k] / (1 - beta2**t)
        new[k] = p - lr * m_hat / (np.sqrt(v_hat) + eps)
    return new, {"t": t, "m": m, "v": v}
    ### END SOLUTION


def adamw_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    ### BEGIN SOLUTION
    shrunk = {k: p * (1 - lr * weight_decay) for k, p in params.items()}
    return adam_step(shrunk, grads, state, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    ### END SOLUTION


def cosine_schedule(step, total, lr_max, lr_min=0.0, warmup=0):
    ### BEGIN SOLUTION
    if step < warmup:
        return lr_max * step / warmup
    done = min(1.0, (step - warmup) / (total - warmup))
    return lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * done)) / 2
    ### END SOLUTION


def iterate_minibatches(x, y, batch_size, rng):
    ### BEGIN SOLUTION
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], y[rows]
    ### END SOLUTION


def clip_by_global_norm(grads, max_norm):
    ### BEGIN SOLUTION
    norm = float(np.sqrt(sum((g**2).sum() for g in grads.values())))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {k: g * scale for k, g in grads.items()}, norm
    ### END SOLUTION


def descend(f_grad, x0, optimizer, steps):
    ### BEGIN SOLUTION
    params, state = {"x": np.array(x0, dtype=float)}, {}
    path = [params["x"]]
    for _ in range(steps):
        params, state = optimizer(params, {"x": f_grad(params["x"])}, state)
        path.append(params["x"])
    return np.array(path)
    ### END SOLUTION


def ravine_settings():
    ### BEGIN SOLUTION
    return {
        "sgd": {"lr": 0.036},
        "momentum": {"lr": 0.03, "beta": 0.85},
        "rmsprop": {"lr": 0.08, "beta": 0.9},
        "adam": {"lr": 0.3},
        "adamw": {"lr": 0.3, "weight_decay": 0.001},
    }
    ### END SOLUTION


def fit(params, x, y, loss_and_grads, step, lr_max, epochs, rng, batch_size=32, max_norm=5.0):
    ### BEGIN SOLUTION
    total = epochs * -(-len(x) // batch_size)
    state, losses = {}, []
    for _ in range(epochs):
        for xb, yb in iterate_minibatches(x, y, batch_size, rng):
            loss, grads = loss_and_grads(params, xb, yb)
            grads, _ = clip_by_global_norm(grads, max_norm)
            lr = cosine_schedule(len(losses), total, lr_max, warmup=total // 10)
            params, state = step(params, grads, state, lr=lr)
            losses.append(loss)
    return params, losses
    ### END SOLUTION
