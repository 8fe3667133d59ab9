"""01.affine: many weighted sums at once, plus a bias for each."""

import math
from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def _layer(rng: np.random.Generator, n: int, d: int, m: int) -> tuple[np.ndarray, ...]:
    return rng.normal(size=(n, d)) * 2, rng.normal(size=(d, m)), rng.normal(size=m) + 1.5


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("5 samples, 3 features, 2 outputs", args=_layer(rng, 5, 3, 2))
    yield Case("4 of everything: shapes cannot save you", args=_layer(rng, 4, 4, 4), weight=2.0)
    yield Case("one sample", args=_layer(rng, 1, 6, 3))
    yield Case("as many samples as outputs", args=_layer(rng, 3, 5, 3))
    yield Case("as many outputs as features", args=_layer(rng, 6, 4, 4))
    whole = rng.integers(1, 5, size=(3, 2)), rng.integers(-4, 0, size=(2, 4)), rng.integers(1, 9, size=4)
    yield Case("whole numbers", args=whole)


def oracle(x, w, b):
    """One output at a time, each an exactly rounded sum of its products."""
    return np.array(
        [[math.fsum([*(float(p) * float(q) for p, q in zip(row, column, strict=True)), float(bias)])
          for column, bias in zip(w.T, b, strict=True)] for row in x]
    )  # fmt: skip


def uses_w_transposed(x, w, b):
    """You multiply by w.T. Here w has shape (D, M), inputs down, outputs across, so x @ w fits as it is."""
    return x @ w.T + b


def elementwise(x, w, b):
    """* multiplies number by number. A weighted sum of each row needs the matrix product: x @ w."""
    return x * w + b


def bias_over_the_samples(x, w, b):
    """Your bias goes down the samples: b[:, None] gives every row a bias of its own. Each *output*, that is
    each column, has one: plain + b lines it up."""
    return x @ w + b[:, None]


def bias_forgotten(x, w, b):
    """The bias is missing: x @ w is only half of it."""
    return x @ w


def bias_before_the_weights(x, w, b):
    """You add the bias to the input, before the weights. It belongs to the outputs: multiply first, then
    add."""
    return (x + b) @ w


def bias_summed(x, w, b):
    """You add the sum of all biases to every output. Each output gets its own."""
    return x @ w + b.sum()


def bias_subtracted(x, w, b):
    """You subtract the bias. It is added."""
    return x @ w - b


def product_the_other_way_round(x, w, b):
    """The shapes do not fit. Samples are rows here, so they stand left and the weights right, as they are: x @ w is
    (N, D) @ (D, M). Not w @ x."""
    return w @ x + b


def writes_the_product_into_x(x, w, b):
    """x @= w writes the product into the caller's x: it seldom fits there, and where it does, it destroys the samples.
    Write x @ w, which makes a new array."""
    x @= w
    return x + b


EXERCISE = Exercise(
    id="01.affine",
    title="Many weighted sums at once",
    objects=("affine",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        product_the_other_way_round,  # first: its sentence is true of every product that does not fit
        uses_w_transposed,
        elementwise,
        bias_over_the_samples,
        bias_forgotten,
        bias_before_the_weights,
        bias_summed,
        bias_subtracted,
        writes_the_product_into_x,
    ),
    hints=(
        "Which product do I need? → Write the shapes down: (N, D) and (D, M) should give (N, M). The two D"
        " meet in the middle and vanish. That is the matrix product @.",
        "How does a vector of shape (M,) join a table of shape (N, M)? → NumPy lines shapes up from the"
        " right, so b goes along the columns and is repeated for every row.",
        "```python\nreturn x @ w + b\n```",
    ),
)
