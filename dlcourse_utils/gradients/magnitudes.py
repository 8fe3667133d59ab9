"""What one array of gradients, activations or weights looks like, in a handful of numbers.

A gradient may hold millions of elements and lie anywhere between 1e-20 and 1e+5, so it is described on a log
scale and from a sample: at most `SAMPLE` elements, the same positions at every step, so that two steps
compare.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

SAMPLE = 4096
"""Most elements that are looked at; a smaller array is looked at whole."""

LOG10_EDGES = np.linspace(-16.0, 8.0, 97)
"""Edges of the histogram of log10|x|: four bins a decade. What lies beyond counts in the outermost bin."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

_INNER_EDGES = {dtype: (10.0 ** LOG10_EDGES[1:-1]).astype(dtype) for dtype in map(np.dtype, ("f4", "f8"))}


@dataclass(frozen=True)
class Magnitudes:
    """Facts about the sizes |x| of one sample. Fractions are of all its elements.

    `histogram` (96,) holds fractions over `LOG10_EDGES`; with `zero` and `nonfinite` it sums to 1.
    `quantiles` (5,) are those of the finite, non-zero sizes (NaN when there are none): a ReLU's exact zeros
    would otherwise pull every quartile to log 0.
    """

    zero: float
    nonfinite: float
    histogram: np.ndarray
    quantiles: np.ndarray


def magnitudes(sample: np.ndarray) -> Magnitudes:
    """Describe a sample of any shape; an empty one gives NaN fractions."""
    x = np.asarray(sample).reshape(-1)
    n = x.size
    if n == 0:
        return Magnitudes(np.nan, np.nan, np.zeros(LOG10_EDGES.size - 1), np.full(len(QUANTILES), np.nan))
    if x.dtype not in _INNER_EDGES:
        x = x.astype(float)  # the edges below do not fit into half precision
    size = np.abs(x)
    size.sort()  # NaN and inf end up last: one sort serves every number below
    zeros = int(size.searchsorted(0.0, side="right"))
    finite = int(size.searchsorted(np.inf, side="left"))
    edges = np.empty(LOG10_EDGES.size, dtype=np.int64)
    edges[0], edges[-1] = zeros, finite
    edges[1:-1] = size.searchsorted(_INNER_EDGES[size.dtype])
    histogram = (edges[1:] - edges[:-1]) / n
    if finite > zeros:
        last = finite - zeros - 1
        quantiles = np.asarray([size[zeros + round(q * last)] for q in QUANTILES], dtype=float)
    else:
        quantiles = np.full(len(QUANTILES), np.nan)
    return Magnitudes(zeros / n, 1.0 - finite / n, histogram, quantiles)


@lru_cache(maxsize=256)
def sample_positions(size: int) -> np.ndarray:
    """Return at most `SAMPLE` sorted positions below `size`: one at a fixed random place in each equal
    stretch.

    The generator is our own, so recording draws nothing from anybody's random state.
    """
    if size <= SAMPLE:
        return np.arange(size)
    edges = np.arange(SAMPLE + 1, dtype=np.int64) * size // SAMPLE
    inside = np.random.default_rng(size).random(SAMPLE)
    positions = edges[:-1] + (inside * np.diff(edges)).astype(np.int64)
    positions.setflags(write=False)  # shared through the cache
    return positions


def sampled(array: np.ndarray) -> np.ndarray:
    """Return the fixed sample of an array, flattened."""
    flat = np.asarray(array).reshape(-1)
    return flat if flat.size <= SAMPLE else flat[sample_positions(flat.size)]
