"""Right ways to train a two-layer network."""

import numpy as np


def _loss_grads(w1, b1, w2, b2, x, y):
    h = np.maximum(x @ w1 + b1, 0)
    z = h @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    p = np.exp(z)
    p /= p.sum(axis=1, keepdims=True)
    d = (p - np.eye(z.shape[1])[y]) / len(x)
    dh = (d @ w2.T) * (h > 0)
    return x.T @ dh, dh.sum(axis=0), h.T @ d, d.sum(axis=0)


def minibatches_in_epochs(x, labels, hidden, lr, steps, seed):
    rng = np.random.default_rng(seed)
    k = int(labels.max()) + 1
    theta = [
        rng.standard_normal((x.shape[1], hidden)) * np.sqrt(2.0 / x.shape[1]),
        np.zeros(hidden),
        rng.standard_normal((hidden, k)) * np.sqrt(2.0 / hidden),
        np.zeros(k),
    ]
    done = 0
    while done < steps:
        order = rng.permutation(len(x))
        for start in range(0, len(x), 64):
            if done == steps:
                break
            rows = order[start : start + 64]
            grads = _loss_grads(*theta, x[rows], labels[rows])
            for p, g in zip(theta, grads, strict=True):
                p -= lr * g
            done += 1
    return [(theta[0], theta[1]), (theta[2], theta[3])]


def full_batch(x, labels, hidden, lr, steps, seed):
    """Every step looks at all samples; a legacy generator and another initialisation."""
    draw = np.random.RandomState(seed)
    d, k = x.shape[1], labels.max() + 1
    w1 = draw.uniform(-1, 1, (d, hidden)) * np.sqrt(6 / (d + hidden))
    w2 = draw.uniform(-1, 1, (hidden, k)) * np.sqrt(6 / (hidden + k))
    b1, b2 = np.zeros(hidden), np.zeros(k)
    for _ in range(steps):
        g = _loss_grads(w1, b1, w2, b2, x, labels)
        w1, b1, w2, b2 = w1 - lr * g[0], b1 - lr * g[1], w2 - lr * g[2], b2 - lr * g[3]
    return [(w1, b1), (w2, b2)]


def drawn_with_replacement(x, labels, hidden, lr, steps, seed):
    """Each batch is a fresh draw of 16; biases start slightly off zero."""
    rng = np.random.default_rng(seed)
    k = len(np.bincount(labels))
    p = [0.1 * rng.normal(size=s) for s in ((x.shape[1], hidden), (hidden,), (hidden, k), (k,))]
    for _ in range(steps):
        rows = rng.integers(0, len(x), size=16)
        p = [a - lr * g for a, g in zip(p, _loss_grads(*p, x[rows], labels[rows]), strict=True)]
    return (p[0], p[1]), (p[2], p[3])


def one_at_a_time(x, labels, hidden, lr, steps, seed):
    """Batch size 1, an iterator over endless epochs."""
    rng = np.random.default_rng(seed)

    def samples():
        while True:
            yield from rng.permutation(len(x))

    w1, b1 = rng.normal(0, 1 / np.sqrt(x.shape[1]), (x.shape[1], hidden)), np.zeros(hidden)
    w2, b2 = np.zeros((hidden, int(max(labels)) + 1)), np.zeros(int(max(labels)) + 1)
    for i, _ in zip(samples(), range(steps), strict=False):
        g = _loss_grads(w1, b1, w2, b2, x[i : i + 1], labels[i : i + 1])
        w1, b1, w2, b2 = (p - lr * q for p, q in zip((w1, b1, w2, b2), g, strict=True))
    return [[w1, b1], [w2, b2]]


VARIANTS = (minibatches_in_epochs, full_batch, drawn_with_replacement, one_at_a_time)
