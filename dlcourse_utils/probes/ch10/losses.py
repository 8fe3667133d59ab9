"""The losses of the two players."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..registry import probe
from ..torch_parts import as_array

Parts = Iterator[tuple[str, Any]]

Attempt = tuple[Any, ...]


@probe("ch10.loss")
def loss_of_logits(attempt: Attempt, *logits: np.ndarray) -> Parts:
    """Compute a loss of one or two batches of logits, and go backward through it."""
    import torch

    (function,) = attempt
    leaves = [torch.tensor(values, requires_grad=True) for values in logits]
    loss = function(*leaves)
    is_number = isinstance(loss, torch.Tensor) and loss.dim() == 0
    yield "loss", loss.item() if is_number else as_array(loss)
    if not isinstance(loss, torch.Tensor) or not loss.requires_grad:
        raise TypeError(
            "training goes backward from this loss, so it should be a tensor that remembers how it was made; "
            f"yours is a {type(loss).__name__} without that memory"
        )
    slopes = torch.autograd.grad(loss.sum(), leaves, allow_unused=True)
    for number, (leaf, slope) in enumerate(zip(leaves, slopes, strict=True), start=1):
        yield f"slopes, logits {number}", as_array(torch.zeros_like(leaf) if slope is None else slope)
