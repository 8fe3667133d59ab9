"""Right ways to read held-out digits."""

import numpy as np


def _train(x, labels, hidden, lr, steps, size=32, seed=0):
    rng = np.random.default_rng(seed)
    w1, b1 = rng.normal(size=(x.shape[1], hidden)) * np.sqrt(2 / x.shape[1]), np.zeros(hidden)
    w2, b2 = rng.normal(size=(hidden, 10)) * np.sqrt(1 / hidden), np.zeros(10)
    order = np.array([], dtype=int)
    for _ in range(steps):
        if len(order) == 0:
            order = rng.permutation(len(x))
        rows, order = order[:size], order[size:]
        h = np.maximum(x[rows] @ w1 + b1, 0)
        z = h @ w2 + b2
        p = np.exp(z - z.max(axis=1, keepdims=True))
        d = (p / p.sum(axis=1, keepdims=True) - np.eye(10)[labels[rows]]) / len(rows)
        dh = (d @ w2.T) * (h > 0)
        w1, b1, w2, b2 = w1 - lr * x[rows].T @ dh, b1 - lr * dh.sum(0), w2 - lr * h.T @ d, b2 - lr * d.sum(0)
    return w1, b1, w2, b2


def _logits(params, x):
    w1, b1, w2, b2 = params
    return np.maximum(x @ w1 + b1, 0) @ w2 + b2


def one_network(x_train, labels_train, x_test):
    return _logits(_train(x_train, labels_train, 64, 0.3, 1500), x_test).argmax(axis=1)


def standardised_pixels(x_train, labels_train, x_test):
    """Mean and deviation of the training images; the answer is a list of ints."""
    mean, std = x_train.mean(axis=0), x_train.std(axis=0) + 0.1
    params = _train((x_train - mean) / std, labels_train, 48, 0.1, 1200)
    return [int(row.argmax()) for row in _logits(params, (x_test - mean) / std)]


def three_networks_vote(x_train, labels_train, x_test):
    logits = sum(_logits(_train(x_train, labels_train, 32, 0.5, 800, seed=s), x_test) for s in range(3))
    return np.argsort(logits, axis=1)[:, -1:]


VARIANTS = (one_network, standardised_pixels, three_networks_vote)
