"""Grad-CAM: where in a convolutional layer the evidence for a class lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...errors import CourseError
from .frozen import chosen_logits, evaluating

if TYPE_CHECKING:
    import torch


def grad_cam(
    model: torch.nn.Module, layer: torch.nn.Module, x: torch.Tensor, target: int | torch.Tensor
) -> torch.Tensor:
    """Return ReLU(Σ_f α_f A_f), (N, h, w) at the layer's resolution, where α_f is the spatial mean of d logit
    / dA_f.

    layer is a part of the model that gives (N, F, h, w). Hooks, mode and every .grad stay as found.
    Source: Selvaraju et al., Grad-CAM (2017), equations 1 and 2.
    """
    import torch

    kept: list[Any] = []

    def keep(module: Any, args: Any, out: torch.Tensor) -> torch.Tensor:
        kept.append(out)
        return out.clone()  # the next layer may be an in-place ReLU

    handle = layer.register_forward_hook(keep)
    try:
        with evaluating(model), torch.enable_grad():
            logits = model(x.detach().requires_grad_())  # so that a frozen model has a graph too
    finally:
        handle.remove()
    if not kept or kept[-1].dim() != 4:
        raise CourseError("The layer must be a part of the model that gives maps (N, F, h, w), such as a convolution.")
    (gradient,) = torch.autograd.grad(chosen_logits(logits, target).sum(), kept[-1])
    alpha = gradient.mean(dim=(2, 3), keepdim=True)
    return (alpha * kept[-1].detach()).sum(dim=1).clamp(min=0)
