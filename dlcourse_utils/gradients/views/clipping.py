"""The whole gradient's length before and after clipping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ..history import History
from .style import BLUE, RED
from .view import View, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class Clipping(View):
    """before, after (S,): L2 norm over all parameters together.

    clipped   fraction of sampled steps at which the gradient became shorter by more than a thousandth

    Cures: "clipping is for emergencies". If every step is clipped, the limit has become the step size.
    """

    how_to_read: ClassVar[str] = (
        "hollow circles are the gradient as backpropagation made it, dots what the optimizer got; the bar "
        "between them is "
        "what clipping took away. Dots in a row at one height sit at the limit."
    )

    steps: np.ndarray
    before: np.ndarray
    after: np.ndarray
    clipped: float

    def draw(self, ax: Axes) -> None:
        if not np.isfinite(self.before).any():
            say(ax, "Nothing to draw: no gradient was recorded before the optimizer's step.")
            return
        ax.vlines(self.steps, self.after, self.before, color="#999999", linewidth=1)
        ax.plot(self.steps, self.before, "o", color=RED, markerfacecolor="none", markersize=6, label="before clipping")
        ax.plot(self.steps, self.after, ".", color=BLUE, markersize=6, label="after: what the step used")
        positive = np.concatenate((self.before, self.after))
        if (positive[np.isfinite(positive)] > 0).any():
            ax.set_yscale("log")
            low, high = ax.get_ylim()
            ax.set_ylim(low, high * (high / low) ** 0.25)  # room for the legend
        ax.set(
            xlabel="step",
            ylabel="length of the whole gradient",
            title=f"Clipping shortened {self.clipped:.0%} of the sampled gradients",
        )
        ax.legend(fontsize=8, loc="upper center", ncols=2)


def clipping(history: History) -> Clipping:
    """Read the norms of all parameters together, before and after."""
    both = []
    for table in ("raw_grad_norm", "grad_norm"):
        norms = history[table]
        seen = ~np.isnan(norms).all(axis=1) if norms.size else np.zeros(len(history), dtype=bool)
        with np.errstate(all="ignore"):
            both.append(np.where(seen, np.sqrt(np.nansum(norms**2, axis=1)), np.nan))
    before, after = both
    known = np.isfinite(before) & np.isfinite(after)
    clipped = float(np.mean(after[known] < 0.999 * before[known])) if known.any() else 0.0
    return Clipping(history.steps, before, after, clipped)
