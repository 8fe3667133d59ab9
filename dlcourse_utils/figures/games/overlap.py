"""Two bumps that drift apart: `draw_overlap(js, best)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def draw_overlap(js: Callable[..., Any], best: Callable[..., Any]) -> None:
    """Draw data and fakes as two Gaussian densities with the best D, near and far; and the divergence by distance.

    js(p, q): divergence of two distributions over cells; best(p, q): the best D at points with these densities.
    """
    import matplotlib.pyplot as plt

    x = np.linspace(-6, 14, 1001)

    def bump(centre: float) -> np.ndarray:
        return np.exp(-((x - centre) ** 2) / 2) / np.sqrt(2 * np.pi)

    _, axes = plt.subplots(1, 3, figsize=(9.5, 2.8))
    for ax, distance in zip(axes, (1.5, 7.0), strict=False):
        ax.plot(x, bump(0), "C0", label="data")
        ax.plot(x, bump(distance), "C1--", label="fakes")
        ax.plot(x, best(bump(0), bump(distance)), "k:", label="best D")
        ax.set(title=f"{distance:g} apart", xlabel="sample", xlim=(-4, 11), ylim=(0, 1.05))
    axes[0].set_ylabel("density, and D's answer")
    axes[0].legend(fontsize=8, loc="center right")
    distances = np.linspace(0, 10, 41)
    values = [float(js(_cells(bump(0)), _cells(bump(d)))) for d in distances]
    axes[2].plot(distances, values, "k")
    axes[2].axhline(np.log(2), color="0.6", linewidth=0.8)
    axes[2].text(0.1, np.log(2) + 0.01, "log 2", fontsize=8, va="bottom")
    axes[2].set(title="How far, says JS", xlabel="distance of the bumps", ylabel="JS (nats)", ylim=(0, 0.78))


def _cells(density: np.ndarray) -> np.ndarray:
    return density / density.sum()
