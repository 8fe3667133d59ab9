"""What recording costs: the same training loop with and without, and with the tools that people know.

    python benchmarks/recording.py [--quick]

Each method trains its own twin of the network, in turns of `every` steps, so that whatever else the machine
does falls on all alike; the figure is the median over the turns of (turn with recording) / (turn without) −
1. Both TensorBoard and Weights & Biases are optional: without them their columns say so.
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
    """One network that trains for some steps when asked, and says how many CPU seconds that took."""

    def __init__(self, network: str, method: Any, every: int, stack: contextlib.ExitStack) -> None:
        build, draw = NETWORKS[network]
        torch.manual_seed(0)
        self.model, (self.x, self.y) = build(), draw()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-4)
        self.log = stack.enter_context(method(self.model, self.optimizer, every))
        self.step = 0

    def turn(self, steps: int) -> float:
        start = time.process_time()
        for _ in range(steps):
            self.optimizer.zero_grad()
            F.cross_entropy(self.model(self.x), self.y).backward()
            self.log(self.step)  # where a learner would log: gradients are there, not yet used
            self.optimizer.step()
            self.step += 1
        return time.process_time() - start


def overheads(network: str, every: int, turns: int) -> tuple[float, dict[str, float | str]]:
    """Return one step's time without recording in seconds, and each method's overhead as a fraction."""
    with contextlib.ExitStack() as stack:
        twins: dict[str, Twin] = {"plain": Twin(network, plain, every, stack)}
        found: dict[str, float | str] = {}
        for name, method in METHODS.items():
            try:
                twins[name] = Twin(network, method, every, stack)
            except ImportError:
                found[name] = "not installed"
        for twin in twins.values():
            twin.turn(every)  # first steps allocate
        times: dict[str, list[float]] = {name: [] for name in twins}
        for i in range(turns):
            order = list(twins) if i % 2 else list(twins)[::-1]
            for name in order:
                times[name].append(twins[name].turn(every))
    for name in times:
        if name != "plain":
            found[name] = statistics.median(a / b for a, b in zip(times[name], times["plain"], strict=True)) - 1
    return statistics.median(times["plain"]) / every, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer turns: a first impression")
    parser.add_argument("--threads", type=int, default=1, help="torch threads (default 1: least noise)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"torch {torch.__version__}, {options.threads} thread(s), CPU; added to a training step, median of turns")
    print(f"{'network':8}{'parameters':>12}{'step':>10}{'every':>7}" + "".join(f"{name:>16}" for name in METHODS))
    for network, (build, _) in NETWORKS.items():
        size = sum(p.numel() for p in build().parameters())
        for every, turns in ((10, 60), (100, 15)):
            step, found = overheads(network, every, turns // 5 if options.quick else turns)
            cells = "".join(
                f"{value if isinstance(value, str) else f'{value:+.1%}':>16}"
                for value in (found[name] for name in METHODS)
            )
            print(f"{network:8}{size:>12,}{step * 1e3:>7.2f} ms{every:>7}{cells}", flush=True)


if __name__ == "__main__":
    main()
