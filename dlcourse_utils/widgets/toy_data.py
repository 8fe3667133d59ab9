"""Small sets of points in the plane, two classes each, on which one can see what a network can and cannot separate."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

POINTS = 200
REACH = 1.3  # all points lie within ±REACH on both axes


def _two_clouds(rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
    return np.array([[-0.45, -0.3], [0.45, 0.3]])[labels] + 0.22 * rng.normal(size=(POINTS, 2))


def _ring(rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
    radius = np.where(labels == 1, 0.95, 0.35) + 0.08 * rng.normal(size=POINTS)
    angle = rng.uniform(0, 2 * np.pi, POINTS)
    return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _moons(rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
    angle = rng.uniform(0, np.pi, POINTS)
    arc = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    moons = np.where(labels[:, None] == 1, arc * [1, -1] + [0.5, 0.25], arc - [0.5, 0.25])
    return 0.7 * moons + 0.07 * rng.normal(size=(POINTS, 2))


def _corners(rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
    side = rng.choice([-1.0, 1.0], size=POINTS)
    corner = np.stack([side, np.where(labels == 1, -side, side)], axis=1)
    return 0.55 * corner + 0.18 * rng.normal(size=(POINTS, 2))


def _spirals(rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
    turn = np.sqrt(rng.uniform(0.03, 1, POINTS))
    angle = 2.2 * np.pi * turn + np.pi * labels
    return turn[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1) + 0.03 * rng.normal(size=(POINTS, 2))


SETS: dict[str, Callable[[np.random.Generator, np.ndarray], np.ndarray]] = {
    "two clouds": _two_clouds, "moons": _moons, "four corners": _corners, "ring": _ring, "spirals": _spirals,
}  # fmt: skip


def toy_data(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return points (200, 2) and labels (200,), half of them 0 and half 1; always the same. KeyError for a new name."""
    rng = np.random.default_rng(list(SETS).index(name)) if name in SETS else np.random.default_rng(0)
    labels = np.arange(POINTS) % 2
    return np.clip(SETS[name](rng, labels), -REACH, REACH), labels
