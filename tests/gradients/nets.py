"""Small networks and training loops for the recorder's tests."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional as F


def cnn(inplace: bool = True) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(4 * 9, 3)
    )


def images(seed: int = 0, n: int = 12) -> tuple[torch.Tensor, torch.Tensor]:
    g = torch.Generator().manual_seed(seed)
    return torch.randn(n, 1, 8, 8, generator=g), torch.randint(0, 3, (n,), generator=g)


class Tagger(nn.Module):
    """Embedding, LSTM, a linear layer on the last step."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(20, 6)
        self.lstm = nn.LSTM(6, 5, batch_first=True)
        self.head = nn.Linear(5, 3)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        out, _ = self.lstm(self.embed(ids))
        return self.head(out[:, -1])


def train(model: nn.Module, optimizer: Any, steps: int, batch: Any = None, clip: float | None = None) -> list[float]:
    """Full-batch training; returns the losses."""
    x, y = batch if batch is not None else images()
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        if clip is not None:
            nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        losses.append(loss.item())
    return losses


def hook_count(model: nn.Module) -> int:
    """Every hook that PyTorch could keep for us on modules and parameters."""
    on_modules = sum(
        len(getattr(m, name))
        for m in model.modules()
        for name in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    )
    on_parameters = sum(
        len(getattr(p, name) or ())
        for p in model.parameters()
        for name in ("_backward_hooks", "_post_accumulate_grad_hooks")
    )
    return on_modules + on_parameters


def optimizer_hook_count(optimizer: torch.optim.Optimizer) -> int:
    return len(optimizer._optimizer_step_pre_hooks) + len(optimizer._optimizer_step_post_hooks)
