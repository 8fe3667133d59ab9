"""Known-wrong `train_mlp`s. Each differs from the others in one line, and its docstring says which."""

import numpy as np


def _start(rng, d, hidden, k):
    return [
        (rng.normal(size=(d, hidden)) * np.sqrt(2 / d), np.zeros(hidden)),
        (rng.normal(size=(hidden, k)) * np.sqrt(2 / hidden), np.zeros(k)),
    ]


def _grads(params, x, labels):
    """Mean gradients of softmax cross-entropy for two layers."""
    (w1, b1), (w2, b2) = params
    h = np.maximum(x @ w1 + b1, 0)
    z = h @ w2 + b2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(x)), labels] -= 1
    p /= len(x)
    dh = (p @ w2.T) * (h > 0)
    return [(x.T @ dh, dh.sum(axis=0)), (h.T @ p, p.sum(axis=0))]


def _step(params, grads, lr):
    return [(w - lr * dw, b - lr * db) for (w, b), (dw, db) in zip(params, grads, strict=True)]


def _batches(rng, n, steps, size=32):
    """Indices of `steps` minibatches, reshuffled each epoch."""
    order = []
    for _ in range(steps):
        if len(order) == 0:
            order = rng.permutation(n)
        batch, order = order[:size], order[size:]
        yield batch


def walks_in_order(x, labels, hidden, lr, steps, seed):
    """You walk through the data in the order in which it comes. Sorted by label, many steps in a row see one class only, and the network forgets the others. Shuffle anew each epoch."""
    rng = np.random.default_rng(seed)
    params = _start(rng, x.shape[1], hidden, labels.max() + 1)
    starts = range(0, len(x), 32)
    for i in range(steps):
        batch = slice(starts[i % len(starts)], starts[i % len(starts)] + 32)
        params = _step(params, _grads(params, x[batch], labels[batch]), lr)
    return params


