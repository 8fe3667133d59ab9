"""A small network as circles and lines; the numbers on its edges are weights, or gradients of weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..gradients.views.style import BLUE, RED
from .words import size

THICKEST = 5.0  # points


def draw_network(ax: Any, pairs: Sequence[tuple[np.ndarray, np.ndarray]], what: str) -> None:
    """Draw one (w, b) or (dw, db) a layer: w (in, out), b (out,).

    Thickness is size, relative to the largest one shown in the title; negative is dashed and blue, positive solid
    and red. Circles are filled by the bias in the same way.
    """
    from matplotlib.collections import LineCollection

    sizes = [pairs[0][0].shape[0], *(w.shape[1] for w, _ in pairs)]
    at = [_column(i, n) for i, n in enumerate(sizes)]
    weights = np.concatenate([np.ravel(w) for w, _ in pairs])
    finite = weights[np.isfinite(weights)]
    largest = float(np.abs(finite).max(initial=0.0))
    ax.set_title(f"{what}, the thickest is {size(largest)}", fontsize=10)
    ax.set(xlim=(-0.35, len(sizes) - 0.65), ylim=(-0.62, 0.58))
    ax.axis("off")
    for sign, colour, line in ((1, RED, "-"), (-1, BLUE, (0, (2.5, 1.5)))):
        ends, widths = [], []
        for i, (w, _) in enumerate(pairs):
            for j, k in np.ndindex(w.shape):
                if w[j, k] * sign > 0 and np.isfinite(w[j, k]):
                    ends.append([at[i][j], at[i + 1][k]])
                    widths.append(max(THICKEST * abs(w[j, k]) / largest, 0.15))
        lines = LineCollection(ends, linewidths=widths, colors=colour, linestyles=[line], alpha=0.75, zorder=1)
        ax.add_collection(lines)
    shades = max((float(np.abs(b[np.isfinite(b)]).max(initial=0.0)) for _, b in pairs), default=0.0)
    for i, column in enumerate(at):
        for j, (x, y) in enumerate(column):
            bias = float(pairs[i - 1][1][j]) if i else 0.0
            strength = 0.8 * abs(bias) / shades if shades and np.isfinite(bias) else 0.0
            ax.plot(x, y, "o", markersize=13, color="white", markeredgecolor="black", zorder=2)
            ax.plot(x, y, "o", markersize=12, color=RED if bias > 0 else BLUE, alpha=strength, zorder=3)
    for i, name in enumerate(["input", *[f"hidden {i}" for i in range(1, len(sizes) - 1)], "classes"]):
        ax.text(i, -0.6, name, ha="center", va="bottom", fontsize=8)


def _column(i: int, units: int) -> np.ndarray:
    """Return where the units of layer i stand, (units, 2)."""
    heights = (np.arange(units)[::-1] - (units - 1) / 2) / max(units - 1, 1) * min(0.92, 0.3 * (units - 1) + 0.01)
    return np.stack([np.full(units, float(i)), heights], axis=1)
