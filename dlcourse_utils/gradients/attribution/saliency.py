"""Saliency: the size of the gradient of a class's logit at each input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .frozen import chosen_logits, evaluating

if TYPE_CHECKING:
    import torch


def saliency(model: torch.nn.Module, x: torch.Tensor, target: int | torch.Tensor) -> torch.Tensor:
    """Return |d logit_target / d x|, of x's shape.

    model maps (N, …) to logits (N, classes); target is a class or (N,). The mode and every .grad stay as
    found. Source: Simonyan et al., Deep Inside Convolutional Networks (2014), section 3.
    """
    import torch

    inputs = x.detach().requires_grad_()
    with evaluating(model), torch.enable_grad():
        (gradient,) = torch.autograd.grad(chosen_logits(model(inputs), target).sum(), inputs)
    return gradient.abs()
