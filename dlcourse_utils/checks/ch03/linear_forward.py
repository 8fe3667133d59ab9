"""03.linear_forward: a fully connected layer, forwards and backwards, checked against PyTorch's autograd."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise


def _layer(rng: np.random.Generator, x_shape: tuple[int, ...], m: int) -> dict[str, np.ndarray]:
    """x, w, b and the gradient that arrives from above, for one layer with `m` outputs."""
    d = int(np.prod(x_shape[1:]))
    return {
        "x": rng.normal(size=x_shape),
        "w": rng.normal(size=(d, m)),
        "b": rng.normal(size=m),
        "dout": rng.normal(size=(x_shape[0], m)),
    }


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("a batch, x (5, 4) and w (4, 3)", kwargs=_layer(rng, (5, 4), 3))
    yield Case("more outputs than inputs, x (4, 2) and w (2, 6)", kwargs=_layer(rng, (4, 2), 6))
    yield Case("a single sample, x (1, 3)", kwargs=_layer(rng, (1, 3), 4))
    yield Case("a batch of images, x (3, 2, 4, 3)", kwargs=_layer(rng, (3, 2, 4, 3), 5))
    other = _layer(rng, (6, 3), 2)  # of the same shape: whoever mixes the two layers up gets numbers, not a crash
    yield Case(
        "another layer's forward pass runs in between",
        kwargs={**_layer(rng, (6, 3), 2), "between": (other["x"], other["w"], other["b"])},
    )


def oracle(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, dout: np.ndarray, between: Any = None
) -> dict[str, np.ndarray]:
    import torch

    leaves = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in (x, w, b)]
    out = torch.nn.functional.linear(leaves[0].flatten(start_dim=1), leaves[1].T, leaves[2])
    dx, dw, db = torch.autograd.grad(out, leaves, torch.tensor(dout))
    return {"out": out.detach().numpy(), "dx": dx.numpy(), "dw": dw.numpy(), "db": db.numpy()}


def _forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x, w)


class db_not_summed:
    """Your db still has one row per sample. The bias is shared: it was added to every row of the batch, so its gradient is the sum of dout over the batch, shape (M,)."""

    linear_forward = _forward

    def linear_backward(dout, cache):
        x, w = cache
        return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout


class db_summed_over_outputs:
    """Your db sums each row of dout (axis=1), so it has one number per sample. A bias belongs to an output: sum over the batch, axis=0, to get shape (M,)."""

    linear_forward = _forward

    def linear_backward(dout, cache):
        x, w = cache
        return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=1)


class db_averaged:
    """Your db is the mean of dout over the batch. The bias reached every row at full strength, so the contributions add: use the sum. Any 1/N is already inside dout."""

    linear_forward = _forward

    def linear_backward(dout, cache):
        x, w = cache
        return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.mean(axis=0)


class dw_transposed:
    """Your dw has shape (M, D), the transpose of w. A gradient always has the shape of what it belongs to: x is (N, D), dout is (N, M), and x.T @ dout is (D, M)."""

    linear_forward = _forward

    def linear_backward(dout, cache):
        x, w = cache
        return (dout @ w.T).reshape(x.shape), dout.T @ x.reshape(len(x), -1), dout.sum(axis=0)


class transposes_swapped:
    """The transposes stand on the wrong arrays: dout.T @ w and x @ dout do not even fit. dx must be (N, D): dout (N, M) @ w.T (M, D). dw must be (D, M): x.T (D, N) @ dout (N, M)."""

    linear_forward = _forward

    def linear_backward(dout, cache):
        x, w = cache
        return dout @ w, x.reshape(len(x), -1) @ dout.T, dout.sum(axis=0)


class divides_by_n:
    """Your dw and db are divided by the batch size N. If the loss is a mean, its 1/N is already inside dout; dividing again makes every step N times too short."""

    linear_forward = _forward

    def linear_backward(dout, cache):
        x, w = cache
        n = len(x)
        return (dout @ w.T).reshape(x.shape), x.reshape(n, -1).T @ dout / n, dout.sum(axis=0) / n


class dx_left_flat:
    """Your dx is right number for number but still flat. x came in with its own shape, such as (N, C, H, W), and its gradient has to leave in that shape: dx.reshape(x.shape)."""

    linear_forward = _forward

    def linear_backward(dout, cache):
        x, w = cache
        return dout @ w.T, x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)


class bias_forgotten:
    """Your forward pass leaves out the bias: out = x @ w + b."""

    def linear_forward(x, w, b):
        return x.reshape(len(x), -1) @ w, (x, w)

    def linear_backward(dout, cache):
        x, w = cache
        return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)


_SHARED: dict = {}


class cache_in_a_global:
    """Backward used the arrays of the *last* forward call, not its own. A network runs many layers forward before the first one goes backward: put x and w in `cache`, and read them only from there."""

    def linear_forward(x, w, b):
        _SHARED.update(x=x, w=w)
        return x.reshape(len(x), -1) @ w + b, None

    def linear_backward(dout, cache):
        x, w = _SHARED["x"], _SHARED["w"]
        return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)


class only_dw_divided_by_n:
    """Your dw is divided by the batch size N. If the loss is a mean, its 1/N is already inside dout: x.T @ dout is all of it."""

    linear_forward = _forward

    def linear_backward(dout, cache):
        x, w = cache
        n = len(x)
        return (dout @ w.T).reshape(x.shape), x.reshape(n, -1).T @ dout / n, dout.sum(axis=0)


EXERCISE = Exercise(
    id="03.linear_forward",
    title="A linear layer, forwards and backwards",
    objects=("linear_forward", "linear_backward"),
    points=2,
    cases=cases,
    probe="forward_backward",
    oracle=oracle,
    mistakes=(
        db_not_summed,
        db_summed_over_outputs,
        db_averaged,
        dw_transposed,
        transposes_swapped,
        divides_by_n,
        dx_left_flat,
        bias_forgotten,
        cache_in_a_global,
        only_dw_divided_by_n,
    ),
    hints=(
        "I don't know where to begin. → Write the shapes down first: x flat is (N, D), w is (D, M), dout is (N, M). "
        "Each gradient has the shape of the thing it belongs to, so dw must be (D, M). Which product of x and dout, "
        "with which transpose, has that shape?",
        "The shapes don't fit. → There is only one way to make (D, M) out of (N, D) and (N, M): x.T @ dout. And only one "
        "way to make (N, D) out of (N, M) and (D, M): dout @ w.T.",
        "What happens to b? → NumPy copied b into all N rows. What was copied on the way forward is summed on the way back: "
        "dout.sum(axis=0).",
        "x has four axes, what now? → Keep x in the cache as it came, work with x.reshape(len(x), -1), and give dx back "
        "in x.shape.",
        "Nearly everything:\n```python\ndef linear_backward(dout, cache):\n    x, w = cache\n    flat = x.reshape(len(x), -1)\n"
        "    dx = (dout @ w.T).reshape(x.shape)\n    dw = ...          # (D, M) from flat and dout\n    db = dout.sum(axis=0)\n"
        "    return dx, dw, db\n```",
    ),
)
