"""00.milestone_nearest_mean: digits named by the nearest class average, on several splits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dlcourse_utils.data import load_digits_split

from . import Milestone, Solved, timed


def measure(solved: Solved, seeds: Sequence[int], device: str) -> Iterator[Milestone]:
    ours, dull, seconds = [], [], []
    for seed in seeds:
        split = load_digits_split(seed)
        named, took = timed(lambda split=split: solved["nearest_mean"](split.x_train, split.y_train, split.x_test))
        ours.append(float(np.mean(named == split.y_test)))
        dull.append(float(np.bincount(split.y_test).max() / len(split.y_test)))
        seconds.append(took)
    baselines = {"always the same digit": dull}
    measured = "held-out digits read"
    yield Milestone("00.milestone_nearest_mean", measured, "85 %", ".1%", ours, baselines, seconds)
