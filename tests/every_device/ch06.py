"""Cases of chapter 06, PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from tests.every_device.cases import Given, case, labels, made, numbers


@case("06.gradients_of")
def _(given: Given, device: str) -> list[Any]:
    return list(
        given["gradients_of"](lambda a, b: (a @ b).tanh().sum(), numbers(3, 4).to(device), numbers(4, 2).to(device))
    )


@case("06.Swish")
def _(given: Given, device: str) -> list[Any]:
    x = numbers(50).to(device).requires_grad_()
    out = given["Swish"].apply(x)
    out.sum().backward()
    return [out, x.grad]


@case("06.MLP")
def _(given: Given, device: str) -> list[Any]:
    return [made(device, lambda: given["MLP"]([5, 7, 3]))(numbers(4, 5).to(device))]


@case("06.torch_loss_and_grads")
def _(given: Given, device: str) -> list[Any]:
    params = [(numbers(5, 7).numpy(), numbers(7).numpy()), (numbers(7, 3).numpy(), numbers(3).numpy())]
    loss, grads = given["torch_loss_and_grads"](params, numbers(6, 5).numpy(), labels(6, 3).numpy(), device)
    return [loss, *(torch.tensor(np.asarray(g)) for pair in grads for g in pair)]


@case("06.training_step")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: nn.Linear(5, 3))
    optimizer = torch.optim.Adam(model.parameters())
    batch = numbers(6, 5).to(device), labels(6, 3).to(device)
    return [given["training_step"](model, batch, optimizer) for _ in range(3)] + list(model.parameters())


@case("06.evaluate")
def _(given: Given, device: str) -> list[Any]:
    batches = [(numbers(6, 5, seed=s).to(device), labels(6, 3, seed=s).to(device)) for s in range(3)]
    return [given["evaluate"](made(device, lambda: nn.Linear(5, 3)), batches)]


@case("06.accumulate_gradients")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: nn.Linear(5, 3))
    batches = [(numbers(n, 5, seed=n).to(device), labels(n, 3).to(device)) for n in (4, 2)]
    return [
        given["accumulate_gradients"](model, batches, torch.optim.SGD(model.parameters(), 0.1)),
        *model.parameters(),
    ]


@case("06.save_checkpoint")
def _(given: Given, device: str) -> list[Any]:
    import tempfile

    model, other = (made(device, lambda: nn.Linear(5, 3)) for _ in range(2))
    optimizer, another = torch.optim.Adam(model.parameters()), torch.optim.Adam(other.parameters())
    model(numbers(4, 5).to(device)).sum().backward()
    optimizer.step()
    with tempfile.TemporaryDirectory() as folder:
        given["save_checkpoint"](f"{folder}/run.pt", model, optimizer)
        given["load_checkpoint"](f"{folder}/run.pt", other, another)
    assert {p.device.type for p in other.parameters()} == {torch.device(device).type}
    return [*other.parameters(), another.state[another.param_groups[0]["params"][0]]["exp_avg"]]
