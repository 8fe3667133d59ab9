"""Bring many small tensors to NumPy with one transfer for each device and dtype.

Asking a GPU for one number waits for everything before it, so numbers stay tensors until a sampled step is
over.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..magnitudes import Magnitudes, describe

if TYPE_CHECKING:
    import torch


def fetch(tensors: Sequence[torch.Tensor]) -> list[np.ndarray]:
    """Return each flat tensor as a float array, in the order given."""
    import torch

    return _fetch(tensors, torch.cat, lambda tensor: int(tensor.shape[0]))


def fetch_numbers(tensors: Sequence[torch.Tensor]) -> list[float]:
    """Return each 0-d tensor as a number, in the order given."""
    import torch

    return [array.item() for array in _fetch(tensors, torch.stack, lambda tensor: 1)]


def _fetch(
    tensors: Sequence[torch.Tensor],
    join: Callable[[list[torch.Tensor]], torch.Tensor],
    length: Callable[[torch.Tensor], int],
) -> list[np.ndarray]:
    groups: dict[tuple[torch.device, torch.dtype], list[int]] = {}
    for i, tensor in enumerate(tensors):
        groups.setdefault((tensor.device, tensor.dtype), []).append(i)
    out: dict[int, np.ndarray] = {}
    for members in groups.values():
        values = _numpy(join([tensors[i] for i in members]))
        start = 0
        for i in members:
            end = start + length(tensors[i])
            out[i] = values[start:end]
            start = end
    return [out[i] for i in range(len(tensors))]


def _numpy(tensor: torch.Tensor) -> np.ndarray:
    import torch

    tensor = tensor.detach()
    if tensor.is_complex():
        tensor = tensor.abs()
    if tensor.dtype not in (torch.float32, torch.float64):
        tensor = tensor.float()  # NumPy has no bfloat16
    return tensor.cpu().numpy()


class Basket:
    """Collect tensors under a ticket now; read and describe them all at once later."""

    def __init__(self) -> None:
        self._numbers: list[torch.Tensor] = []
        self._parts: list[torch.Tensor] = []
        self._whole: list[tuple[int, int, float]] = []  # first part, how many, the factor they are too large by
        self._plain: list[torch.Tensor] = []
        self._plain_arrays: list[np.ndarray] = []
        self._values: list[float] = []
        self._arrays: list[np.ndarray] = []
        self._facts: list[Magnitudes] = []

    def number(self, tensor: torch.Tensor) -> int:
        """Take a 0-d tensor."""
        self._numbers.append(tensor)
        return len(self._numbers) - 1

    def sample(self, parts: Sequence[torch.Tensor], too_large: float = 1.0) -> int:
        """Take flat tensors that belong together, all of them too large by one factor."""
        self._whole.append((len(self._parts), len(parts), too_large))
        self._parts += parts
        return len(self._whole) - 1

    def plain(self, tensor: torch.Tensor) -> int:
        """Take a flat tensor that nobody needs described."""
        self._plain.append(tensor)
        return len(self._plain) - 1

    def read(self) -> None:
        """Fetch everything: from each device one transfer of numbers and one of samples."""
        self._values = fetch_numbers(self._numbers)
        parts = fetch([*self._parts, *self._plain])
        self._plain_arrays = parts[len(self._parts) :]
        self._arrays = [_joined(parts[first : first + count], factor) for first, count, factor in self._whole]
        self._facts = describe(self._arrays)

    def value(self, ticket: int | None) -> float:
        return math.nan if ticket is None else self._values[ticket]

    def array(self, ticket: int) -> np.ndarray:
        return self._arrays[ticket]

    def plain_array(self, ticket: int) -> np.ndarray:
        return self._plain_arrays[ticket]

    def facts(self, ticket: int) -> Magnitudes:
        return self._facts[ticket]


def _joined(parts: list[np.ndarray], too_large: float) -> np.ndarray:
    whole = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return whole if too_large == 1.0 else whole / too_large
