"""What recording costs: the same training loop with and without, and with the tools that people know.

    python benchmarks/recording.py [--quick]

Each method trains its own twin of the network, and all twins take each step one after the other, so that
whatever else the machine does falls on all alike. A step's cost is its median over the run, apart for plain
steps, sampled ones and those just before (where hooks go on); the overhead at `every` = 10 and 100 adds them
up in these shares. Times are CPU seconds of this process: on an idle machine with one thread that is wall
time. What wandb's own process does is not in them.
Both TensorBoard and Weights & Biases are optional: without them their columns say so.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from dlcourse_utils.gradients import record

EVERY = 10
Batch = tuple[torch.Tensor, torch.Tensor]


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


@contextlib.contextmanager
def plain(model: nn.Module, optimizer: Any, every: int) -> Iterator[Callable[[int], None]]:
    yield lambda step: None


@contextlib.contextmanager
def ours(model: nn.Module, optimizer: Any, every: int) -> Iterator[Callable[[int], None]]:
    with record(model, optimizer, every=every):
        yield lambda step: None


@contextlib.contextmanager
def tensorboard(model: nn.Module, optimizer: Any, every: int) -> Iterator[Callable[[int], None]]:
    from torch.utils.tensorboard import SummaryWriter

    with tempfile.TemporaryDirectory() as folder, contextlib.closing(SummaryWriter(folder)) as writer:

        def log(step: int) -> None:
            if step % every == 0:
                for name, p in model.named_parameters():
                    writer.add_histogram(name, p, step)
                    writer.add_histogram(f"{name}.grad", p.grad, step)

        yield log


@contextlib.contextmanager
def wandb_watch(model: nn.Module, optimizer: Any, every: int) -> Iterator[Callable[[int], None]]:
    import wandb

    with tempfile.TemporaryDirectory() as folder:
        os.environ["WANDB_SILENT"] = "true"
        run = wandb.init(mode="offline", dir=folder)
        run.watch(model, log="all", log_freq=every)
        yield lambda step: run.log({"step": step}) if step % every == 0 else None
        run.finish()


METHODS = {"record": ours, "TensorBoard": tensorboard, "wandb.watch": wandb_watch}


class Twin:
    """One network that takes one step when asked, and keeps what each cost."""

    def __init__(self, network: str, method: Any, stack: contextlib.ExitStack) -> None:
        build, draw = NETWORKS[network]
        torch.manual_seed(0)
        self.model, (self.x, self.y) = build(), draw()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-4)
        self.log = stack.enter_context(method(self.model, self.optimizer, EVERY))
        self.seconds: list[float] = []

    def step(self) -> None:
        start = time.process_time()
        self.optimizer.zero_grad()
        F.cross_entropy(self.model(self.x), self.y).backward()
        self.log(len(self.seconds))  # where a learner would log: gradients are there, not yet used
        self.optimizer.step()
        self.seconds.append(time.process_time() - start)

    def cost(self, every: int) -> float:
        """Mean seconds of a step when every `every`-th is sampled; the first steps, which allocate, do not
        count.
        """
        kept = list(enumerate(self.seconds))[2 * EVERY :]
        sampled = statistics.median(s for i, s in kept if i % EVERY == 0)
        before = statistics.median(s for i, s in kept if i % EVERY == EVERY - 1)
        between = statistics.median(s for i, s in kept if i % EVERY not in (0, EVERY - 1))
        return (sampled + before + (every - 2) * between) / every


def measure(network: str, rounds: int) -> tuple[Twin, dict[str, Twin | None]]:
    """Return the plain twin and each method's, None where it is not installed, after `rounds` · EVERY
    steps.
    """
    with contextlib.ExitStack() as stack:
        base = Twin(network, plain, stack)
        twins: dict[str, Twin | None] = {}
        for name, method in METHODS.items():
            try:
                twins[name] = Twin(network, method, stack)
            except ImportError:
                twins[name] = None
        running = [base, *(t for t in twins.values() if t is not None)]
        for i in range(rounds * EVERY):
            for k in range(len(running)):
                running[(i + k) % len(running)].step()  # nobody always goes first
    return base, twins


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer steps: a first impression")
    parser.add_argument("--threads", type=int, default=1, help="torch threads (default 1: least noise)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"torch {torch.__version__}, {options.threads} thread(s), CPU; added to a training step")
    print(f"{'network':8}{'parameters':>12}{'step':>10}{'every':>7}" + "".join(f"{name:>16}" for name in METHODS))
    for network, (build, _) in NETWORKS.items():
        size = sum(p.numel() for p in build().parameters())
        base, twins = measure(network, 12 if options.quick else 62)
        for every in (10, 100):
            plain_cost = statistics.median(base.seconds)
            cells = "".join(
                f"{'not installed' if twin is None else f'{twin.cost(every) / plain_cost - 1:+.2%}':>16}"
                for twin in twins.values()
            )
            print(f"{network:8}{size:>12,}{plain_cost * 1e3:>7.2f} ms{every:>7}{cells}", flush=True)


if __name__ == "__main__":
    main()
