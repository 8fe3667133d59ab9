"""06.Swish: an operation that autograd does not know yet, checked against its closed form (Ramachandran et al. 2017)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from scipy.special import expit

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, x: np.ndarray, **more: Any) -> Case:
        return Case(title, kwargs={"x": x, "dout": rng.normal(size=x.shape), **more})

    yield case("a batch (5, 3)", rng.normal(size=(5, 3)) * 2)
    yield case("any shape (2, 3, 4)", rng.normal(size=(2, 3, 4)) * 3)
    yield case("large numbers, ±1000", rng.permutation([1000.0, -1000.0, 60.0, -60.0, 3.0, -2.0]))
    between = rng.normal(size=(4, 2))
    yield case("another Swish runs before the first goes back", rng.normal(size=(4, 2)), between=between)
    yield case("gradcheck has a look", rng.normal(size=(2, 3)), gradcheck=True)


def oracle(
    x: np.ndarray, dout: np.ndarray, between: np.ndarray | None = None, gradcheck: bool = False
) -> dict[str, Any]:
    s = expit(x)
    parts: dict[str, Any] = {"an autograd.Function": "yes", "out": x * s, "dx": dout * (s + x * s * expit(-x))}
    return parts | {"gradcheck agrees": "yes"} if gradcheck else parts


def _forward(ctx, x):
    ctx.save_for_backward(x)
    return x * torch.sigmoid(x)


class upstream_gradient_left_out(torch.autograd.Function):
    """Your backward returns the local slope and leaves out the upstream gradient. Chain rule: multiply by what came in, grad_output."""

    forward = staticmethod(_forward)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return s + x * s * (1 - s)


class slope_of_the_sigmoid_only(torch.autograd.Function):
    """Your slope is σ(x), as if σ were a constant factor. x·σ(x) is a product: (x)'·σ + x·σ', so x·σ(x)·(1 − σ(x)) is missing."""

    forward = staticmethod(_forward)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * torch.sigmoid(x)


class x_taken_for_a_constant(torch.autograd.Function):
    """Your slope is x·σ'(x), as if the factor x were a constant. x·σ(x) is a product: the term σ(x) is missing."""

    forward = staticmethod(_forward)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad_output * x * s * (1 - s)


class slope_from_the_output(torch.autograd.Function):
    """You saved the output and take its slope as if it were x. Swish's slope is a formula in x: save the input."""

    @staticmethod
    def forward(ctx, x):
        out = x * torch.sigmoid(x)
        ctx.save_for_backward(out)
        return out

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad_output * (s + x * s * (1 - s))


class overflows_far_out(torch.autograd.Function):
    """Far from zero your gradient is not a number: exp(1000) is infinite, and infinite/infinite is NaN. torch.sigmoid never overflows; write the slope with it: σ + x·σ·(1 − σ)."""

    forward = staticmethod(_forward)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        e = torch.exp(x)
        return grad_output * e * (1 + e + x) / (1 + e) ** 2


class kept_on_the_class(torch.autograd.Function):
    """You keep x on the class, where the next call overwrites it: a network that uses Swish twice gets wrong gradients. Every call has a `ctx` of its own: ctx.save_for_backward(x)."""

    kept: dict = {}  # noqa: RUF012 - shared on purpose: that is the mistake

    @staticmethod
    def forward(ctx, x):
        kept_on_the_class.kept["x"] = x
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad_output):
        x = kept_on_the_class.kept["x"]
        s = torch.sigmoid(x)
        return grad_output * (s + x * s * (1 - s))


class not_a_function_of_autograd:
    """This is right, but autograd derives the slope for you. Here you are asked to hand it the slope yourself: a subclass of torch.autograd.Function with a static forward and backward."""

    @staticmethod
    def apply(x):
        return x * torch.sigmoid(x)


class upstream_gradient_on_one_term_only(torch.autograd.Function):
    """Your grad_output multiplies only the first of the two terms. It belongs in front of the whole slope: grad_output * (σ + x·σ·(1 − σ)), with brackets."""

    forward = staticmethod(_forward)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad_output * s + x * s * (1 - s)


class slope_of_a_bare_sigmoid(torch.autograd.Function):
    """Your slope is σ·(1 − σ), that of the sigmoid alone. Swish is the product x·σ(x): its slope is σ + x·σ·(1 − σ)."""

    forward = staticmethod(_forward)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad_output * s * (1 - s)


class factor_x_missing(torch.autograd.Function):
    """In your second term the factor x is missing: σ + x·σ·(1 − σ)."""

    forward = staticmethod(_forward)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad_output * (s + s * (1 - s))


class minus_in_place_of_plus(torch.autograd.Function):
    """Your two terms are subtracted. The product rule adds them: σ + x·σ·(1 − σ)."""

    forward = staticmethod(_forward)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad_output * (s - x * s * (1 - s))


class sigmoid_taken_for_x(torch.autograd.Function):
    """You saved σ and use it where x should stand: x·σ·(1 − σ) became σ·σ·(1 − σ). Save x (or both)."""

    @staticmethod
    def forward(ctx, x):
        s = torch.sigmoid(x)
        ctx.save_for_backward(s)
        return x * s

    @staticmethod
    def backward(ctx, grad_output):
        (s,) = ctx.saved_tensors
        return grad_output * (s + s * s * (1 - s))


class forward_without_x(torch.autograd.Function):
    """Your forward pass returns σ(x) alone. Swish is x·σ(x)."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad_output * (s + x * s * (1 - s))


class forward_overflows(torch.autograd.Function):
    """Far to the right your output is not a number: exp(1000) is infinite, and infinite/infinite is NaN. torch.sigmoid never overflows."""

    @staticmethod
    def forward(ctx, x):
        s = torch.exp(x) / (1 + torch.exp(x))
        ctx.save_for_backward(x, s)
        return x * s

    @staticmethod
    def backward(ctx, grad_output):
        x, s = ctx.saved_tensors
        return grad_output * (s + x * s * (1 - s))


EXERCISE = Exercise(
    id="06.Swish",
    title="An operation of your own",
    objects=("Swish",),
    points=2,
    cases=cases,
    probe="ch06.function",
    oracle=oracle,
    mistakes=(
        upstream_gradient_left_out,
        slope_of_the_sigmoid_only,
        x_taken_for_a_constant,
        slope_from_the_output,
        overflows_far_out,
        kept_on_the_class,
        not_a_function_of_autograd,
        upstream_gradient_on_one_term_only,
        slope_of_a_bare_sigmoid,
        factor_x_missing,
        minus_in_place_of_plus,
        sigmoid_taken_for_x,
        forward_without_x,
        forward_overflows,
    ),
    hints=(
        "What is ctx? → The cache of chapter 03, under another name: what forward keeps for backward. ctx.save_for_backward(x) puts a "
        "tensor in, `(x,) = ctx.saved_tensors` takes it out.",
        "What is the slope of x·σ(x)? → The product rule, with σ' = σ(1 − σ): σ + x·σ·(1 − σ).",
        "What arrives in backward? → grad_output is `dout`: multiply the slope by it, elementwise, and return dx.",
        "My gradient is NaN at ±1000. → Use torch.sigmoid and no exp of your own.",
        "Nearly everything:\n```python\nclass Swish(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n"
        "        ctx.save_for_backward(x)\n        return x * torch.sigmoid(x)\n\n    @staticmethod\n    def backward(ctx, grad_output):\n"
        "        (x,) = ctx.saved_tensors\n        s = torch.sigmoid(x)\n        return ...\n```",
    ),
)
