"""Numbers as they stand in the widgets' sentences."""

from __future__ import annotations

import numpy as np


def size(value: float) -> str:
    """Two digits of a number that may have any size: 0.012, 140, 7e-12; NaN, in our tables, is a sum of nothing."""
    if not np.isfinite(value):
        return "exactly 0" if np.isnan(value) else "infinite"
    if value == 0 or 1e-3 <= abs(value) < 100:
        return f"{value:.2g}"
    if 100 <= abs(value) < 1e4:
        return f"{value:,.0f}"
    digit, power = f"{value:.0e}".split("e")
    return f"{digit}e{int(power)}"
