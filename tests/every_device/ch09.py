"""Cases of chapter 09, attention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from tests.every_device.cases import Given, case, gradients, labels, made, numbers


@case("09.scaled_dot_product_attention")
def _(given: Given, device: str) -> list[Any]:
    q, k, v = (numbers(2, 3, t, 4, seed=t).to(device) for t in (5, 6, 6))
    mask = (torch.arange(6) < torch.tensor([[6], [3]])).to(device)[:, None, None]
    return [*given["scaled_dot_product_attention"](q, k, v), *given["scaled_dot_product_attention"](q, k, v, mask)]


@case("09.padding_mask")
def _(given: Given, device: str) -> list[Any]:
    found = given["padding_mask"](torch.tensor([3, 1, 5], device=device), 6)
    assert found.device.type == device
    return [found]


def _attends(name: str, build: Callable[[Given], nn.Module], call: Callable[[nn.Module, torch.Tensor], Any]) -> None:
    @case(f"09.{name}")
    def _(given: Given, device: str) -> list[Any]:
        model = made(device, lambda: build(given))
        out = call(model, numbers(2, 5, 8).to(device))
        out.square().mean().backward()
        return [out, *gradients(model)]


_attends("MultiHeadAttention", lambda given: given["MultiHeadAttention"](8, 2), lambda model, x: model(x, x, x)[0])
_attends("TransformerBlock", lambda given: given["TransformerBlock"](8, 2), lambda model, x: model(x))
_attends(
    "TinyGPT",
    lambda given: given["TinyGPT"](11, 6, 8, 2, 2),
    lambda model, x: model(labels(10, 11).view(2, 5).to(x.device)),
)


@case("09.generate")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: given["TinyGPT"](11, 6, 8, 2, 2)).eval()
    prompts = labels(8, 11).view(2, 4).to(device)
    write = given["generate"]
    first, again = (write(model, prompts, 9, 0.8, 5, torch.Generator(device).manual_seed(4)) for _ in range(2))
    assert torch.equal(first, again)
    return [write(model, prompts, 9, 1.0, 1, torch.Generator(device))]  # the likeliest each time: no luck in it
