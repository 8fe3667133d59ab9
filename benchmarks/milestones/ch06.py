"""06.milestone_digits: chapter 03's network in PyTorch, on several splits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch

from dlcourse_utils.data import load_digits_split

from . import Milestone, Solved, timed
from .digits import logistic_regression


def measure(solved: Solved, seeds: Sequence[int], device: str) -> Iterator[Milestone]:
    ours, straight, seconds = [], [], []
    for seed in seeds:
        split = load_digits_split(seed)
        model, took = timed(lambda s=split, seed=seed: solved["fit_digits"](s.x_train, s.y_train, seed, device), device)
        with torch.no_grad():
            named = (
                model(torch.tensor(split.x_test, dtype=torch.float32, device=device)).argmax(dim=1).cpu().numpy()
            )
        ours.append(float((named == split.y_test).mean()))
        straight.append(logistic_regression(split))
        seconds.append(took)
    baselines = {"logistic regression": straight}
    yield Milestone("06.milestone_digits", "held-out digits read", "96 %", ".1%", ours, baselines, seconds)
