"""Cases of chapter 10, adversarial networks."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from tests.every_device.cases import Given, case, gradients, labels, made, numbers


@case("10.discriminator_loss")
def _(given: Given, device: str) -> list[Any]:
    return [given["discriminator_loss"](numbers(6).to(device), numbers(4, seed=1).to(device))]


@case("10.generator_loss")
def _(given: Given, device: str) -> list[Any]:
    return [given["generator_loss"](numbers(6).to(device))]


@case("10.minimax_generator_loss")
def _(given: Given, device: str) -> list[Any]:
    return [given["minimax_generator_loss"](numbers(6).to(device))]


def players(device: str) -> tuple[nn.Module, nn.Module]:
    """A generator of points from three numbers, and a discriminator of points."""
    return (
        made(device, lambda: nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 2))),
        made(device, lambda: nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))),
    )


@case("10.discriminator_step")
def _(given: Given, device: str) -> list[Any]:
    G, D = players(device)
    optimizer = torch.optim.Adam(D.parameters(), 0.01)
    real, z = numbers(6, 2).to(device), numbers(5, 3, seed=1).to(device)
    return [*(given["discriminator_step"](G, D, optimizer, real, z) for _ in range(3)), *D.parameters()]


@case("10.generator_step")
def _(given: Given, device: str) -> list[Any]:
    G, D = players(device)
    optimizer, z = torch.optim.Adam(G.parameters(), 0.01), numbers(5, 3).to(device)
    return [*(given["generator_step"](G, D, optimizer, z) for _ in range(3)), *G.parameters()]


@case("10.gradient_penalty")
def _(given: Given, device: str) -> list[Any]:
    _, D = players(device)
    real, fake = numbers(6, 2).to(device), numbers(6, 2, seed=1).to(device)
    penalty = given["gradient_penalty"](D, real, fake, torch.Generator().manual_seed(3))  # one generator for all
    penalty.backward()
    return [penalty, *gradients(D)]


@case("10.DCGenerator")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: given["DCGenerator"](5))
    out = model(numbers(3, 5).to(device))
    out.square().mean().backward()
    return [out, *gradients(model)]


@case("10.DCDiscriminator")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: given["DCDiscriminator"]())
    out = model(numbers(3, 1, 28, 28).to(device))
    out.square().mean().backward()
    return [out, *gradients(model)]


@case("10.ConditionalGenerator")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: given["ConditionalGenerator"](5, 10))
    out = model(numbers(3, 5).to(device), labels(3, 10).to(device))
    out.square().mean().backward()
    return [out, *gradients(model)]


@case("10.slerp")
def _(given: Given, device: str) -> list[Any]:
    z0, z1 = numbers(4, 6).to(device), numbers(4, 6, seed=1).to(device)
    return [given["slerp"](z0, z1, 0.3), given["slerp"](z0, z0, 0.3)]


@case("10.image_to_image_step")
def _(given: Given, device: str) -> list[Any]:
    G = made(device, lambda: nn.Conv2d(1, 1, 3, padding=1))
    D = made(device, lambda: nn.Sequential(nn.Flatten(), nn.Linear(2 * 36, 1)))
    opt_g, opt_d = torch.optim.Adam(G.parameters(), 0.01), torch.optim.Adam(D.parameters(), 0.01)
    pairs = numbers(3, 1, 6, 6).to(device), numbers(3, 1, 6, 6, seed=1).to(device)
    losses = [x for _ in range(3) for x in given["image_to_image_step"](G, D, opt_g, opt_d, *pairs)]
    return [*losses, *G.parameters(), *D.parameters()]
