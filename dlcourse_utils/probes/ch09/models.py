"""What is found out about any model: its parts, and what reaches its output."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import Parts
from ..torch_parts import as_array, tensor

PROJECTIONS = ("q_proj", "k_proj", "v_proj", "out_proj")


def as_module(model: Any) -> Parts:
    """Name the ready-made attention that stands in a module. Raises TypeError when it is no module."""
    from torch import nn

    if not isinstance(model, nn.Module):
        raise TypeError(f"this should be an nn.Module; yours is a {type(model).__name__}")
    kinds = (nn.MultiheadAttention, nn.TransformerEncoderLayer, nn.TransformerDecoderLayer, nn.Transformer)
    yield "ready-made", sorted({type(m).__name__ for m in model.modules() if isinstance(m, kinds)})


def idle_parts(model: Any, out: Any) -> list[str]:
    """Name the parameters that get no gradient from the output."""
    import torch

    own = dict(model.named_parameters())
    if not out.requires_grad:
        return list(own)
    rates = torch.linspace(0.5, 1.5, out.numel()).reshape(out.shape)
    found = torch.autograd.grad((rates * out).sum(), list(own.values()), allow_unused=True)
    return [name for name, g in zip(own, found, strict=True) if g is None]


def has_projections(module: Any) -> bool:
    """Return whether a module is built like an attention layer of the chapter."""
    from torch import nn

    return all(isinstance(getattr(module, name, None), nn.Linear) for name in PROJECTIONS)


class Asker:
    """Asks a model and takes the tensor's numbers; anything else is named by the judge."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def __call__(self, ids: np.ndarray) -> Any:
        out = self.model(tensor(ids, "int64"))
        return as_array(out) if hasattr(out, "detach") else f"a {type(out).__name__}"
