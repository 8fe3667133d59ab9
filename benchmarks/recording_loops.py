"""The networks that benchmarks/recording.py trains, and the methods that watch them.

A method is opened once for a network; what it hands out opens it for a block of steps and samples every `every`-th.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from dlcourse_utils.gradients import record

Batch = tuple[torch.Tensor, torch.Tensor]
Log = Callable[[int], None]
Block = Callable[[int], AbstractContextManager[Log]]
Method = Callable[[nn.Module, torch.optim.Optimizer], AbstractContextManager[Block]]


class LastStep(nn.Module):
    """Embedding, LSTM, and a linear layer on its last step."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(10_000, 64)
        self.lstm = nn.LSTM(64, 64, batch_first=True)
        self.head = nn.Linear(64, 2)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.head(self.lstm(self.embed(ids))[0][:, -1])


def small_cnn() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1600, 10),
    )  # fmt: skip


def mlp() -> nn.Module:
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 1024),
        nn.ReLU(), nn.Linear(1024, 10),
    )  # fmt: skip


def digits() -> Batch:
    return torch.randn(64, 1, 28, 28), torch.randint(0, 10, (64,))


def sentences() -> Batch:
    return torch.randint(0, 10_000, (32, 30)), torch.randint(0, 2, (32,))


NETWORKS: dict[str, tuple[Callable[[], nn.Module], Callable[[], Batch]]] = {
    "CNN": (small_cnn, digits),
    "MLP": (mlp, digits),
    "LSTM": (LastStep, sentences),
}


class Training:
    """One network that takes one step when asked.

    The learning rate is so small that a thousand steps leave it where it was: the last step costs what the first did.
    """

    def __init__(self, network: str, seed: int) -> None:
        build, draw = NETWORKS[network]
        torch.manual_seed(seed)
        self.model, (self.x, self.y) = build(), draw()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-7)

    def step(self, number: int, log: Log) -> None:
        self.optimizer.zero_grad()
        F.cross_entropy(self.model(self.x), self.y).backward()
        log(number)  # where a learner would log: gradients are there, not yet used
        self.optimizer.step()


def _nothing(step: int) -> None:
    pass


@contextlib.contextmanager
def plain(model: nn.Module, optimizer: Any) -> Iterator[Block]:
    yield lambda every: contextlib.nullcontext(_nothing)


@contextlib.contextmanager
def ours(model: nn.Module, optimizer: Any) -> Iterator[Block]:
    @contextlib.contextmanager
    def block(every: int) -> Iterator[Log]:
        with record(model, optimizer, every=every):
            yield _nothing

    yield block


@contextlib.contextmanager
def tensorboard(model: nn.Module, optimizer: Any) -> Iterator[Block]:
    from torch.utils.tensorboard import SummaryWriter

    with tempfile.TemporaryDirectory() as folder, contextlib.closing(SummaryWriter(folder)) as writer:

        @contextlib.contextmanager
        def block(every: int) -> Iterator[Log]:
            def log(step: int) -> None:
                if step % every == 0:
                    for name, p in model.named_parameters():
                        writer.add_histogram(name, p, step)
                        writer.add_histogram(f"{name}.grad", p.grad, step)

            yield log
            writer.flush()  # its thread writes on: no other block should pay for that

        yield block


@contextlib.contextmanager
def wandb_watch(model: nn.Module, optimizer: Any) -> Iterator[Block]:
    import wandb

    with tempfile.TemporaryDirectory() as folder:
        os.environ["WANDB_SILENT"] = "true"
        run = wandb.init(mode="offline", dir=folder)

        @contextlib.contextmanager
        def block(every: int) -> Iterator[Log]:
            run.watch(model, log="all", log_freq=every)
            yield lambda step: run.log({"step": step}) if step % every == 0 else None
            run.unwatch(model)

        yield block
        run.finish()


METHODS: dict[str, Method] = {"record": ours, "TensorBoard": tensorboard, "wandb.watch": wandb_watch}
