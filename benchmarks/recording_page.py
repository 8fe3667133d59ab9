"""The figures of benchmarks/recording.py as Markdown."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from recording_loops import METHODS

if TYPE_CHECKING:
    from recording import Measured

PACKAGES = {"torch": "torch", "numpy": "NumPy", "tensorboard": "TensorBoard", "wandb": "wandb"}


def page(done: Sequence[Measured], fresh: int, laps: int, threads: int) -> str:
    """Return the whole page."""
    heads = ("network", "parameters", "a step, ms", "every", "control: plain again", *METHODS)
    rows = [_row(measured, every) for measured in done for every in (10, 100)]
    samples = [(measured.network, *(_sample(measured, name) for name in METHODS)) for measured in done]
    return (
        "# What recording costs\n\n"
        "Written by `python benchmarks/recording.py --write docs/benchmarks/recording.md`; do not edit. "
        f"{_processor()}, {os.cpu_count()} cores, {threads} torch thread{'s' * (threads > 1)}, CPU only; "
        f"Linux {platform.release().partition('-')[0]}, Python {platform.python_version()}, {_versions()}.\n\n"
        "## Added to a training step\n\n"
        f"CPU seconds, the median over {fresh} fresh networks with {laps} laps each; in brackets from which to which "
        "network it varied. The control costs nothing by definition: a difference as small as its own means nothing. "
        "It is as large as it is because other work ran on the machine.\n\n"
        f"{_table(heads, rows)}\n"
        "## Added by one sample, ms\n\n"
        "Gradients, weights, updates, activations and their gradients with `record`; gradients and weights with the "
        "other two.\n\n"
        f"{_table(('network', *METHODS), samples)}\n"
        "In a lap one and the same network takes ten plain steps, ten more of the same (the control), and with each "
        "method ten that hold one sample and ten that lie between two, each time in another order. Steps are compared "
        "within their lap only. The C library was told to keep freed memory: otherwise it gives blocks back and asks "
        "for them anew now and then, and a step that meets those page faults takes up to half as long again, whether "
        "anything records or not. The work of wandb's own process is not counted.\n"
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ("---", *["---:"] * (len(heads) - 1)), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _row(measured: Measured, every: int) -> tuple[str, ...]:
    cells = [
        _figure(measured.overheads(name, every)) if name in measured.methods else "not installed" for name in METHODS
    ]
    control = _figure(measured.control())
    step = f"{measured.step() * 1e3:.1f}"
    return measured.network, f"{measured.parameters:,}", step, str(every), control, *cells


def _figure(overheads: list[float]) -> str:
    return f"{statistics.median(overheads):+.2%} ({min(overheads):+.2%} to {max(overheads):+.2%})"


def _sample(measured: Measured, method: str) -> str:
    if method not in measured.methods:
        return "not installed"
    found = [seconds * 1e3 for seconds in measured.sample(method)]
    return f"{statistics.median(found):.2f} ({min(found):.2f} to {max(found):.2f})"


def _versions() -> str:
    found = []
    for package, name in PACKAGES.items():
        try:
            found.append(f"{name} {version(package)}")
        except PackageNotFoundError:
            found.append(f"no {name}")
    return ", ".join(found)


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as lines:
            names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
            return next(names, platform.machine())
    except OSError:
        return platform.processor() or platform.machine()
