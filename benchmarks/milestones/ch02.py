"""02.milestone_digits: random first layer, last layer solved; another split and another first layer for each seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dlcourse_utils.data import load_digits_split

from . import Milestone, Solved, timed
from .digits import logistic_regression, nearest_mean


def measure(solved: Solved, seeds: Sequence[int], device: str) -> Iterator[Milestone]:
    ours, straight, nearest, seconds = [], [], [], []
    for seed in seeds:
        split, rng = load_digits_split(seed), np.random.default_rng(seed)
        w1, b1 = rng.normal(size=(64, 200)) / 4, rng.uniform(-1, 1, size=200)  # as in the chapter
        params, took = timed(lambda s=split, w=w1, b=b1: solved["fit_last_layer"](s.x_train, s.y_train, w, b))
        ours.append(float(solved["accuracy"](solved["mlp_forward"](split.x_test, params), split.y_test)))
        straight.append(logistic_regression(split))
        nearest.append(nearest_mean(split))
        seconds.append(took)
    baselines = {"logistic regression": straight, "nearest class average": nearest}
    yield Milestone("02.milestone_digits", "held-out digits read", "93 %", ".1%", ours, baselines, seconds)
