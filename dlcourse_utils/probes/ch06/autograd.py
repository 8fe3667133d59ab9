"""Functions and their gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe, recipe
from ..torch_parts import (
    as_array,
    said,
)


@recipe("ch06.function")
def function(kind: str) -> Callable[..., Any]:
    """A scalar function of tensors; the judge knows its slopes in closed form."""
    import torch

    def skips(a: Any, b: Any, c: Any) -> Any:
        return (a**2 * c).sum()

    functions: dict[str, Callable[..., Any]] = {
        "one": lambda x: (x**3).sum() + torch.log(x).sum(),
        "product": lambda x, w: torch.tanh(x @ w).sum(),
        "skips": skips,
        "two scales": lambda a, b: 1e10 * a.abs().sum() + (b**3).sum(),
    }
    return functions[kind]


@probe("ch06.gradients_of")
def gradients_of(
    attempt: Attempt, f: Callable[..., Any], values: list[np.ndarray], wants: list[bool], stale: list[bool]
) -> Parts:
    """Ask for gradients, and look at what is left on the caller's tensors."""
    import torch

    (function,) = attempt
    tensors = [torch.tensor(v, dtype=torch.float64, requires_grad=want) for v, want in zip(values, wants, strict=True)]
    for t, old in zip(tensors, stale, strict=True):
        t.grad = torch.full_like(t, 7.0).detach() if old else None
    gradients = function(f, *tensors)
    plain = isinstance(gradients, (tuple, list))
    yield "gradients", tuple(as_array(g) for g in gradients) if plain else gradients
    yield "gradients carry a graph", [said(getattr(g, "requires_grad", False)) for g in gradients] if plain else None
    yield "values", [as_array(t) for t in tensors]
    yield ".grad afterwards", [_left(t) for t in tensors]
    yield "requires_grad afterwards", [said(t.requires_grad) for t in tensors]


def _left(tensor: Any) -> str:
    """Say what stands in .grad, in words that read well on a card."""
    if tensor.grad is None:
        return "None"
    return "sevens, as before" if bool((tensor.grad == 7).all()) else "another gradient"


@probe("ch06.function")
def autograd_function(
    attempt: Attempt, x: np.ndarray, dout: np.ndarray, between: np.ndarray | None = None, gradcheck: bool = False
) -> Parts:
    """Run an autograd.Function forward and back; `between` runs it once more before the first goes back."""
    import torch

    (cls,) = attempt
    leaf = torch.tensor(x, requires_grad=True)
    out = cls.apply(leaf)
    yield "an autograd.Function", said(isinstance(cls, type) and issubclass(cls, torch.autograd.Function))
    yield "out", as_array(out)
    if between is not None:
        cls.apply(torch.tensor(between, requires_grad=True))
    (dx,) = torch.autograd.grad(out, leaf, torch.tensor(dout))
    yield "dx", as_array(dx)
    if gradcheck:
        yield "gradcheck agrees", said(torch.autograd.gradcheck(cls.apply, (leaf,), raise_exception=False))


@probe("ch06.torch_loss_and_grads")
def torch_loss_and_grads(attempt: Attempt, params: Any, x: np.ndarray, labels: np.ndarray) -> Parts:
    """Call the function with NumPy arrays and hand over its two results by name, twice: nothing may pile up.

    Counted along the way: did torch compute anything at all?
    """
    from torch.overrides import TorchFunctionMode

    class Watch(TorchFunctionMode):
        calls = 0

        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            self.calls += 1
            return func(*args, **(kwargs or {}))

    (function,) = attempt
    watch = Watch()
    for name in ("", " when called again"):
        with watch:
            loss, grads = function(params, x, labels)
        yield f"loss{name}", loss
        yield f"grads{name}", [tuple(pair) for pair in grads] if isinstance(grads, (list, tuple)) else grads
    yield "computed with torch", said(watch.calls > 0)
