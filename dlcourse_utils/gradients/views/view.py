"""What all pictures share: data first, `.plot(ax=None)` returns the Axes, and the notebook shows it by
itself.
"""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class View:
    """Plain data that can be drawn.

    `plot(ax)` draws into your axes, for example one of a plt.subplots; without axes it makes a figure of its
    own, which leaves pyplot's state alone, with the line "How to read" below. As the last line of a cell the
    object shows itself.
    """

    how_to_read: ClassVar[str]
    size: ClassVar[tuple[float, float]] = (7.0, 4.2)

    def draw(self, ax: Axes) -> None:
        """Draw everything into `ax`."""
        raise NotImplementedError

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw and return the Axes."""
        if ax is None:
            ax = own_axes(self.size, self.how_to_read)
        self.draw(ax)
        return ax

    def _repr_png_(self) -> bytes:  # IPython shows this
        buffer = io.BytesIO()
        figure: Any = self.plot().figure
        figure.savefig(buffer, format="png", dpi=110)
        return buffer.getvalue()


def own_axes(size: tuple[float, float], caption: str) -> Axes:
    """Return the axes of a new figure that pyplot does not know, with the caption below."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=size)
    figure.set_layout_engine("constrained", h_pad=0.09)  # inches: panels without labels would touch the caption
    lines = textwrap.wrap(f"How to read: {caption}", width=int(size[0] * 15.5))
    figure.supxlabel("\n".join(lines), x=0.01, ha="left", fontsize=8, style="italic")
    return figure.add_subplot()


def panels(ax: Axes, rows: int, columns: int, gap: tuple[float, float] = (0.14, 0.22)) -> list[list[Any]]:
    """Divide one Axes into rows × columns inset axes, so that a picture of several parts still fits one Axes.

    `gap` is the (horizontal, vertical) space between panels as a share of a panel.
    """
    ax.set_axis_off()
    width = 1.0 / (columns + (columns - 1) * gap[0])
    height = 1.0 / (rows + (rows - 1) * gap[1])
    return [
        [
            ax.inset_axes((c * width * (1 + gap[0]), 1 - height - r * height * (1 + gap[1]), width, height))
            for c in range(columns)
        ]
        for r in range(rows)
    ]


def label_contours(ax: Axes, lines: Any, **options: Any) -> None:
    """Write the levels on contour lines, but not where the picture's edge would cut them."""
    labels = ax.clabel(lines, fontsize=7, **options) or []
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    for label in list(labels):
        x, y = label.get_position()
        inside = 0.06 < (x - left) / (right - left) < 0.94 and 0.06 < (y - bottom) / (top - bottom) < 0.94
        label.set_visible(inside)


def say(ax: Axes, sentence: str) -> None:
    """Show a sentence where there is nothing to draw."""
    ax.set_xticks([])
    ax.set_yticks([])
    ax.text(0.5, 0.5, textwrap.fill(sentence, 48), ha="center", va="center", transform=ax.transAxes)
