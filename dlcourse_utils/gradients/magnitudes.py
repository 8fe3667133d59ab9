"""What one array of gradients, activations or weights looks like, in a handful of numbers.

A gradient may hold millions of elements and lie anywhere between 1e-20 and 1e+5, so it is described on a log
scale and from a sample: at most `SAMPLE` elements, the same positions at every step, so that two steps
compare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

SAMPLE = 4096
"""Most elements that are looked at; a smaller array is looked at whole."""

LOG10_EDGES = np.linspace(-16.0, 8.0, 97)
"""Edges of the histogram of log10|x|: four bins a decade. What lies beyond counts in the outermost bin."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

_QUANTILES = np.asarray(QUANTILES)

# Everything below the first cut is 0, everything from the last on is infinite or NaN (which sort last of all).
_CUTS = {
    dtype: np.concatenate([[np.nextafter(dtype.type(0), dtype.type(1))], 10.0 ** LOG10_EDGES[1:-1], [np.inf]]).astype(
        dtype
    )
    for dtype in map(np.dtype, ("f4", "f8"))
}


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
    return describe([sample])[0]


def describe(samples: Sequence[np.ndarray]) -> list[Magnitudes]:
    """Describe many samples of any shapes: only what must be done for each alone is done for each alone."""
    edges = np.zeros((len(samples), LOG10_EDGES.size), dtype=np.int64)
    sizes = []
    for i, sample in enumerate(samples):
        size = np.abs(_flat(sample))
        size.sort()  # NaN and inf end up last: one sort serves every number below
        edges[i] = size.searchsorted(_CUTS[size.dtype])
        sizes.append(size)
    zeros, finite = edges[:, :1], edges[:, -1:]
    counts = np.asarray([[size.size] for size in sizes]).reshape(-1, 1)
    places = (zeros + np.rint(_QUANTILES * np.maximum(finite - zeros - 1, 0))).astype(np.int64)
    quantiles = np.full(places.shape, np.nan)
    for i in np.flatnonzero(finite > zeros).tolist():
        quantiles[i] = sizes[i][places[i]]
    with np.errstate(invalid="ignore"):
        zero, broken = (zeros / counts)[:, 0].tolist(), (1.0 - finite / counts)[:, 0].tolist()
    histograms = (edges[:, 1:] - edges[:, :-1]) / np.maximum(counts, 1)
    return [Magnitudes(*facts) for facts in zip(zero, broken, histograms, quantiles, strict=True)]


def _flat(sample: np.ndarray) -> np.ndarray:
    x = np.asarray(sample).reshape(-1)
    return x if x.dtype in _CUTS else x.astype(float)  # the cuts do not fit into half precision


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
