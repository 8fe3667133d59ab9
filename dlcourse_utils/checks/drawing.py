"""Expected beside yours beside the difference, as one small picture."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np

from ..probes.data import Tensor

MAX_SIDE = 60  # rows and columns drawn; of larger arrays the corner around the first difference is shown
MAX_NUMBERS = 48  # cells that still have room for their number
SPACE = 0.06  # between two panels, in panels


def difference_picture(expected: Any, got: Any) -> str:
    """Return an `<img>` with three panels, or "" when the two are no arrays of the same shape worth drawing."""
    arrays = [value.array if isinstance(value, Tensor) else value for value in (expected, got)]
    if not all(isinstance(a, np.ndarray) and a.dtype.kind in "biuf" and a.size > 1 for a in arrays):
        return ""
    if arrays[0].shape != arrays[1].shape:
        return ""
    want, have = (_as_table(a.astype(float)) for a in arrays)
    with np.errstate(all="ignore"):
        gap = have - want
    gap[(have == want) | (np.isnan(have) & np.isnan(want))] = 0.0  # inf − inf where both are right
    rows, columns = _window(gap)
    want, have, gap = (a[rows, columns] for a in (want, have, gap))
    png = _draw(want, have, gap, arrays[0].shape, (rows, columns))
    text = "Three panels: the expected values, yours, and yours minus expected. Wrong cells are crossed."
    return f'<img alt="{text}" src="data:image/png;base64,{base64.b64encode(png).decode()}">'


def _as_table(array: np.ndarray) -> np.ndarray:
    """Lay an array out in rows: the last axis runs to the right, all others downwards."""
    return array.reshape(1, -1) if array.ndim < 2 else array.reshape(-1, array.shape[-1])


def _window(gap: np.ndarray) -> tuple[slice, slice]:
    first = np.argwhere(gap != 0)[0] if np.any(gap != 0) else np.zeros(2, int)
    starts = [max(0, min(int(f) - MAX_SIDE // 2, n - MAX_SIDE)) for f, n in zip(first, gap.shape, strict=True)]
    return slice(starts[0], starts[0] + MAX_SIDE), slice(starts[1], starts[1] + MAX_SIDE)


def _draw(
    want: np.ndarray, have: np.ndarray, gap: np.ndarray, shape: tuple[int, ...], window: tuple[slice, slice]
) -> bytes:
    """Draw the panels side by side in one Axes: three of them would take twice as long."""
    from matplotlib.figure import Figure  # no pyplot: a card must not touch the learner's figures

    rows, columns = want.shape
    left, top = window[1].start, window[0].start
    numbers = want.size <= MAX_NUMBERS and columns <= 6
    height = min(4.0, max(1.5, 0.75 + rows * (0.3 if numbers else 0.12)))
    figure = Figure(figsize=(9.6, height), dpi=110)
    # A layout engine would find these margins too, and cost as much as the drawing itself.
    bottom = 0.47 / height
    ax = figure.add_axes((0.07, bottom, 0.92, 1 - 0.28 / height - bottom))
    shared = _limit(np.concatenate([want.ravel(), have.ravel()]))
    steps = _steps(columns)
    panels = (("expected", want, shared), ("yours", have, shared), ("yours − expected", gap, _limit(gap)))
    for number, (title, values, limit) in enumerate(panels):
        start = number * columns * (1 + SPACE)  # where this panel's first column begins
        shown = np.where(np.isfinite(values), values, 0.0)
        extent = (start, start + columns, rows, 0)
        ax.imshow(shown, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto", extent=extent)
        ax.plot([start, start + columns, start + columns, start, start], [0, 0, rows, rows, 0], "k", lw=0.8,
                clip_on=False)  # fmt: skip
        ax.text(start + columns / 2, -0.02 * rows, title, fontsize=10, ha="center", va="bottom")
        if numbers:
            _write_numbers(ax, values, limit, start)
        if number == 2:
            _cross_wrong(ax, gap, start, corner=numbers)
    ax.set(xlim=(0, columns * (3 + 2 * SPACE)), ylim=(rows, 0), frame_on=False)
    ticks = [(number * columns * (1 + SPACE) + step + 0.5, left + step) for number in range(3) for step in steps]
    ax.set_xticks([at for at, _ in ticks], [str(name) for _, name in ticks], fontsize=8)
    ax.set_yticks([step + 0.5 for step in _steps(rows)], [str(top + step) for step in _steps(rows)], fontsize=8)
    ax.set_ylabel("row" if len(shape) > 1 else "", fontsize=8)
    ax.set_xlabel(f"last axis of shape {shape}", fontsize=8)
    if rows == 1:
        ax.set_yticks([])
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _steps(length: int) -> range:
    """Return which of `length` rows or columns get a label: at most ten, in round steps."""
    return range(0, length, next(step for step in (1, 2, 5, 10) if length <= 10 * step))


def _limit(values: np.ndarray) -> float:
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max(initial=0.0)) or 1.0


def _write_numbers(ax: Any, values: np.ndarray, limit: float, start: float) -> None:
    for (row, column), value in np.ndenumerate(values):
        dark = np.isfinite(value) and abs(value) > 0.6 * limit
        colour = "white" if dark else "black"
        x, y = start + column + 0.5, row + 0.5
        ax.text(x, y, f"{value:.3g}", ha="center", va="center", fontsize=8, color=colour)


def _cross_wrong(ax: Any, gap: np.ndarray, start: float, corner: bool) -> None:
    """Mark wrong cells by a shape as well, so that the picture does not speak by colour alone."""
    wrong = np.argwhere(~np.isfinite(gap) | (np.abs(gap) > 1e-6 * _limit(gap)))
    aside = (0.12, 0.14) if corner else (0.5, 0.5)  # beside the number where there is one
    x, y = start + wrong[:, 1] + aside[0], wrong[:, 0] + aside[1]
    dark = np.abs(np.nan_to_num(gap[wrong[:, 0], wrong[:, 1]])) > 0.6 * _limit(gap)
    for some, colour in ((dark, "white"), (~dark, "black")):
        ax.plot(x[some], y[some], "x", color=colour, markersize=4 if corner else 3, markeredgewidth=0.8)
