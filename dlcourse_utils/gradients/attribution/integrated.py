"""Integrated gradients: what each input contributed on the way from a blank one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import CourseError
from .frozen import chosen_logits, evaluating

if TYPE_CHECKING:
    import torch


def integrated_gradients(
    model: torch.nn.Module,
    x: torch.Tensor,
    target: int | torch.Tensor,
    baseline: torch.Tensor | None = None,
    steps: int = 50,
) -> torch.Tensor:
    """Return (x − x′) · ∫₀¹ d logit_target / dx at x′ + α (x − x′) dα, of x's shape.

    The integral is a Gauss–Legendre sum over `steps` points; baseline x′ is 0 unless given. The contributions
    of one sample add up to logit(x) − logit(x′). The mode and every .grad stay as found.
    Source: Sundararajan et al., Axiomatic Attribution for Deep Networks (2017), equation 1.
    """
    import numpy as np
    import torch

    if steps < 1:
        raise CourseError("integrated_gradients needs at least one step.")
    start = torch.zeros_like(x) if baseline is None else baseline.expand_as(x).to(x)
    difference = (x - start).detach()
    points, weights = np.polynomial.legendre.leggauss(steps)  # on [−1, 1]
    total = torch.zeros_like(difference)
    with evaluating(model), torch.enable_grad():
        for point, weight in zip((points + 1) / 2, weights / 2, strict=True):
            inputs = (start + point * difference).detach().requires_grad_()
            (gradient,) = torch.autograd.grad(chosen_logits(model(inputs), target).sum(), inputs)
            total += weight * gradient
    return difference * total
