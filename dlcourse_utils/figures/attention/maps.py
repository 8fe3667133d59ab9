"""Attention as pictures, one panel for each look: `draw_maps(weights, rows, columns, titles)`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDEST = 10.0  # inches


def draw_maps(
    weights: Any,
    rows: Iterable[object],
    columns: Iterable[object],
    titles: Iterable[str],
    across: int = 4,
    numbers: bool = False,
) -> Figure:
    """Draw weights (panels, Tq, Tk): a row for each query, a column for each key; white is 0, black is 1.

    across: panels side by side. numbers: write each weight into its square. Returns the figure.
    """
    import matplotlib.pyplot as plt

    weights = np.asarray(weights)
    row_names, column_names, names = [str(r) for r in rows], [str(c) for c in columns], list(titles)
    count, tall, wide = weights.shape
    across = min(across, count)
    down = -(-count // across)
    side = min(0.32, (WIDEST - 0.6 * across) / (across * wide))  # inches for one square
    size = (across * (wide * side + 0.55) + 0.4, down * (tall * side + 0.75) + 0.35)
    fig, axes = plt.subplots(down, across, figsize=size, squeeze=False, layout="constrained")
    for ax in axes.flat[count:]:
        ax.axis("off")
    for number, (ax, look) in enumerate(zip(axes.flat, weights, strict=False)):
        ax.imshow(look, cmap="Greys", vmin=0, vmax=1)
        ax.set_title(names[number], fontsize=9)
        ax.set_xticks(range(wide), column_names, fontsize=8)
        ax.set_yticks(range(tall), row_names if number % across == 0 else [""] * tall, fontsize=8)
        ax.tick_params(length=0)
        for side_name in ("top", "right"):
            ax.spines[side_name].set_visible(True)
        if numbers:
            _write(ax, look)
    fig.supxlabel("looked at", fontsize=9)
    fig.supylabel("looks", fontsize=9)
    return fig


def _write(ax: Any, look: np.ndarray) -> None:
    for (row, column), share in np.ndenumerate(look):
        if share > 0:
            text = f"{share:.2f}".lstrip("0")
            ax.text(column, row, text, ha="center", va="center", fontsize=6.5, color="w" if share > 0.5 else "k")
