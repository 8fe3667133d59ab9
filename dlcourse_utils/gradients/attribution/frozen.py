"""Ask a model something and leave it exactly as it was."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...errors import CourseError

if TYPE_CHECKING:
    import torch


@contextlib.contextmanager
def evaluating(model: torch.nn.Module) -> Iterator[None]:
    """Put every layer into evaluation mode, and back into the mode that each had."""
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training


def chosen_logits(logits: torch.Tensor, target: int | torch.Tensor) -> torch.Tensor:
    """Return each sample's logit of its target class, (N,). `target` is one class or (N,) of them."""
    import torch

    if logits.dim() != 2:
        raise CourseError(
            f"The model gives an output of shape {tuple(logits.shape)}; logits (N, classes) were expected."
        )
    classes = torch.as_tensor(target, device=logits.device, dtype=torch.long).expand(len(logits))
    if bool(((classes < 0) | (classes >= logits.shape[1])).any()):
        raise CourseError(f"The target class must lie in 0 … {logits.shape[1] - 1}.")
    return logits.gather(1, classes[:, None])[:, 0]
