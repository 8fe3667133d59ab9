"""Recipes that every chapter may use."""

from __future__ import annotations

import numpy as np

from .registry import recipe


@recipe("rng")
def rng(seed: int) -> np.random.Generator:
    """A NumPy random generator that starts at `seed`."""
    return np.random.default_rng(seed)
