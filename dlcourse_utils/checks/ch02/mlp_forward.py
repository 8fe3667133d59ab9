"""02.mlp_forward: affine, ReLU, affine, ReLU, …, affine."""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from ..authoring import Case, Exercise


def _network(rng: np.random.Generator, *sizes: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights (in, out) and biases large enough that forgetting them shows."""
    return [
        (rng.normal(size=(n_in, n_out)) / np.sqrt(n_in), rng.normal(size=n_out) + 0.3)
        for n_in, n_out in pairwise(sizes)
    ]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("two layers: 4 → 6 → 3", args=(rng.normal(size=(5, 4)), _network(rng, 4, 6, 3)), weight=2.0)
    yield Case("three layers: 3 → 7 → 5 → 2", args=(rng.normal(size=(8, 3)), _network(rng, 3, 7, 5, 2)))
    yield Case("one layer, so no ReLU at all", args=(rng.normal(size=(6, 5)), _network(rng, 5, 4)))
    yield Case("a single sample", args=(rng.normal(size=(1, 6)), _network(rng, 6, 9, 8, 4)))
    square = rng.normal(size=(4, 4)) * 2, _network(rng, 4, 4, 4)
    yield Case("4 of everything: shapes cannot save you", args=square)
    yield Case("whole numbers in", args=(rng.integers(-4, 5, size=(7, 3)), _network(rng, 3, 8, 4)))


def oracle(x, params):
    """One neuron at a time, without NumPy's arithmetic."""
    rows = np.asarray(x).tolist()
    for number, (w, b) in enumerate(params, start=1):
        neurons = [(column, float(bias)) for column, bias in zip(np.transpose(w).tolist(), b, strict=True)]
        rows = [[math.fsum(a * c for a, c in zip(row, column, strict=True)) + bias for column, bias in neurons] for row in rows]
        if number < len(params):
            rows = [[max(value, 0.0) for value in row] for row in rows]
    return np.array(rows)


def relu_after_the_last_layer(x, params):
    """You apply ReLU after the last layer too, so no logit can be negative. Between the layers only: the last
    result goes out as it is."""
    h = x
    for w, b in params:
        h = np.maximum(h @ w + b, 0)
    return h


def skips_the_biases(x, params):
    """Your layers compute x @ w and leave the bias b out."""
    h = x
    for i, (w, _) in enumerate(params):
        h = h @ w
        if i < len(params) - 1:
            h = np.maximum(h, 0)
    return h


def no_relu_at_all(x, params):
    """There is no ReLU between your layers. Then the whole stack is one straight-line map, however many
    layers it has."""
    h = x
    for w, b in params:
        h = h @ w + b
    return h


def weights_transposed(x, params):
    """You multiply by w.T, but here w has shape (in, out) already: (N, in) @ (in, out) gives (N, out)."""
    h = x
    for i, (w, b) in enumerate(params):
        h = h @ w.T + b
        if i < len(params) - 1:
            h = np.maximum(h, 0)
    return h


def bias_after_relu(x, params):
    """You add the bias after the ReLU. It belongs inside: relu(h @ w + b), so that b can move the kink."""
    h = x
    for i, (w, b) in enumerate(params):
        last = i == len(params) - 1
        h = h @ w + b if last else np.maximum(h @ w, 0) + b
    return h


def relu_on_the_input(x, params):
    """You send x itself through a ReLU before the first layer, and lose every negative feature. The first
    thing that happens to x is x @ w + b."""
    h = x
    for w, b in params:
        h = np.maximum(h, 0) @ w + b
    return h


def sigmoid_between(x, params):
    """You use the sigmoid between the layers. This network is built with ReLU."""
    h = x
    for i, (w, b) in enumerate(params):
        h = h @ w + b
        if i < len(params) - 1:
            h = 1 / (1 + np.exp(-h))
    return h


def softmax_at_the_end(x, params):
    """Your rows sum to one: there is a softmax at the end. Logits are asked for; the loss will do its own
    softmax."""
    h = x
    for i, (w, b) in enumerate(params):
        h = h @ w + b
        if i < len(params) - 1:
            h = np.maximum(h, 0)
    e = np.exp(h - h.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def every_layer_from_x(x, params):
    """Each of your layers starts again from x. Layer 2 takes what layer 1 gave: keep one variable and pass it
    along."""
    h = x
    for i, (w, b) in enumerate(params):
        h = x @ w + b
        if i < len(params) - 1:
            h = np.maximum(h, 0)
    return h


def product_the_other_way_round(x, params):
    """The shapes do not fit. The batch stands left and the weights right, as they are: h @ w is (N, in) @ (in, out). Not
    w @ h, not w.T, and `*` multiplies element by element."""
    h = x
    for i, (w, b) in enumerate(params):
        h = w @ h + b
        if i < len(params) - 1:
            h = np.maximum(h, 0)
    return h


def elementwise(x, params):
    """`*` multiplies element by element, and the shapes do not fit for that; a layer needs the matrix product `@`."""
    h = x
    for i, (w, b) in enumerate(params):
        h = h * w + b
        if i < len(params) - 1:
            h = np.maximum(h, 0)
    return h


def last_layer_forgotten(x, params):
    """You stop before the last layer. params[:-1] leaves it out, so that it gets no ReLU, but its w and b still have to be
    applied: h @ w + b with params[-1]."""
    h = x
    for w, b in params[:-1]:
        h = np.maximum(h @ w + b, 0)
    return h


def two_layers_by_number(x, params):
    """You use the layers 0 and 1, so exactly two. A network may have one layer or many: loop over params."""
    (w1, b1), (w2, b2) = params[0], params[1]
    return np.maximum(x @ w1 + b1, 0) @ w2 + b2


def two_layers_unpacked(x, params):
    """You unpack params into exactly two layers. A network may have one layer or many: loop over params."""
    (w1, b1), (w2, b2) = params
    return np.maximum(x @ w1 + b1, 0) @ w2 + b2


def empties_the_list(x, params):
    """Your answer is right, but the caller's list is not what it was: pop takes layers out of it, and the network is
    destroyed by its first use. Read from the list without changing it: params[-1], params[:-1]."""
    w_last, b_last = params.pop()
    h = x
    for w, b in params:
        h = np.maximum(h @ w + b, 0)
    return h @ w_last + b_last


EXERCISE = Exercise(
    id="02.mlp_forward",
    title="Forward pass of an MLP",
    objects=("mlp_forward",),
    points=2,
    cases=cases,
    oracle=oracle,
    mistakes=(
        product_the_other_way_round,  # first: its sentence is true of every product that does not fit
        relu_after_the_last_layer,
        skips_the_biases,
        no_relu_at_all,
        weights_transposed,
        bias_after_relu,
        relu_on_the_input,
        sigmoid_between,
        softmax_at_the_end,
        every_layer_from_x,
        elementwise,
        last_layer_forgotten,
        two_layers_by_number,
        two_layers_unpacked,
        empties_the_list,
    ),
    hints=(
        "matmul: dimension mismatch. → Print h.shape and w.shape before each multiplication. (N, in) @ (in,"
        " out): the inner two must agree. Does layer 2 get the result of layer 1, or x again?",
        "How do I know that a layer is the last? → params[:-1] is every layer but the last and params[-1]"
        " is the last; or count with enumerate and compare with len(params) - 1.",
        "My logits are never negative. → There is a ReLU after the last layer.",
        "```python\nh = x\nfor w, b in params[:-1]:\n    h = relu(h @ w + b)\nw, b = params[-1]\nreturn h @"
        " w + b\n```",
    ),
    builds_on=("02.relu",),
)
