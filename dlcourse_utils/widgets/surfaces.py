"""Small landscapes over two parameters, on which optimizers can be watched. Each knows its own gradient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Surface:
    """A loss of two parameters.

    value(p) → float and gradient(p) → (2,) for a point p of shape (2,); start: where paths begin; limits: (left,
    right, bottom, top) of a picture; floor: the lowest value, at least within the limits.
    """

    name: str
    value: Callable[[np.ndarray], float]
    gradient: Callable[[np.ndarray], np.ndarray]
    start: tuple[float, float]
    limits: tuple[float, float, float, float]
    floor: float
    about: str


def _ravine(p: np.ndarray) -> float:
    return float((p[0] - 1) ** 2 / 2 + 25 * (p[1] - 0.5) ** 2)


def _ravine_gradient(p: np.ndarray) -> np.ndarray:
    return np.array([p[0] - 1, 50 * (p[1] - 0.5)])


def _saddle(p: np.ndarray) -> float:
    return float(p[0] ** 2 / 2 - p[1] ** 2 / 2 + p[1] ** 4 / 4)


def _saddle_gradient(p: np.ndarray) -> np.ndarray:
    return np.array([p[0], p[1] ** 3 - p[1]])


def _plain(p: np.ndarray) -> float:
    return float((p[0] ** 2 + p[1] ** 2) ** 1.5 / 6)


def _plain_gradient(p: np.ndarray) -> np.ndarray:
    return p * np.sqrt(p[0] ** 2 + p[1] ** 2) / 2


SURFACES: dict[str, Surface] = {
    s.name: s
    for s in (
        Surface(
            "ravine", _ravine, _ravine_gradient, (-3.0, 1.8), (-4.0, 3.0, -1.4, 2.4), 0.0,
            "fifty times as steep across as along",
        ),
        Surface(
            "saddle", _saddle, _saddle_gradient, (-1.6, 0.001), (-2.0, 2.0, -1.7, 1.7), -0.25,
            "flat in the middle, two ways down",
        ),
        Surface(
            "plain", _plain, _plain_gradient, (-2.5, 1.5), (-3.2, 1.5, -1.5, 2.2), 0.0,
            "flatter and flatter towards the bottom",
        ),
    )
}  # fmt: skip
