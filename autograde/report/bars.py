"""Bars beside numbers, drawn by the style sheet: the numbers stand in the same table, so nothing is lost without them.

Kinds are told apart by their hatching and their words, not by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from .facts import GROUPS
from .markup import Html, table, text

Bins = list[tuple[float, float, int]]  # from, up to, how many; the last one holds its upper end
_STEPS = (1, 2, 3, 4, 5, 10)


def bins(values: Sequence[float], high: float, whole: bool = False) -> Bins:
    """Return the histogram of `values` from 0 to `high`, in at most ten bins of a round width (`whole`: an integer)."""
    high = high or 1.0
    scale = 10.0 ** math.floor(math.log10(high / 10))
    if whole:
        scale = max(scale, 1.0)
    width = next(step * scale for step in _STEPS if 10 * step * scale >= high * (1 - 1e-12))
    edges = np.arange(math.ceil(high / width - 1e-9) + 1) * width
    edges[-1] = max(edges[-1], high)  # what rounding has taken
    counts, _ = np.histogram(values, edges)
    return [(float(a), float(b), int(n)) for a, b, n in zip(edges, edges[1:], counts, strict=False)]


def histogram(found: Bins, unit: str) -> Html:
    """Return a table with one row for each bin: its range in `unit`, how many learners, and a bar."""
    most = max(1, *(number for _, _, number in found))
    last = len(found) - 1
    rows = [
        (f"{a:.3g} to {'' if i == last else 'below '}{b:.3g}", number, bar(number / most))
        for i, (a, b, number) in enumerate(found)
    ]
    return table("", (unit, "learners", ""), rows, numbers=(1,))


def bar(share: float) -> Html:
    """Return a bar filled to `share` (0 to 1)."""
    return Html(f'<span class="bar" aria-hidden="true"><span style="width:{100 * share:.0f}%"></span></span>')


def stacked(counts: Mapping[str, int]) -> Html:
    """Return one bar for all groups of learners, each as wide as its share."""
    total = max(1, sum(counts.values()))
    parts = [(group, 100 * counts[group] / total) for group in GROUPS if counts[group]]
    inside = "".join(f'<span class="{_name(group)}" style="width:{width:.4g}%"></span>' for group, width in parts)
    return Html(f'<span class="stack" aria-hidden="true">{inside}</span>')


def heading(group: str) -> Html:
    """Return a group's name with its hatching, for the head of its column."""
    return Html(f'<span class="swatch {_name(group)}" aria-hidden="true"></span>{text(group)}')


def _name(group: str) -> str:
    return group.replace(" ", "-")
