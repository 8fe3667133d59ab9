"""The losses of the two players."""

from __future__ import annotations

import numpy as np

from ..registry import Attempt, Parts, probe
from ..torch_parts import as_array, loss_to_train_on


@probe("ch10.loss")
def loss_of_logits(attempt: Attempt, *logits: np.ndarray) -> Parts:
    """Compute a loss of one or two batches of logits, and go backward through it."""
    import torch

    (function,) = attempt
    leaves = [torch.tensor(values, requires_grad=True) for values in logits]
    loss = function(*leaves)
    yield from loss_to_train_on(loss)
    slopes = torch.autograd.grad(loss.sum(), leaves, allow_unused=True)
    for number, (leaf, slope) in enumerate(zip(leaves, slopes, strict=True), start=1):
        yield f"slopes, logits {number}", as_array(torch.zeros_like(leaf) if slope is None else slope)
