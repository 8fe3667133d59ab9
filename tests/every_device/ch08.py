"""Cases of chapter 08, sequences."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from tests.every_device.cases import Given, case, gradients, labels, made, numbers


@case("08.clip_gradients")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: nn.Linear(5, 3))
    model(numbers(4, 5).to(device)).square().sum().backward()
    return [given["clip_gradients"](model, 0.5), *gradients(model)]


@case("08.LSTMClassifier")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: given["LSTMClassifier"](9, embed=4, hidden=5))
    ids, mask = given["pad_batch"]([[2, 3, 4], [5], [6, 7, 8, 2]])
    return [model(ids.to(device), mask.to(device))]


@case("08.masked_cross_entropy")
def _(given: Given, device: str) -> list[Any]:
    mask = (torch.arange(5) < torch.tensor([[5], [2]])).to(device)
    return [given["masked_cross_entropy"](numbers(2, 5, 7).to(device), labels(10, 7).view(2, 5).to(device), mask)]


@case("08.truncated_bptt_steps")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: given["CharacterModel"](7, 6))
    inputs, targets = labels(40, 7).view(2, 20).to(device), labels(40, 7, seed=1).view(2, 20).to(device)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    return [*given["truncated_bptt_steps"](model, inputs, targets, optimizer, 6), *model.parameters()]


@case("08.sample_text")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: given["CharacterModel"](7, 6)).eval()
    start = torch.tensor([1, 2, 3], device=device)
    first, again = (
        given["sample_text"](model, start, 20, 0.8, torch.Generator(device).manual_seed(5)) for _ in range(2)
    )
    assert torch.equal(first, again)
    assert first.device.type == torch.device(device).type
    return [first[:3], len(first)]  # the draws themselves differ: each kind of device has its own random numbers
