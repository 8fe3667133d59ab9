"""Attention, with one head and with several."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe
from ..torch_parts import as_array, gradients_arrive, private_randomness, tensor
from .models import as_module


@probe("ch09.attention")
def attention(attempt: Attempt, q: Any, k: Any, v: Any, *mask: Any) -> Parts:
    """Call once for the numbers, and once more for the slopes of Σ cos(n)·outₙ along q, k and v.

    No slopes are asked for where a query may look at nothing: a softmax of −∞ alone has none.
    """
    import torch

    (function,) = attempt
    result = function(q, k, v, *mask)
    yield "result", result
    out = result[0] if isinstance(result, (tuple, list)) and len(result) == 2 else None
    if not isinstance(out, torch.Tensor) or any(not bool(m.any(dim=-1).all()) for m in mask):
        return
    leaves = [t.detach().clone().requires_grad_() for t in (q, k, v)]
    out = function(*leaves, *mask)[0]
    rates = torch.cos(torch.arange(out.numel(), dtype=out.dtype)).reshape(out.shape)
    known = out.requires_grad
    slopes = torch.autograd.grad((rates * out).sum(), leaves, allow_unused=True) if known else [None] * 3
    yield "slopes", {name: slope for name, slope in zip("qkv", slopes, strict=True) if slope is not None}


@probe("ch09.multi_head")
def multi_head(
    attempt: Attempt,
    d_model: int,
    heads: int,
    weights: dict[str, np.ndarray],
    query: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    mask: np.ndarray | None = None,
) -> Parts:
    """Build the layer, copy known weights into its four projections, and run it."""
    import torch

    (cls,) = attempt
    with private_randomness():
        model = cls(d_model, heads)
        yield from as_module(model)
        unfit = _put_projections(model, weights)
        yield "layers", unfit or "as asked"
        if unfit:
            return
        given = [tensor(a) for a in (query, key, value)]
        result = model.eval()(*given) if mask is None else model.eval()(*given, tensor(mask, "bool"))
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            yield "result", f"a {type(result).__name__}"
            return
        yield "out", as_array(result[0])
        yield "weights", as_array(result[1])
        yield "can learn", gradients_arrive(model, result[0])
        leaves = [t.clone().requires_grad_() for t in given]
        again = model(*leaves)[0]
        if again.requires_grad:
            slopes = torch.autograd.grad(again.sum(), leaves, allow_unused=True)
            yield "deaf", [n for n, g in zip(("query", "key", "value"), slopes, strict=True) if g is None]


def _put_projections(model: Any, weights: dict[str, np.ndarray]) -> str:
    """Copy "q_proj.weight", "q_proj.bias" … into the layer; return "" or what does not fit."""
    import torch

    own = dict(model.named_parameters())
    for name, values in weights.items():
        if name not in own:
            return f"there is no parameter {name}"
        if tuple(own[name].shape) != values.shape:
            return f"{name} should have the shape {values.shape}, yours has {tuple(own[name].shape)}"
        with torch.no_grad():
            own[name].copy_(torch.tensor(values))
    extra = [name for name in own if name not in weights]
    return f"there are more parameters than the four projections have: {', '.join(extra)}" if extra else ""
