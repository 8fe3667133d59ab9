"""What recording costs: the same training loop with and without, and with the tools that people know.

    python benchmarks/recording.py [--quick] [--write docs/benchmarks/recording.md]

One network takes blocks of ten steps: plain, plain once more (the control), and for each method one that holds a sample
and one that lies between two samples. All blocks make a lap, each time in another order, so that whatever else the
machine does falls on all alike and memory lies where it lies for all. In each lap

    a sample adds      what the sampled step and its two neighbours take beyond the typical other step of the same block
    between samples    the typical step of a block without a sample, less the typical plain step of the same lap

and every `every`-th step sampled adds a sample / every + between. The page has medians over the laps, for several fresh
networks. What the control shows is no cost of anything: a difference as small as that means nothing.
glibc gives large blocks of freed memory back and asks for them anew, now and then: a step that meets these page faults
takes up to half as long again, whether anything records or not. So the C library is told to keep what it has.
Times are CPU seconds of this process: on an idle machine with one thread that is wall time. What wandb's own process
does is not in them.
TensorBoard and Weights & Biases are optional: without them their columns say so.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import random
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from recording_loops import METHODS, NETWORKS, Block, Training, plain
from recording_page import page

STEPS = 10
"""Steps of a block: exactly one of them is sampled, or none."""

WARM = 3
"""Steps that open a block and do not count: `record` samples its very first."""

AROUND = slice(STEPS - WARM - 1, STEPS - WARM + 2)
"""The sampled step, the one before, in which hooks go on, and the one after, which finds the caches full."""

Turn = tuple[str, bool]
"""A method, and whether its block holds a sample."""


@dataclass
class Lap:
    """CPU seconds of each block's steps; the plain blocks under ("plain", False) and ("control", False)."""

    steps: dict[Turn, list[float]]

    @property
    def plain(self) -> float:
        return statistics.median(self.steps["plain", False] + self.steps["control", False])

    def control(self) -> float:
        return statistics.median(self.steps["control", False]) - statistics.median(self.steps["plain", False])

    def sample(self, method: str) -> float:
        steps = self.steps[method, True]
        others = steps[: AROUND.start] + steps[AROUND.stop :]
        return sum(steps[AROUND]) - 3 * statistics.median(others)

    def between(self, method: str) -> float:
        return statistics.median(self.steps[method, False]) - self.plain


@dataclass
class Measured:
    """One kind of network: its parameters, the laps of each fresh one, and the methods that were there."""

    network: str
    parameters: int
    laps: list[list[Lap]]
    methods: list[str]

    def step(self) -> float:
        """Seconds of a plain step."""
        return statistics.median(lap.plain for laps in self.laps for lap in laps)

    def sample(self, method: str) -> list[float]:
        """Seconds that one sample adds, in each fresh network."""
        return [statistics.median(lap.sample(method) for lap in laps) for laps in self.laps]

    def overheads(self, method: str, every: int) -> list[float]:
        """What is added to a step, as a fraction of it, in each fresh network."""
        found = []
        for laps, sample in zip(self.laps, self.sample(method), strict=True):
            between = statistics.median(lap.between(method) for lap in laps)
            found.append((sample / every + between) / statistics.median(lap.plain for lap in laps))
        return found

    def control(self) -> list[float]:
        """By how much two plain blocks differ, in each fresh network."""
        return [statistics.median(lap.control() / lap.plain for lap in laps) for laps in self.laps]


def keep_memory() -> bool:
    """Tell glibc to keep freed memory; return whether it listens."""
    trim_threshold, mmap_threshold = -1, -3  # malloc.h
    try:
        libc = ctypes.CDLL("libc.so.6")
        return all(
            libc.mallopt(option, size) for option, size in ((trim_threshold, 2**31 - 1), (mmap_threshold, 2**25))
        )
    except (OSError, AttributeError):
        return False


def seconds(training: Training, block: Block, sampled: bool) -> list[float]:
    """Return the CPU seconds of each step of one block."""
    found = []
    with block(STEPS if sampled else 100 * STEPS) as log:
        for step in range(WARM + STEPS):
            start = time.process_time()
            training.step(step, log)
            found.append(time.process_time() - start)
    return found[WARM:]


def measure(network: str, fresh: int, laps: int) -> Measured:
    """Train `fresh` networks one after the other, each for `laps` laps."""
    order = random.Random(0)
    found: list[list[Lap]] = []
    with_samples: list[str] = []
    for seed in range(fresh):
        with contextlib.ExitStack() as stack:
            training = Training(network, seed)
            opened = {}
            for name, method in {"plain": plain, "control": plain, **METHODS}.items():
                with contextlib.suppress(ImportError):
                    opened[name] = stack.enter_context(method(training.model, training.optimizer))
            with_samples = [name for name in opened if name in METHODS]
            turns = [(name, False) for name in opened] + [(name, True) for name in with_samples]
            found.append([])
            for lap in range(-1, laps):
                order.shuffle(turns)
                this = Lap({turn: seconds(training, opened[turn[0]], turn[1]) for turn in turns})
                if lap >= 0:  # the first one allocates
                    found[-1].append(this)
    return Measured(network, sum(p.numel() for p in training.model.parameters()), found, with_samples)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer laps: a first impression")
    parser.add_argument("--threads", type=int, default=1, help="torch threads (default 1: least noise)")
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--fresh", type=int, default=5, help="fresh networks of each kind")
    parser.add_argument("--laps", type=int, default=16, help="laps of each network")
    parser.add_argument("--write", type=Path, help="write the table as Markdown into this file")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if not keep_memory():
        print("This C library cannot be told to keep freed memory: expect figures that jump by several percent.")
    fresh, laps = (2, 8) if options.quick else (options.fresh, options.laps)
    text = page([measure(network, fresh, laps) for network in options.networks], fresh, laps, options.threads)
    print(text)
    if options.write:
        options.write.parent.mkdir(parents=True, exist_ok=True)
        options.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
