"""Clouds of points on a ring: `ring(n, rng)`, `draw_points({"title": samples, …}, real)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def ring(n: int, rng: np.random.Generator, modes: int = 8, spread: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Draw points (n, 2), float32, from equal Gaussians on a ring of radius 2; return them and the centres (modes, 2).

    spread: the standard deviation of each coordinate around its centre.
    """
    angles = 2 * np.pi * np.arange(modes) / modes
    centres = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    points = centres[rng.integers(modes, size=n)] + spread * rng.normal(size=(n, 2))
    return points.astype(np.float32), centres


def draw_points(panels: Mapping[str, Any], real: np.ndarray, reach: float = 3.2) -> None:
    """Draw each panel's samples (n, 2) over the real points (m, 2); those outside ±reach are counted, not shown."""
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(1, len(panels), figsize=(2.4 * len(panels), 2.9), squeeze=False)
    for ax, (title, samples) in zip(axes[0], panels.items(), strict=True):
        ax.plot(*real[:600].T, ".", color="0.75", markersize=4)
        ax.plot(*np.asarray(samples)[:600].T, "x", color="C1", markersize=3)
        outside = int((np.abs(samples) > reach).any(axis=1).sum())
        ax.set(title=title, xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        ax.set(xticks=[-2, 0, 2], yticks=[-2, 0, 2])
        ax.title.set_fontsize(9)
        if outside:
            ax.set_xlabel(f"{outside} more outside", fontsize=8)
