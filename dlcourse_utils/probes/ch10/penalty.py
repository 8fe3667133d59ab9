"""The gradient penalty."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe, recipe
from ..torch_parts import as_array, private_randomness, said
from .players import Found, player


@recipe("ch10.critic")
def critic(layers: list[dict[str, np.ndarray]], stale: float = 0.0, norm: bool = False) -> Any:
    """Flatten and a player: images or points in, (N,) out."""
    from torch import nn

    return nn.Sequential(nn.Flatten(), *player(layers, norm=norm, stale=stale))


@probe("ch10.gradient_penalty")
def gradient_penalty(attempt: Attempt, D: Any, real: np.ndarray, fake: np.ndarray, seed: int) -> Parts:
    """The penalty, its slopes for D, and whether it changes the samples, D or the global generator."""
    import torch

    (function,) = attempt
    found = Found("D", D)
    images = [torch.tensor(x, requires_grad=True) for x in (real, fake)]
    leaves = [*images, *D.parameters()]
    with private_randomness(seed + 1):
        before = torch.get_rng_state()
        penalty = function(D, images[0] * 1.0, images[1] * 1.0, torch.Generator().manual_seed(seed))
        used = not torch.equal(before, torch.get_rng_state())
    is_number = isinstance(penalty, torch.Tensor) and penalty.dim() == 0
    yield "penalty", penalty.item() if is_number else as_array(penalty)
    graph = isinstance(penalty, torch.Tensor) and penalty.requires_grad
    yield "a number with a graph", said(graph)
    if graph:
        slopes = torch.autograd.grad(penalty.sum(), leaves, allow_unused=True)
        filled = [as_array(torch.zeros_like(p) if s is None else s) for p, s in zip(leaves, slopes, strict=True)]
        yield "slopes for D's parameters", filled[2:]
        yield "pushes the samples", said(any(np.any(s != 0) for s in filled[:2]))
    yield from found.said(".grad", "requires_grad", "mode")
    yield "global generator used", said(used)
