"""Data sets that are asked for their items and their batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe
from ..torch_parts import (
    as_array,
)


@probe("ch06.dataset")
def dataset(attempt: Attempt, x: np.ndarray, y: np.ndarray, indices: Sequence[int], batch_size: int) -> Parts:
    """Ask for the length, single items, past the end, and let a DataLoader make batches."""
    import torch

    (cls,) = attempt
    data = cls(x, y)
    yield "len", len(data)
    for index in indices:
        item = data[index]
        yield f"item {index}", tuple(as_array(part) for part in item) if isinstance(item, (tuple, list)) else item
        yield f"types of item {index}", [_kind(part) for part in item] if isinstance(item, (tuple, list)) else []
    try:
        beyond = data[len(y)]
        yield "past the end", "None" if beyond is None else "an item"
    except IndexError:
        yield "past the end", "IndexError"
    batches = iter(torch.utils.data.DataLoader(data, batch_size=batch_size))
    yield "shapes of the first batch", [list(part.shape) for part in next(batches)]


def _kind(value: Any) -> str:
    import torch

    if isinstance(value, torch.Tensor):
        return f"{str(value.dtype).removeprefix('torch.')} tensor with {_axes(value.dim())}"
    return f"no tensor but {type(value).__name__}"


def _axes(number: int) -> str:
    return {0: "no axes", 1: "1 axis"}.get(number, f"{number} axes")
