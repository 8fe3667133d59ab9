"""How large the gradient is at each layer, from the input to the output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ...errors import CourseError
from ..history import History
from ..magnitudes import QUANTILES
from .style import BLUE, RED, short
from .view import View, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LOOKS: tuple[dict[str, Any], ...] = (
    {"color": BLUE, "marker": "o", "fill": True},
    {"color": RED, "marker": "D", "fill": False},
)


@dataclass(frozen=True, eq=False)
class GradientFlow(View):
    """quantiles (steps, layers, 5): the 5, 25, 50, 75 and 95 % sizes of the non-zero gradient elements.

    Cures: "the loss goes down, so every layer learns". The last layer can do all the work while the first
    gets a gradient a million times smaller.
    """

    how_to_read: ClassVar[str] = (
        "one box a layer, input on the left: half of its gradient elements lie in the box, 90 % between the "
        "whiskers, the "
        "mark is the median. Boxes that sink towards the left are vanishing, boxes that climb are exploding; "
        "a step of "
        "one axis mark is a factor of 10 or more."
    )

    names: tuple[str, ...]
    steps: tuple[int, ...]
    quantiles: np.ndarray
    what: str

    def draw(self, ax: Axes) -> None:
        if not self.names or not np.isfinite(self.quantiles).any():
            say(ax, "Nothing to draw: no layer had a gradient at a sampled step.")
            return
        places = np.arange(len(self.names))
        width = 0.7 / len(self.steps)
        for i, step in enumerate(self.steps):
            look = _LOOKS[i % len(_LOOKS)]
            at = places + (i - (len(self.steps) - 1) / 2) * width
            low, box_low, middle, box_high, high = self.quantiles[i].T
            ax.vlines(at, low, high, color=look["color"], linewidth=1)
            ax.bar(
                at, box_high - box_low, 0.8 * width, bottom=box_low, edgecolor=look["color"],
                facecolor=look["color"] if look["fill"] else "white", alpha=0.45 if look["fill"] else 1.0,
            )  # fmt: skip
            ax.plot(at, middle, color=look["color"], marker=look["marker"], linestyle="", label=f"step {step}")
        ax.set_yscale("log")
        drawn = self.quantiles[np.isfinite(self.quantiles)]
        ax.set_ylim(drawn.min() / 2, drawn.max() * 2)  # bars would hide what lies below them
        ax.set_xticks(places, [short(n) for n in self.names], rotation=35, ha="right", fontsize=8)
        ax.set_xlim(-0.6, len(self.names) - 0.4)
        ax.set(ylabel="size of a gradient element", title=f"Gradient flow: {self.what}, input → output")
        ax.legend(fontsize=8)


def gradient_flow(history: History, steps: list[int] | None = None, of: str = "weights") -> GradientFlow:
    """Read the quartiles of each layer's gradient at a few sampled steps (default: the first and the last).

    of   "weights" for dL/dW of every weight matrix and kernel, "activations" for dL/d(output) of every layer
    Raises CourseError for steps that were not sampled.
    """
    if of == "weights":
        columns, names, table = history.weights, history.params, history["grad_quantiles"]
    elif of == "activations":
        columns, names, table = list(range(len(history.layers))), history.layers, history["gradient_quantiles"]
    else:
        raise CourseError(f'of={of!r}: say "weights" or "activations".')
    columns = [j for j in columns if np.isfinite(table[:, j]).any()]
    rows = _rows(history, steps, np.isfinite(table[:, columns]).any(axis=(1, 2)) if columns else None)
    return GradientFlow(
        names=tuple(names[j] for j in columns),
        steps=tuple(int(history.steps[i]) for i in rows),
        quantiles=table[np.ix_(rows, columns)] if columns else np.empty((len(rows), 0, len(QUANTILES))),
        what=of,
    )


def _rows(history: History, steps: list[int] | None, usable: np.ndarray | None) -> list[int]:
    if steps is not None:
        where = {int(s): i for i, s in enumerate(history.steps)}
        missing = [s for s in steps if s not in where]
        if missing:
            raise CourseError(f"Step {missing[0]} was not sampled; every={history.every}, so take a multiple of it.")
        return [where[s] for s in steps]
    seen = [] if usable is None else np.flatnonzero(usable).tolist()
    return seen[:1] if len(seen) < 2 else [seen[0], seen[-1]]
