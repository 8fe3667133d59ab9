# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 05 · Training well

# %%
import numpy as np


def xavier_init(fan_in, fan_out, rng):
    ### BEGIN SOLUTION
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_in, fan_out))
    ### END SOLUTION


def he_init(fan_in, fan_out, rng):
    ### BEGIN SOLUTION
    return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_in, fan_out))
    ### END SOLUTION


def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
    ### BEGIN SOLUTION
    state.setdefault("running_mean", np.zeros(x.shape[1]))
    state.setdefault("running_var", np.ones(x.shape[1]))
    if train:
        mean, var = x.mean(axis=0), x.var(axis=0)
        state["running_mean"] = momentum * state["running_mean"] + (1 - momentum) * mean
        state["running_var"] = momentum * state["running_var"] + (1 - momentum) * var
    else:
        mean, var = state["running_mean"], state["running_var"]
    std = np.sqrt(var + eps)
    xhat = (x - mean) / std
    return gamma * xhat + beta, (xhat, gamma, std)
    ### END SOLUTION


def batchnorm_backward(dout, cache):
    ### BEGIN SOLUTION
    xhat, gamma, std = cache
    d = dout * gamma
    dx = (d - d.mean(axis=0) - xhat * (d * xhat).mean(axis=0)) / std
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
    ### END SOLUTION


def layernorm_forward(x, gamma, beta, eps=1e-5):
    ### BEGIN SOLUTION
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    xhat = (x - x.mean(axis=1, keepdims=True)) / std
    return gamma * xhat + beta, (xhat, gamma, std)
    ### END SOLUTION


def layernorm_backward(dout, cache):
    ### BEGIN SOLUTION
    xhat, gamma, std = cache
    d = dout * gamma
    dx = (d - d.mean(axis=1, keepdims=True) - xhat * (d * xhat).mean(axis=1, keepdims=True)) / std
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
    ### END SOLUTION


def dropout_forward(x, p_drop, train, rng):
    ### BEGIN SOLUTION
    if not train:
        return x, 1.0
    mask = (rng.random(x.shape) >= p_drop) / (1 - p_drop)
    return x * mask, mask
    ### END SOLUTION


def dropout_backward(dout, cache):
    ### BEGIN SOLUTION
    return dout * cache
    ### END SOLUTION


def l1_penalty(params, lam):
    ### BEGIN SOLUTION
    penalty = float(lam * sum(np.abs(w).sum() for w, b in params))
    return penalty, [(lam * np.sign(w), np.zeros_like(b)) for w, b in params]
    ### END SOLUTION


def l2_penalty(params, lam):
    ### BEGIN SOLUTION
    penalty = float(lam * sum((w**2).sum() for w, b in params))
    return penalty, [(2 * lam * w, np.zeros_like(b)) for w, b in params]
    ### END SOLUTION


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        ### BEGIN SOLUTION
        self.patience, self.min_delta = patience, min_delta
        self.best, self.bad = float("inf"), 0
        ### END SOLUTION

    def update(self, loss):
        ### BEGIN SOLUTION
        if loss < self.best - self.min_delta:
            self.best, self.bad = loss, 0
        else:
            self.bad += 1
        return self.bad >= self.patience
        ### END SOLUTION


def stratified_split(y, test_fraction, rng):
    ### BEGIN SOLUTION
    train, test = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        n = round(len(rows) * test_fraction)
        test.append(rows[:n])
        train.append(rows[n:])
    return np.concatenate(train), np.concatenate(test)
    ### END SOLUTION


def class_weights(y):
    ### BEGIN SOLUTION
    classes, n = np.unique(y, return_counts=True)
    return len(y) / (len(classes) * n)
    ### END SOLUTION


def oversample(x, y, rng):
    ### BEGIN SOLUTION
    classes, n = np.unique(y, return_counts=True)
    rows = [np.arange(len(y))]
    for c, count in zip(classes, n, strict=True):
        rows.append(rng.choice(np.flatnonzero(y == c), size=n.max() - count))
    rows = np.concatenate(rows)
    return x[rows], y[rows]
    ### END SOLUTION


def weighted_cross_entropy(logits, labels, weights):
    ### BEGIN SOLUTION
    z = logits - logits.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    losses = -logp[np.arange(len(labels)), labels]
    w = weights[labels]
    return float((w * losses).sum() / w.sum())
    ### END SOLUTION


def impute(train, test, strategy):
    ### BEGIN SOLUTION
    if strategy == "mean":
        values = np.nanmean(train, axis=0)
    elif strategy == "median":
        values = np.nanmedian(train, axis=0)
    else:
        values = np.zeros(train.shape[1])
        for j, column in enumerate(train.T):
            seen, count = np.unique(column[~np.isnan(column)], return_counts=True)
            values[j] = seen[count.argmax()]
    has_gaps = np.isnan(train).any(axis=0)

    def fill(x):
        return np.hstack([np.where(np.isnan(x), values, x), np.isnan(x)[:, has_gaps]])

    return fill(train), fill(test)
    ### END SOLUTION


def precision_recall_f1(y_true, y_pred):
    ### BEGIN SOLUTION
    tp = np.sum((y_true == 1) & (y_pred == 1))
    called, true = np.sum(y_pred == 1), np.sum(y_true == 1)
    p = tp / called if called else 0.0
    r = tp / true if true else 0.0
    f1 = 2 * p * r / (p + r) if p + r else 0.0
    return float(p), float(r), float(f1)
    ### END SOLUTION


def roc_auc(y_true, score):
    ### BEGIN SOLUTION
    d = score[y_true == 1][:, None] - score[y_true == 0]
    return float((d > 0).mean() + 0.5 * (d == 0).mean())
    ### END SOLUTION


def predict_risk(x_train, y_train, x_test, rng):
    ### BEGIN SOLUTION
    train, test = impute(x_train, x_test, "median")
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std > 0, std, 1)
    train, test = (train - mean) / std, (test - mean) / std
    w1 = he_init(train.shape[1], 12, rng)
    b1, w2, b2 = np.zeros(12), np.zeros((12, 1)), np.zeros(1)
    for _ in range(250):
        h = np.maximum(train @ w1 + b1, 0)
        d = (1 / (1 + np.exp(-(h @ w2 + b2))) - y_train[:, None]) / len(train)
        dh = (d @ w2.T) * (h > 0)
        w2, b2 = w2 - 0.3 * (h.T @ d + 0.02 * w2), b2 - 0.3 * d.sum(axis=0)
        w1, b1 = w1 - 0.3 * (train.T @ dh + 0.02 * w1), b1 - 0.3 * dh.sum(axis=0)
    return 1 / (1 + np.exp(-(np.maximum(test @ w1 + b1, 0) @ w2 + b2)[:, 0]))
    ### END SOLUTION
