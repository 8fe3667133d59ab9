"""Expected beside yours beside the difference, as one small picture."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np

from ..probes.data import Tensor

MAX_SIDE = 60  # rows and columns drawn; of larger arrays the corner around the first difference is shown
MAX_NUMBERS = 48  # cells that still have room for their number


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
    from matplotlib.figure import Figure  # no pyplot: a card must not touch the learner's figures

    rows, columns = want.shape
    numbers = want.size <= MAX_NUMBERS and columns <= 8
    height = min(4.0, max(1.5, 0.75 + rows * (0.3 if numbers else 0.12)))
    figure = Figure(figsize=(9.6, height), dpi=110)
    axes = figure.subplots(1, 3, sharey=True)
    # A layout engine would find these margins too, and cost as much as the drawing itself.
    figure.subplots_adjust(left=0.07, right=0.99, top=1 - 0.28 / height, bottom=0.47 / height, wspace=0.06)
    shared = _limit(np.concatenate([want.ravel(), have.ravel()]))
    panels = (("expected", want, shared), ("yours", have, shared), ("yours − expected", gap, _limit(gap)))
    for ax, (title, values, limit) in zip(axes, panels, strict=True):
        left, top = window[1].start, window[0].start
        extent = (left - 0.5, left + columns - 0.5, top + rows - 0.5, top - 0.5)
        shown = np.where(np.isfinite(values), values, 0.0)
        ax.imshow(shown, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto", extent=extent)
        ax.set_title(title, fontsize=10)
        ax.tick_params(labelsize=8)
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.yaxis.get_major_locator().set_params(integer=True)
        if numbers:
            _write_numbers(ax, values, limit, top, left)
    _cross_wrong(axes[2], gap, window, corner=numbers)
    axes[0].set_ylabel("row" if len(shape) > 1 else "", fontsize=8)
    axes[1].set_xlabel(f"last axis of shape {shape}", fontsize=8)
    if rows == 1:
        axes[0].set_yticks([])
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _limit(values: np.ndarray) -> float:
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max(initial=0.0)) or 1.0


def _write_numbers(ax: Any, values: np.ndarray, limit: float, top: int, left: int) -> None:
    for (row, column), value in np.ndenumerate(values):
        dark = np.isfinite(value) and abs(value) > 0.6 * limit
        colour = "white" if dark else "black"
        ax.text(left + column, top + row, f"{value:.3g}", ha="center", va="center", fontsize=8, color=colour)


def _cross_wrong(ax: Any, gap: np.ndarray, window: tuple[slice, slice], corner: bool) -> None:
    """Mark wrong cells by a shape as well, so that the picture does not speak by colour alone."""
    wrong = np.argwhere(~np.isfinite(gap) | (np.abs(gap) > 1e-6 * _limit(gap)))
    aside = (-0.38, -0.36) if corner else (0.0, 0.0)  # beside the number where there is one
    x = window[1].start + wrong[:, 1] + aside[0]
    y = window[0].start + wrong[:, 0] + aside[1]
    dark = np.abs(np.nan_to_num(gap[wrong[:, 0], wrong[:, 1]])) > 0.6 * _limit(gap)
    for some, colour in ((dark, "white"), (~dark, "black")):
        ax.plot(x[some], y[some], "x", color=colour, markersize=4 if corner else 3, markeredgewidth=0.8)
