"""Artificial intelligence ⊃ machine learning ⊃ deep learning, as nested boxes: `draw_fields(ax)`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Field:
    """One box: a name, what it means in a line, and things that belong here but not in the next box inside."""

    name: str
    meaning: str
    examples: str


FIELDS = (
    Field("Artificial intelligence", "a machine does what seems to need thought",
          "chess by searching moves · route planning · rules written by an expert"),
    Field("Machine learning", "… and gets better from examples, not from rules that somebody wrote",
          "class averages · decision trees · spam filters that count words"),
    Field("Deep learning", "… and builds its own features, in many layers, all trained together",
          "image recognition · translation · chatbots · image generators"),
)  # fmt: skip
STEP = 0.07  # how far each box lies inside the one around it, as a share of the width


def draw_fields(ax: Any) -> Any:
    """Draw the three boxes inside each other on an axes without scales; return `ax`."""
    from matplotlib.patches import FancyBboxPatch

    for depth, field in enumerate(FIELDS):
        left, width = depth * STEP, 1 - 2 * depth * STEP
        top = 1 - depth * 0.29
        bottom = depth * 0.04
        box = FancyBboxPatch(
            (left, bottom), width, top - bottom, boxstyle="round,pad=0,rounding_size=0.03",
            facecolor=("0.97", "0.92", "0.85")[depth], edgecolor="k", linewidth=1.2,
        )  # fmt: skip
        ax.add_patch(box)
        ax.text(0.5, top - 0.06, field.name, ha="center", va="center", fontsize=12, fontweight="bold")
        ax.text(0.5, top - 0.13, field.meaning, ha="center", va="center", fontsize=9.5)
        ax.text(0.5, top - 0.20, field.examples, ha="center", va="center", fontsize=9, style="italic", color="0.25")
    ax.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01))
    ax.axis("off")
    return ax
