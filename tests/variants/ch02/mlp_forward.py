"""02.mlp_forward written in other ways; each must pass."""

from functools import reduce

import numpy as np


def last_layer_apart(x, params):
    h = x
    for w, b in params[:-1]:
        h = np.maximum(h @ w + b, 0)
    w, b = params[-1]
    return h @ w + b


def counts_the_layers(x, params):
    out = x
    for i, (w, b) in enumerate(params, start=1):
        out = np.dot(out, w) + b
        if i != len(params):
            out[out < 0] = 0
    return out


def relu_before_every_layer_but_the_first(x, params):
    (w, b), *rest = params
    z = x @ w + b
    for w, b in rest:
        z = np.where(z > 0, z, 0.0) @ w + b
    return z


def one_sample_at_a_time(x, params):
    rows = []
    for row in x:
        for i, (w, b) in enumerate(params):
            row = np.einsum("i,io->o", row, w) + b
            if i < len(params) - 1:
                row = row * (row > 0)
        rows.append(row)
    return np.array(rows)


def bias_as_one_more_weight(x, params):
    def affine(h, layer):
        w, b = layer
        return np.column_stack([h, np.ones(len(h))]) @ np.vstack([w, b])

    hidden = reduce(lambda h, layer: np.maximum(affine(h, layer), 0), params[:-1], x)
    return affine(hidden, params[-1])


def recursive(x, params):
    w, b = params[0]
    z = x @ w + b
    return z if len(params) == 1 else recursive(z.clip(0), params[1:])


VARIANTS = (
    last_layer_apart,
    counts_the_layers,
    relu_before_every_layer_but_the_first,
    one_sample_at_a_time,
    bias_as_one_more_weight,
    recursive,
)
