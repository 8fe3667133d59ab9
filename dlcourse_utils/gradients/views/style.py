"""Colours that people with colour blindness can tell apart, each with its own line and marker for grey
paper.
"""

from __future__ import annotations

from typing import Any

# Okabe and Ito's palette
BLUE, ORANGE, GREEN, PURPLE, SKY, RED = "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"
GREY = "#666666"

_COLOURS = (BLUE, RED, GREEN, PURPLE, ORANGE, SKY)
_LINES = ("-", "--", "-.", ":")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")

SIGNED = "RdBu_r"
"""For data around 0, with limits at ±the largest size so that white is 0."""

AMOUNT = "Greys"
"""For amounts: darker is more, on a screen as on paper."""


def look(i: int) -> dict[str, Any]:
    """Colour, line and marker of the i-th series."""
    return {
        "color": _COLOURS[i % len(_COLOURS)],
        "linestyle": _LINES[i % len(_LINES)],
        "marker": _MARKERS[i % len(_MARKERS)],
        "markersize": 4,
    }


def short(name: str, most: int = 18) -> str:
    """Shorten a long dotted name in the middle: "encoder…3.weight"."""
    return name if len(name) <= most else f"{name[: most // 2 - 1]}…{name[-(most - most // 2) :]}"
