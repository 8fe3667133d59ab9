"""03.relu_forward: the gate, forwards and backwards. No input lies on the kink."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def _off_the_kink(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Both signs, never closer to 0 than 0.1: the slope at exactly 0 is a matter of taste and not scored."""
    sign = rng.permutation(np.resize([-1.0, 1.0], int(np.prod(shape)))).reshape(shape)
    return sign * rng.uniform(0.1, 2.0, size=shape)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    for name, shape in (("a batch (6, 5)", (6, 5)), ("a vector (9,)", (9,)), ("images (2, 3, 4, 3)", (2, 3, 4, 3))):
        yield Case(name, kwargs={"x": _off_the_kink(rng, shape), "dout": rng.normal(size=shape)})
    yield Case(
        "the caller changes out in place before backward",
        kwargs={"x": _off_the_kink(rng, (5, 7)), "dout": rng.normal(size=(5, 7)), "overwrite": True},
    )


def oracle(x: np.ndarray, dout: np.ndarray, overwrite: bool = False) -> dict[str, np.ndarray]:
    import torch

    leaf = torch.tensor(x, requires_grad=True)
    out = torch.relu(leaf)
    (dx,) = torch.autograd.grad(out, leaf, torch.tensor(dout))
    return {"out": out.detach().numpy(), "dx": dx.numpy()}


def _forward(x):
    return np.maximum(x, 0), x


class gates_on_dout:
    """Your backward pass looks at the sign of dout. The gate was opened or closed by the *input* on the way forward; a negative gradient through an open gate must pass."""

    relu_forward = _forward

    def relu_backward(dout, cache):
        return np.maximum(dout, 0)


class gates_on_changed_output:
    """Your cache is the very array you handed out, and the caller has changed it since (that is allowed). Remember the input x, or a mask x > 0 of your own."""

    def relu_forward(x):
        out = np.maximum(x, 0)
        return out, out

    def relu_backward(dout, cache):
        return dout * (cache > 0)


class no_gate:
    """Your backward pass lets every gradient through. Where the input was negative the output stayed 0 whatever the input did, so its slope there is 0."""

    relu_forward = _forward

    def relu_backward(dout, cache):
        return dout.copy()


class upstream_forgotten:
    """You return the local slope alone, 0 or 1. Backward means local slope times the gradient from above: multiply by dout."""

    relu_forward = _forward

    def relu_backward(dout, cache):
        return (cache > 0).astype(float)


class gate_inverted:
    """Your gate is the wrong way round: gradients pass where x was negative and stop where it was positive."""

    relu_forward = _forward

    def relu_backward(dout, cache):
        return np.where(cache > 0, 0.0, dout)


class input_times_dout:
    """You multiply dout by the value max(x, 0). The local slope of ReLU is 1 where x is positive, not x."""

    relu_forward = _forward

    def relu_backward(dout, cache):
        return dout * np.maximum(cache, 0)


class absolute_value:
    """Your forward pass flips negative inputs to positive ones. ReLU sets them to 0: max(x, 0)."""

    def relu_forward(x):
        return np.abs(x), x

    def relu_backward(dout, cache):
        return dout * (cache > 0)


class dout_changed_in_place:
    """relu_backward changes dout in place. Whoever sent it may still need it: make a new array, dout * (x > 0), or work on dout.copy()."""

    relu_forward = _forward

    def relu_backward(dout, cache):
        dout[cache <= 0] = 0
        return dout


EXERCISE = Exercise(
    id="03.relu_forward",
    title="ReLU, forwards and backwards",
    objects=("relu_forward", "relu_backward"),
    points=1,
    cases=cases,
    probe="relu_forward_backward",
    oracle=oracle,
    mistakes=(
        gates_on_dout,
        gates_on_changed_output,
        no_gate,
        upstream_forgotten,
        gate_inverted,
        input_times_dout,
        absolute_value,
        dout_changed_in_place,
    ),
    hints=(
        "What is there to remember? → For each number only one bit: was the input positive? Put x, or the mask x > 0, in the cache.",
        "What is the slope of max(x, 0)? → 1 where x > 0, 0 where x < 0. Exactly at 0 you may choose.",
        "My gradients have the right size but the wrong places are 0. → Ask about the sign of x, not of dout. dout may be negative "
        "and still pass.",
        "Nearly everything:\n```python\ndef relu_backward(dout, cache):\n    x = cache\n    return dout * ...   # 1 where x > 0, else 0\n```",
    ),
)