def sums_over_the_epoch(x, labels, hidden, lr, steps, seed):
    """You add up the gradients of all batches of an epoch and then take one huge step. One batch, one mean gradient, one step; the more batches you add up, the longer your step."""
    rng = np.random.default_rng(seed)
    params = _start(rng, x.shape[1], hidden, labels.max() + 1)
    for _ in range(steps):
        total = [(0.0, 0.0), (0.0, 0.0)]
        for batch in _batches(rng, len(x), -(-len(x) // 32)):
            grads = _grads(params, x[batch], labels[batch])
            total = [(a + c, b + d) for (a, b), (c, d) in zip(total, grads, strict=True)]
        params = _step(params, total, lr)
    return params


def stale_gradients(x, labels, hidden, lr, steps, seed):
    """You compute gradients once and then use them for several steps. After the first step the params have moved and those slopes belong to a place you have left: compute them anew before every step."""
    rng = np.random.default_rng(seed)
    params = _start(rng, x.shape[1], hidden, labels.max() + 1)
    batches = list(_batches(rng, len(x), steps))
    per_epoch = -(-len(x) // 32)
    for start in range(0, steps, per_epoch):
        epoch = batches[start : start + per_epoch]
        kept = [_grads(params, x[batch], labels[batch]) for batch in epoch]
        for grads in kept:
            params = _step(params, grads, lr)
    return params


def steps_are_epochs(x, labels, hidden, lr, steps, seed):
    """You go through the whole data `steps` times. `steps` counts updates: one minibatch, one update, one step."""
    rng = np.random.default_rng(seed)
    params = _start(rng, x.shape[1], hidden, labels.max() + 1)
    for batch in _batches(rng, len(x), steps * -(-len(x) // 32)):
        params = _step(params, _grads(params, x[batch], labels[batch]), lr)
    return params


def climbs(x, labels, hidden, lr, steps, seed):
    """You add the gradient. It points to where the loss grows; subtract it."""
    rng = np.random.default_rng(seed)
    params = _start(rng, x.shape[1], hidden, labels.max() + 1)
    for batch in _batches(rng, len(x), steps):
        params = _step(params, _grads(params, x[batch], labels[batch]), -lr)
    return params


def starts_from_zeros(x, labels, hidden, lr, steps, seed):
    """All your weights start at 0, so every hidden unit computes the same and gets the same gradient, for ever. Small random weights break the tie."""
    rng = np.random.default_rng(seed)
    params = [(w * 0.0, b) for w, b in _start(rng, x.shape[1], hidden, labels.max() + 1)]
    for batch in _batches(rng, len(x), steps):
        params = _step(params, _grads(params, x[batch], labels[batch]), lr)
    return params


def seed_not_used(x, labels, hidden, lr, steps, seed):
    """Two calls with the same seed give different weights: something is drawn from a generator that `seed` does not start. Make one np.random.default_rng(seed) and draw everything from it."""
    rng = np.random.default_rng()
    params = _start(rng, x.shape[1], hidden, labels.max() + 1)
    for batch in _batches(rng, len(x), steps):
        params = _step(params, _grads(params, x[batch], labels[batch]), lr)
    return params


def seed_fixed_inside(x, labels, hidden, lr, steps, seed):
    """Every seed gives the same weights: a fixed number stands where `seed` should. Pass it on: np.random.default_rng(seed)."""
    rng = np.random.default_rng(0)
    params = _start(rng, x.shape[1], hidden, labels.max() + 1)
    for batch in _batches(rng, len(x), steps):
        params = _step(params, _grads(params, x[batch], labels[batch]), lr)
    return params


def biases_never_move(x, labels, hidden, lr, steps, seed):
    """Your biases stay at 0: only the weights are updated. Every (w, b) pair takes a step."""
    rng = np.random.default_rng(seed)
    params = _start(rng, x.shape[1], hidden, labels.max() + 1)
    for batch in _batches(rng, len(x), steps):
        grads = _grads(params, x[batch], labels[batch])
        params = [(w - lr * dw, b) for (w, b), (dw, _) in zip(params, grads, strict=True)]
    return params


def only_the_last_layer_learns(x, labels, hidden, lr, steps, seed):
    """Only the last layer is updated; the first keeps its random weights. Every (w, b) pair takes a step."""
    rng = np.random.default_rng(seed)
    params = _start(rng, x.shape[1], hidden, labels.max() + 1)
    for batch in _batches(rng, len(x), steps):
        grads = _grads(params, x[batch], labels[batch])
        params = [params[0], _step(params, grads, lr)[1]]
    return params


def x_and_labels_apart(x, labels, hidden, lr, steps, seed):
    """x and labels no longer belong together: you reordered one, or both differently. Draw one permutation per epoch and use it for both: x[rows], labels[rows]."""
    rng = np.random.default_rng(seed)
    params = _start(rng, x.shape[1], hidden, labels.max() + 1)
    for rows in _batches(rng, len(x), steps):
        params = _step(params, _grads(params, x[rows], labels[rng.integers(len(x), size=len(rows))]), lr)
    return params


def never_assigned_back(x, labels, hidden, lr, steps, seed):
    """You compute the new weights and do not keep them: the params you return are the ones you started with. Assign the update back: params = [...]."""
    rng = np.random.default_rng(seed)
    params = _start(rng, x.shape[1], hidden, labels.max() + 1)
    for rows in _batches(rng, len(x), steps):
        _step(params, _grads(params, x[rows], labels[rows]), lr)
    return params


def learning_rate_forgotten(x, labels, hidden, lr, steps, seed):
    """The learning rate changes nothing. One step is w - lr * dw, and b - lr * db."""
    rng = np.random.default_rng(seed)
    params = _start(rng, x.shape[1], hidden, labels.max() + 1)
    for rows in _batches(rng, len(x), steps):
        params = _step(params, _grads(params, x[rows], labels[rows]), 1)
    return params


def same_rows_for_ever(x, labels, hidden, lr, steps, seed):
    """Every step uses the same rows. Move on through the order, batch by batch, and reshuffle when it is used up."""
    rng = np.random.default_rng(seed)
    params = _start(rng, x.shape[1], hidden, labels.max() + 1)
    rows = rng.permutation(len(x))[:32]
    for _ in range(steps):
        params = _step(params, _grads(params, x[rows], labels[rows]), lr)
    return params


MISTAKES = (
    walks_in_order,
    sums_over_the_epoch,
    stale_gradients,
    steps_are_epochs,
    climbs,
    starts_from_zeros,
    seed_not_used,
    seed_fixed_inside,
    biases_never_move,
    only_the_last_layer_learns,
    x_and_labels_apart,
    never_assigned_back,
    learning_rate_forgotten,
    same_rows_for_ever,
)
