"""03.milestone_memorise on fifty digits drawn anew, 03.milestone_digits on several splits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dlcourse_utils.data import load_digits_split

from . import Milestone, Solved, timed
from .digits import logistic_regression


def measure(solved: Solved, seeds: Sequence[int], device: str) -> Iterator[Milestone]:
    by_heart, dull, ours, straight, short, long = [], [], [], [], [], []
    for seed in seeds:
        split = load_digits_split(seed)
        x, labels = split.x_train[:50], split.y_train[:50]
        params, took = timed(lambda x=x, labels=labels: solved["memorise"](x, labels))
        (w1, b1), (w2, b2) = params
        by_heart.append(float(np.mean((np.maximum(x @ w1 + b1, 0) @ w2 + b2).argmax(axis=1) == labels)))
        dull.append(float(np.bincount(labels).max() / len(labels)))
        short.append(took)
        named, took = timed(lambda s=split: solved["recognise"](s.x_train, s.y_train, s.x_test))
        ours.append(float(np.mean(named == split.y_test)))
        straight.append(logistic_regression(split))
        long.append(took)
    measured = "of fifty digits, learned by heart"
    baselines = {"always the same digit": dull}
    yield Milestone("03.milestone_memorise", measured, "100 %", ".1%", by_heart, baselines, short)
    baselines = {"logistic regression": straight}
    yield Milestone("03.milestone_digits", "held-out digits read", "95 %", ".1%", ours, baselines, long)
