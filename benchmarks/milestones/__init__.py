"""What each chapter's milestone reaches with the solution in `solutions/`: one module a chapter, `chNN.py`.

A module has `measure(solved, seeds, device)`: it takes what the chapter's solutions define and yields a `Milestone` for
each exercise named `NN.milestone_…`. Data and settings are those of the chapter's own cell, not of the short check.
"""

from __future__ import annotations

import importlib
import pkgutil
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Solved = Mapping[str, Any]
Measure = Callable[[Solved, Sequence[int], str], Iterator["Milestone"]]


@dataclass(frozen=True)
class Milestone:
    """One milestone's number from several seeds, beside its baselines.

    measure: what is measured, with its unit. form: how one value is printed. values, baselines: one number a seed;
    a baseline that nothing random enters has one number in all. seconds: of training, for each seed.
    """

    exercise: str
    measure: str
    goal: str
    form: str
    values: Sequence[float]
    baselines: Mapping[str, Sequence[float]]
    seconds: Sequence[float]
    higher_is_better: bool = True

    @property
    def ours(self) -> str:
        """The mean, and the sample standard deviation where there is more than one value."""
        return shown(self.values, self.form)

    def beaten_by(self, baseline: str) -> bool:
        """True where the baseline's mean is better than ours."""
        theirs, ours = statistics.fmean(self.baselines[baseline]), statistics.fmean(self.values)
        return theirs > ours if self.higher_is_better else theirs < ours


def shown(values: Sequence[float], form: str) -> str:
    """Return "mean ± standard deviation" in the given form; one value, or values all alike, stand alone."""
    mean = format(statistics.fmean(values), form)
    return mean if len(set(values)) < 2 else f"{mean} ± {format(statistics.stdev(values), form)}"


def timed(function: Callable[[], Any], device: str = "cpu") -> tuple[Any, float]:
    """Return what the function returns and the seconds it took.

    On the CPU these are CPU seconds, which other work on the machine does not lengthen much; with one thread on an idle
    machine they are wall time. On a GPU it is wall time, and the GPU's work is waited for.
    """
    if device == "cpu":
        begin = time.process_time()
        return function(), time.process_time() - begin
    import torch

    begin = time.perf_counter()
    value = function()
    torch.cuda.synchronize()
    return value, time.perf_counter() - begin


def available() -> dict[str, Measure]:
    """Return chapter number → its `measure`, for each module that stands here."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name.startswith("ch"))
    return {name[2:]: importlib.import_module(f"{__name__}.{name}").measure for name in names}
