"""Expected beside yours beside the difference: a table where there is room for the numbers, else a picture.

Both are made without a plotting library: a table can be read aloud, selected and zoomed, and costs a hundredth.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from ..probes.data import Tensor
from .heatmap import heatmap, shade

MAX_SIDE = 50  # rows and columns shown; of larger arrays the part around the first difference
MAX_NUMBERS, MAX_COLUMNS = 48, 8  # cells, and columns of them, that still have room for their numbers
TITLES = ("expected", "yours", "yours − expected")


@dataclass(frozen=True)
class Panel:
    """The part of an array that is shown. limit: where the colours end; wrong: which cells are crossed, if any."""

    title: str
    values: np.ndarray
    limit: float
    wrong: np.ndarray | None = None


def side_by_side(expected: Any, got: Any) -> str:
    """Return three panels as HTML, or "" when the two are no arrays of the same shape worth showing."""
    arrays = [value.array if isinstance(value, Tensor) else value for value in (expected, got)]
    if not all(isinstance(a, np.ndarray) and a.dtype.kind in "biuf" and a.size > 1 for a in arrays):
        return ""
    shape = arrays[0].shape
    if shape != arrays[1].shape:
        return ""
    want, have = (_as_table(a.astype(float)) for a in arrays)
    with np.errstate(all="ignore"):
        gap = have - want
    gap[(have == want) | (np.isnan(have) & np.isnan(want))] = 0.0  # inf − inf where both are right
    rows, columns = (range(n)[part] for n, part in zip(gap.shape, _window(gap), strict=True))
    want, have, gap = (a[rows.start : rows.stop, columns.start : columns.stop] for a in (want, have, gap))
    shared, widest = _limit(np.concatenate([want.ravel(), have.ravel()])), _limit(gap)
    wrong = ~np.isfinite(gap) | (np.abs(gap) > 1e-6 * widest)
    panels = (Panel(TITLES[0], want, shared), Panel(TITLES[1], have, shared), Panel(TITLES[2], gap, widest, wrong))
    numbers = want.size <= MAX_NUMBERS and len(columns) <= MAX_COLUMNS
    shown = [_table(panel, shape, rows, columns) if numbers else _picture(panel, rows, columns) for panel in panels]
    note = f"shape {shape}: columns along the last axis" if len(shape) > 1 else f"shape {shape}"
    part = "" if gap.size == arrays[0].size else f"; shown: {_where(rows, columns)}"
    kind = "dlc-panels dlc-below" if len(rows) == 1 else "dlc-panels"  # single rows are compared column by column
    return f'<div class="{kind}">{"".join(shown)}</div><p class="dlc-aside">{note}{part}. ✗ marks what differs.</p>'


def _as_table(array: np.ndarray) -> np.ndarray:
    """Lay an array out in rows: the last axis runs to the right, all others downwards."""
    return array.reshape(1, -1) if array.ndim < 2 else array.reshape(-1, array.shape[-1])


def _window(gap: np.ndarray) -> tuple[slice, slice]:
    first = np.argwhere(gap != 0)[0] if np.any(gap != 0) else np.zeros(2, int)
    starts = [max(0, min(int(f) - MAX_SIDE // 2, n - MAX_SIDE)) for f, n in zip(first, gap.shape, strict=True)]
    return slice(starts[0], starts[0] + MAX_SIDE), slice(starts[1], starts[1] + MAX_SIDE)


def _limit(values: np.ndarray) -> float:
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max(initial=0.0)) or 1.0


def _table(panel: Panel, shape: tuple[int, ...], rows: range, columns: range) -> str:
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    lines = [f"<tr><th></th>{head}</tr>" if len(shape) > 1 else f"<tr>{head}</tr>"]
    for number, row in enumerate(rows):
        name = ", ".join(map(str, np.unravel_index(row, shape[:-1]))) if len(shape) > 1 else ""
        cells = "".join(_cell(panel, number, column) for column in range(len(columns)))
        lines.append(f'<tr><th scope="row">{name}</th>{cells}</tr>' if name else f"<tr>{cells}</tr>")
    return f'<table class="dlc-grid"><caption>{panel.title}</caption>{"".join(lines)}</table>'


def _cell(panel: Panel, row: int, column: int) -> str:
    value = panel.values[row, column]
    crossed = "✗ " if panel.wrong is not None and panel.wrong[row, column] else ""
    red, green, blue = shade(np.array(value), panel.limit)
    dark = ";color:#fff" if int(red) + int(green) + int(blue) < 380 else ""
    colour = f"background-color:#{red:02x}{green:02x}{blue:02x}{dark}"
    return f'<td style="{colour}">{crossed}{_number(value)}</td>'


def _number(value: float) -> str:
    return f"{value:.3g}".replace("-", "−").replace("e+0", "e+").replace("e−0", "e−")


def _picture(panel: Panel, rows: range, columns: range) -> str:
    marked = "" if panel.wrong is None else f", {int(panel.wrong.sum()):,} of {panel.wrong.size:,} crossed"
    text = f"{panel.title}, {_where(rows, columns)}{marked}"
    image = heatmap(panel.values, panel.limit, panel.wrong)
    return f'<figure><figcaption>{panel.title}</figcaption><img alt="{escape(text)}" src="{image}"></figure>'


def _where(rows: range, columns: range) -> str:
    down = "" if len(rows) == 1 else f"rows {rows[0]} to {rows[-1]}, "
    return f"{down}columns {columns[0]} to {columns[-1]}"
