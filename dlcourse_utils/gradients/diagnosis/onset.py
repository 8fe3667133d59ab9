"""When it began: a run that was well and breaks on the way is judged by what holds from then on to the end."""

from __future__ import annotations

import numpy as np

from ..history import History
from .reading import median

LONGER = 2
"""A last stretch counts once it is more than this many times as long as any like it that ended again."""


def lasting(bad: np.ndarray, seen: np.ndarray) -> int | None:
    """Return the row from which on `bad` (S,) holds at every step that was `seen` (S,), to the end; None if there is
    no such stretch worth the name.

    It needs two steps and a twentieth of all that were seen. And it must be more than twice as long as any earlier
    stretch: an expert that is asked every third batch is often idle, which is no death.
    """
    rows = np.flatnonzero(seen)
    values = bad[rows]
    if not values.size or not values[-1]:
        return None
    well = np.flatnonzero(~values)
    start = int(well[-1]) + 1 if well.size else 0
    length = values.size - start
    if length < max(2, values.size / 20) or length <= LONGER * _longest(values[:start]):
        return None
    return int(rows[start])


def _longest(values: np.ndarray) -> int:
    """Length of the longest stretch of True."""
    ends = np.flatnonzero(np.diff(np.concatenate([[0], values.astype(int), [0]])))
    return int((ends[1::2] - ends[::2]).max(initial=0))


def onset(bad: np.ndarray, seen: np.ndarray) -> int:
    """Return the row that best divides the seen steps into ones without and ones with; 0 when it was so throughout."""
    rows = np.flatnonzero(seen)
    if not rows.size:
        return 0
    gain = np.cumsum(np.where(bad[rows], 1, -1)[::-1])[::-1]
    best = int(np.argmax(gain))
    return int(rows[best]) if best else 0


def around(values: np.ndarray, row: int) -> tuple[float, float]:
    """Return the typical value shortly before `row` and shortly after: over as many steps each as there are to the end,
    at most.
    """
    seen = np.flatnonzero(~np.isnan(values))
    earlier, later = seen[seen < row], seen[seen >= row]
    n = min(earlier.size, later.size)
    return float(median(values[earlier[-n:]])) if n else np.nan, float(median(values[later[:n]])) if n else np.nan


def since(history: History, row: int, seen: np.ndarray) -> str:
    """Say from which step on, as the end of a sentence; nothing when it was so from the first step that was `seen`."""
    earlier = np.flatnonzero(seen[:row])
    if not earlier.size:
        return ""
    before, step = int(history.steps[earlier[-1]]), int(history.steps[row])
    return f", from step {step} on" if step == before + 1 else f", from step {step} on (not yet at step {before})"
