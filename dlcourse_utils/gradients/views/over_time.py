"""How the sizes of one gradient were spread, step after step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ...errors import CourseError, did_you_mean
from ..history import History
from ..magnitudes import LOG10_EDGES
from .style import AMOUNT, RED
from .view import View, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class HistogramOverTime(View):
    """shares (S, bins) over log10 sizes with `edges` (bins + 1,); zero (S,), nonfinite (S,), median (S,).

    Cures: "the gradient has become small" read off a mean. One number hides whether all elements shrank or
    most became exactly zero while a few stayed large.
    """

    how_to_read: ClassVar[str] = (
        "each column is one sampled step; the darker, the more gradient elements have that size (log scale). "
        "The line "
        "is the median. Exact zeros have no place on a log axis: their share is drawn below."
    )
    size: ClassVar[tuple[float, float]] = (7.0, 4.6)

    name: str
    steps: np.ndarray
    edges: np.ndarray
    shares: np.ndarray
    zero: np.ndarray
    nonfinite: np.ndarray
    median: np.ndarray

    def draw(self, ax: Axes) -> None:
        from matplotlib.ticker import MaxNLocator

        if not self.steps.size:
            say(ax, "Nothing recorded yet.")
            return
        width = np.diff(self.steps).min() if self.steps.size > 1 else 1
        sides = np.concatenate((self.steps - width / 2, [self.steps[-1] + width / 2]))
        ax.pcolormesh(sides, 10.0**self.edges, self.shares.T, cmap=AMOUNT, vmin=0, rasterized=True)
        ax.plot(self.steps, self.median, color=RED, marker=".", linewidth=1, label="median size")
        ax.set_yscale("log")
        used = np.flatnonzero(self.shares.sum(axis=0))
        if used.size:
            ax.set_ylim(10.0 ** self.edges[used[0]], 10.0 ** self.edges[used[-1] + 1])
        ax.set(ylabel="size of an element", title=f"Gradient of {self.name} over time")
        ax.legend(fontsize=8, loc="upper right")
        ax.tick_params(labelbottom=False)
        below = ax.inset_axes((0, -0.22, 1, 0.16), sharex=ax)
        below.fill_between(self.steps, self.zero, step="mid", color="#bbbbbb", label="exactly 0")
        below.plot(self.steps, self.nonfinite, color=RED, linestyle="--", linewidth=1, label="NaN or inf")
        below.set(ylim=(-0.05, 1.05), xlabel="step", ylabel="share")
        below.set_yticks([0, 1])
        below.xaxis.set_major_locator(MaxNLocator(integer=True))
        below.legend(fontsize=7, loc="center right", ncols=2)


def histogram_over_time(history: History, name: str | None = None) -> HistogramOverTime:
    """Read one parameter's gradient histograms (default: the first weight), or those of a layer's output
    gradient.

    Raises CourseError for a name that was not recorded.
    """
    if name is None:
        candidates = history.weights or list(range(len(history.params)))
        name = history.params[candidates[0]] if candidates else ""
    prefix = "grad" if name in history.params else "gradient"
    if name and name not in (*history.params, *history.layers):
        raise CourseError(f"This history has no {name!r}." + did_you_mean(name, (*history.params, *history.layers)))
    if not name:
        empty = np.empty(0)
        return HistogramOverTime(
            "nothing", empty, LOG10_EDGES, np.empty((0, LOG10_EDGES.size - 1)), empty, empty, empty
        )
    shares = history.series(f"{prefix}_histogram", name)
    seen = np.isfinite(shares).all(axis=1)
    return HistogramOverTime(
        name=name,
        steps=history.steps[seen],
        edges=LOG10_EDGES,
        shares=shares[seen],
        zero=history.series(f"{prefix}_zero", name)[seen],
        nonfinite=history.series(f"{prefix}_nonfinite", name)[seen],
        median=history.series(f"{prefix}_quantiles", name)[seen, 2],
    )
