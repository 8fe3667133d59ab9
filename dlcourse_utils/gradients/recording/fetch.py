"""Bring many small tensors to NumPy with one transfer for each device and dtype.

Asking a GPU for one number waits for everything before it, so numbers stay tensors until a sampled step is
over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch


def fetch(tensors: Sequence[torch.Tensor]) -> list[np.ndarray]:
    """Return each tensor flattened, as a float array, in the order given."""
    import torch

    groups: dict[tuple[torch.device, torch.dtype], list[int]] = {}
    for i, tensor in enumerate(tensors):
        groups.setdefault((tensor.device, tensor.dtype), []).append(i)
    out: list[np.ndarray] = [np.empty(0)] * len(tensors)
    for members in groups.values():
        flat = torch.cat([tensors[i].detach().reshape(-1) for i in members])
        if flat.is_complex():
            flat = flat.abs()
        if flat.dtype not in (torch.float32, torch.float64):
            flat = flat.float()  # NumPy has no bfloat16
        values = flat.cpu().numpy()
        start = 0
        for i in members:
            end = start + tensors[i].numel()
            out[i] = values[start:end]
            start = end
    return out


class Basket:
    """Collect tensors under a number now, read them all at once later."""

    def __init__(self) -> None:
        self._tensors: list[torch.Tensor] = []
        self._values: list[np.ndarray] = []

    def put(self, tensor: torch.Tensor) -> int:
        self._tensors.append(tensor)
        return len(self._tensors) - 1

    def read(self) -> None:
        """The one transfer."""
        self._values = fetch(self._tensors)

    def array(self, ticket: int) -> np.ndarray:
        return self._values[ticket]

    def number(self, ticket: int | None) -> float:
        return float("nan") if ticket is None else float(self._values[ticket][0])
