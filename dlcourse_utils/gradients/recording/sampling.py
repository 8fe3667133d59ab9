"""Norms and fixed samples of tensors, on the tensor's own device and without waiting for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..magnitudes import SAMPLE, sample_positions

if TYPE_CHECKING:
    import torch


def dense(tensor: torch.Tensor) -> torch.Tensor:
    """Return the stored values: of a sparse gradient its non-zero rows, else the tensor itself."""
    return tensor.detach().coalesce().values() if tensor.is_sparse else tensor.detach()


def norm(tensor: torch.Tensor) -> torch.Tensor:
    """L2 norm as a 0-d tensor; half precision is summed in single, where it cannot overflow."""
    import torch

    return torch.linalg.vector_norm(tensor, dtype=_wide(tensor))


def norm_of_rows(tensor: torch.Tensor) -> torch.Tensor:
    """L2 norm over the last dimension, likewise."""
    import torch

    return torch.linalg.vector_norm(tensor, dim=-1, dtype=_wide(tensor))


def _wide(tensor: torch.Tensor) -> torch.dtype | None:
    import torch

    return torch.float32 if tensor.dtype in (torch.float16, torch.bfloat16) else None


def norms(tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """The L2 norm of each, in a few calls however many there are: on a GPU each call would be a launch."""
    import torch

    half = (torch.float16, torch.bfloat16)
    if not tensors or any(t.dtype in half for t in tensors):
        return [norm(t) for t in tensors]
    return list(torch._foreach_norm(list(tensors)))


class Sampler:
    """Takes the same at most 4,096 positions of every tensor of one size; remembers them on each device."""

    def __init__(self) -> None:
        self._positions: dict[tuple[int, torch.device], torch.Tensor] = {}

    def __call__(self, tensor: torch.Tensor) -> torch.Tensor:
        """Return a flat copy of a detached tensor, which later in-place changes cannot reach."""
        size = tensor.numel()
        if size <= SAMPLE:
            return tensor.reshape(-1).clone()
        device = tensor.device
        positions = self._positions.get((size, device))
        if positions is None:
            import torch

            if len(self._positions) >= 256:  # batches of ever new lengths would fill the memory
                self._positions.clear()
            positions = torch.from_numpy(sample_positions(size).copy()).to(device)
            self._positions[size, device] = positions
        return tensor.reshape(-1).index_select(0, positions)
