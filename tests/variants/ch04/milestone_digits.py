"""04.milestone_digits written in other ways; each must pass."""

import math

import numpy as np


def two_loops(params, x, y, loss_and_grads, step, lr_max, epochs, rng, batch_size=32, max_norm=5.0):
    total = epochs * -(-len(x) // batch_size)
    warmup, state, losses = total // 10, {}, []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            loss, grads = loss_and_grads(params, x[rows], y[rows])
            norm = math.sqrt(sum(float((g * g).sum()) for g in grads.values()))
            grads = {k: g * (max_norm / norm) if norm > max_norm else g for k, g in grads.items()}
            i = len(losses)
            lr = lr_max * i / warmup if i < warmup else lr_max * 0.5 * (
                1 + math.cos(math.pi * (i - warmup) / (total - warmup))
            )
            params, state = step(params, grads, state, lr=lr)
            losses.append(loss)
    return params, losses


def all_batches_first(params, x, y, loss_and_grads, step, lr_max, epochs, rng, batch_size, max_norm):
    batches = []
    for _ in range(epochs):
        batches += np.array_split(rng.permutation(len(x)), range(batch_size, len(x), batch_size))
    total, current, state = len(batches), dict(params), {}
    warmup = total // 10
    rates = np.concatenate(
        [np.arange(warmup) / warmup, np.cos(np.arange(total - warmup) / (total - warmup) * np.pi / 2) ** 2]
    )
    losses = np.zeros(total)
    for i, (rows, share) in enumerate(zip(batches, rates, strict=True)):
        losses[i], grads = loss_and_grads(current, np.take(x, rows, axis=0), y[rows])
        length = np.linalg.norm(np.concatenate([g.ravel() for g in grads.values()]))
        grads = {k: g / max(1.0, length / max_norm) for k, g in grads.items()}
        current, state = step(current, grads, state, lr_max * share)
    return [current, losses]


VARIANTS = (two_loops, all_batches_first)
