"""What an exercise's solution gives on a device, by exercise; and what its cases are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

Given = dict[str, Any]
CASES: dict[str, Callable[[Given, str], list[Any]]] = {}


def numbers(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def labels(n: int, classes: int, seed: int = 0) -> torch.Tensor:
    return torch.randint(0, classes, (n,), generator=torch.Generator().manual_seed(seed))


def made(device: str, build: Callable[[], nn.Module]) -> nn.Module:
    """Build a model with the CPU's random numbers, in float64, and bring it to the device."""
    torch.manual_seed(0)
    return build().double().to(device)


def gradients(model: nn.Module) -> list[torch.Tensor]:
    return [p.grad for p in model.parameters() if p.grad is not None]


def case(exercise: str) -> Callable[..., Any]:
    """Register what an exercise's solution gives on a device: tensors and numbers to compare."""

    def register(function: Callable[[Given, str], list[Any]]) -> Callable[[Given, str], list[Any]]:
        CASES[exercise] = function
        return function

    return register
