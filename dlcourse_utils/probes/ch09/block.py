"""A Transformer block."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe
from ..torch_parts import as_array, private_randomness, said, tensor
from .models import PROJECTIONS, as_module, has_projections, idle_parts


@probe("ch09.block")
def block(
    attempt: Attempt, d_model: int, heads: int, seed: int, x: np.ndarray, mask: np.ndarray | None = None
) -> Parts:
    """Build the block, put known weights into its attention, its norms and its two linear layers, and run it.

    Both norms get the same γ and β, so it makes no difference which of them was made first.
    """
    import torch
    from torch import nn

    (cls,) = attempt
    rng = np.random.default_rng(seed)
    with private_randomness():
        model = cls(d_model, heads)
        yield from as_module(model)
        attention = next((m for m in model.modules() if has_projections(m)), None)
        yield "attention", said(attention is not None)
        if attention is None:
            return
        inside = set(attention.modules())
        norms = [m for m in model.modules() if isinstance(m, nn.LayerNorm) and m not in inside]
        linear = [m for m in model.modules() if isinstance(m, nn.Linear) and m not in inside]
        yield "norms", len(norms)
        yield "linear layers", [list(m.weight.shape) for m in linear]
        gamma, beta = 1 + 0.3 * rng.normal(size=d_model), 0.3 * rng.normal(size=d_model)
        for norm in norms:
            norm.weight.data, norm.bias.data = tensor(gamma), tensor(beta)
        for m in [*(getattr(attention, name) for name in PROJECTIONS), *linear]:
            m.weight.data = tensor(rng.normal(size=m.weight.shape) / np.sqrt(m.weight.shape[1]) * 1.3)
            m.bias.data = tensor(rng.normal(size=len(m.bias)) / 2)
        yield "gamma", gamma
        yield "beta", beta
        yield "projections", {n: _weight_and_bias(getattr(attention, n)) for n in PROJECTIONS}
        yield "mlp", [_weight_and_bias(m) for m in linear]
        given = tensor(x)
        rest = () if mask is None else (tensor(mask, "bool"),)
        with torch.no_grad():
            out = model.eval()(given, *rest)
        yield "out", as_array(out) if isinstance(out, torch.Tensor) else f"a {type(out).__name__}"
        yield "x untouched", np.array_equal(as_array(given), x)
        if isinstance(out, torch.Tensor) and out.shape == given.shape:
            leaf = tensor(x).requires_grad_()
            yield "idle", idle_parts(model, model(leaf * 1.0, *rest))
            out = model(leaf * 1.0, *rest)
            if out.requires_grad:
                (slope,) = torch.autograd.grad(out.sum(), leaf, allow_unused=True)
                yield "slope", None if slope is None else as_array(slope)


def _weight_and_bias(linear: Any) -> list[np.ndarray]:
    return [as_array(linear.weight), as_array(linear.bias)]
