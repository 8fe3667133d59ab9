"""Training runs on the 8×8 digits, with something done to them on the way."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

from dlcourse_utils.gradients import History, record

Change = Callable[[int, nn.Module, torch.optim.Optimizer], float]
"""Called before each step with its number, model and optimizer; may change both. Returns the factor of the loss."""


@cache
def digits() -> tuple[torch.Tensor, torch.Tensor]:
    data = load_digits()
    return torch.tensor(data.data / 16, dtype=torch.float32), torch.tensor(data.target)


def mlp(activation: Any = nn.ReLU, widths: tuple[int, ...] = (64, 64, 64), out: int = 10) -> nn.Sequential:
    layers: list[nn.Module] = []
    for a, b in itertools.pairwise(widths):
        layers += [nn.Linear(a, b), activation()]
    return nn.Sequential(*layers, nn.Linear(widths[-1], out))


class Functional(nn.Module):
    """ReLU as a function, so that no layer can be watched."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c = nn.Linear(64, 64), nn.Linear(64, 32), nn.Linear(32, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.c(F.relu(self.b(F.relu(self.a(x)))))


def run(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    *,
    steps: int = 120,
    every: int = 5,
    batch: int = 64,
    clip: float | None = None,
    change: Change | None = None,
    loss_function: Any = F.cross_entropy,
) -> History:
    """Train on digits and return the history."""
    x, y = digits()
    g = torch.Generator().manual_seed(0)
    with record(model, optimizer, every=every) as rec:
        for step in range(steps):
            factor = change(step, model, optimizer) if change else 1.0
            i = torch.randint(0, len(x), (batch,), generator=g)
            optimizer.zero_grad()
            loss = loss_function(model(x[i]), y[i]) * factor
            loss.backward()
            rec.log(loss=loss)
            if clip:
                nn.utils.clip_grad_norm_(model.parameters(), clip)
            optimizer.step()
    return rec.history
