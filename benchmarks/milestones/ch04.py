"""04.milestone_ravine from several starts, 04.milestone_digits with all five optimizers on several splits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dlcourse_utils.data import load_digits_split

from . import Milestone, Solved, timed
from .digits import logistic_regression

RATES = {"sgd": 0.5, "momentum": 0.1, "rmsprop": 0.005, "adam": 0.01, "adamw": 0.01}  # the chapter's
BOTTOM = np.array([1.0, 0.5])
EPOCHS = 15


def measure(solved: Solved, seeds: Sequence[int], device: str) -> Iterator[Milestone]:
    yield _ravine(solved, seeds)
    yield _digits(solved, seeds)


def _ravine(solved: Solved, seeds: Sequence[int]) -> Milestone:
    settings = solved["ravine_settings"]()
    farthest, alike, seconds = [], [], []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        start = BOTTOM + rng.uniform([3.0, 1.0], [4.5, 2.0]) * rng.choice([-1, 1], size=2)

        def away(name: str, hyper: dict[str, float], start: np.ndarray = start) -> float:
            path = solved["descend"](
                solved["ravine_grad"], start, lambda p, g, s: solved[f"{name}_step"](p, g, s, **hyper), 120
            )
            return float(np.linalg.norm(path[-1] - BOTTOM))

        found, took = timed(lambda away=away: [away(name, hyper) for name, hyper in settings.items()])
        farthest.append(max(found))
        alike.append(max(away(name, {"lr": settings["sgd"]["lr"]}) for name in settings))
        seconds.append(took)
    return Milestone(
        "04.milestone_ravine",
        "distance from the bottom after 120 steps, the farthest of five methods",
        "0.1",
        ".3f",
        farthest,
        {"SGD's rate for all five": alike},
        seconds,
        higher_is_better=False,
    )


def _digits(solved: Solved, seeds: Sequence[int]) -> Milestone:
    weakest, straight, seconds = [], [], []
    for seed in seeds:
        split, scores = load_digits_split(seed), []
        for name, rate in RATES.items():
            (params, _), took = timed(
                lambda s=split, name=name, rate=rate, seed=seed: solved["fit"](
                    solved["new_network"](seed),
                    s.x_train,
                    s.y_train,
                    solved["digit_loss"],
                    solved[f"{name}_step"],
                    rate,
                    EPOCHS,
                    np.random.default_rng(seed),
                )
            )
            scores.append(solved["share_right"](params, split.x_test, split.y_test))
            seconds.append(took)
        weakest.append(min(scores))
        straight.append(logistic_regression(split))
    return Milestone(
        "04.milestone_digits",
        "held-out digits read, the weakest of five methods, 15 epochs",
        "90 % after four epochs",
        ".1%",
        weakest,
        {"logistic regression": straight},
        seconds,
    )
