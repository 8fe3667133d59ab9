"""Cases of chapter 07, convolutional networks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from tests.every_device.cases import Given, case, gradients, made, numbers


def _images(name: str, build: Callable[[Given], nn.Module], channels: int = 1, size: int = 28) -> None:
    @case(f"07.{name}")
    def _(given: Given, device: str) -> list[Any]:
        model = made(device, lambda: build(given)).eval()
        out = model(numbers(2, channels, size, size).to(device))
        out.square().mean().backward()
        return [out, *gradients(model)]


_images("SmallCNN", lambda given: given["SmallCNN"]())
_images("DigitCNN", lambda given: given["DigitCNN"]())
_images("ResidualBlock", lambda given: given["ResidualBlock"](3, 6, 2), channels=3, size=8)


@case("07.grad_cam")
def _(given: Given, device: str) -> list[Any]:
    model = made(
        device, lambda: nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, 3))
    ).eval()
    return [torch.as_tensor(given["grad_cam"](model, model[0], numbers(1, 1, 8, 8).to(device), 1))]
