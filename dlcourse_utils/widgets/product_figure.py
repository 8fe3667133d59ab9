"""Which entries of out = x @ w one weight touches, and which ones one input touches: `draw_touched(...)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Touched = dict[str, np.ndarray]  # "x" (N, D), "w" (D, M), "out" (N, M): True where an entry takes part


def touched_by_weight(n: int, d: int, m: int, weight: tuple[int, int]) -> Touched:
    """A weight w[i, j] meets column i of x and touches column j of out."""
    row, column = weight
    parts = _nothing(n, d, m)
    parts["x"][:, row] = parts["w"][row, column] = parts["out"][:, column] = True
    return parts


def touched_by_input(n: int, d: int, m: int, entry: tuple[int, int]) -> Touched:
    """An input x[i, j] meets row j of w and touches row i of out."""
    row, column = entry
    parts = _nothing(n, d, m)
    parts["x"][row, column] = parts["w"][column, :] = parts["out"][row, :] = True
    return parts


def draw_touched(n: int, d: int, m: int, weight: tuple[int, int], entry: tuple[int, int]) -> Figure:
    """Draw both as hatched cells, the weight's story above, the input's below. Shapes: x (n, d), w (d, m)."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 3, figsize=(8, 5.4), width_ratios=[d, m, m], layout="constrained")
    (i, j), (k, f) = weight, entry
    stories = [
        (touched_by_weight(n, d, m, weight), (f"x[:, {i}]", f"the weight w[{i}, {j}]", f"touches out[:, {j}]")),
        (touched_by_input(n, d, m, entry), (f"the input x[{k}, {f}]", f"w[{f}, :]", f"touches out[{k}, :]")),
    ]
    shapes = {"x": f"x (N={n}, D={d})", "w": f"w (D={d}, M={m})", "out": f"out (N={n}, M={m})"}
    for row, (parts, words) in zip(axes, stories, strict=True):
        for ax, (name, shape), word in zip(row, shapes.items(), words, strict=True):
            _grid(ax, parts[name], f"{shape}\n{word}", height=max(n, d))
    return figure


def _nothing(n: int, d: int, m: int) -> Touched:
    return {"x": np.zeros((n, d), bool), "w": np.zeros((d, m), bool), "out": np.zeros((n, m), bool)}


def _grid(ax: Axes, marked: np.ndarray, title: str, height: int) -> None:
    from matplotlib.patches import Rectangle

    for (r, c), on in np.ndenumerate(marked):
        face, hatch = ("#e8a070", "//") if on else ("white", "")
        ax.add_patch(Rectangle((c, -r - 1), 1, 1, facecolor=face, edgecolor="black", hatch=hatch))
    ax.set(xlim=(-0.1, marked.shape[1] + 0.1), ylim=(-height - 0.1, 0.1), aspect="equal")
    ax.set_title(title, fontsize=10)
    ax.axis("off")
