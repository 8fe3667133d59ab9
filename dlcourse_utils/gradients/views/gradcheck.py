"""Your analytic gradient beside the numerical one, element by element."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ...errors import CourseError
from .style import BLUE, RED
from .view import View, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class GradientComparison(View):
    """analytic, numerical and error, all of the gradient's shape; error = |a − n| / max(|a|, |n|), 0 where
    both are 0.

    worst   index of the largest error

    Cures: "the maximum error is 0.3, so everything is wrong". One row of a bias, one column, one sign: the
    picture shows which elements are off, and that is half of the diagnosis.
    """

    how_to_read: ClassVar[str] = (
        "one mark an element. On the diagonal both gradients agree. Crosses are off by more than the "
        "tolerance: a steeper "
        "line is a missing factor, a mirrored one a sign, a row of crosses at height 0 a term that was "
        "forgotten."
    )
    size: ClassVar[tuple[float, float]] = (6.4, 6.2)

    analytic: np.ndarray
    numerical: np.ndarray
    error: np.ndarray
    worst: tuple[int, ...]
    tolerance: float

    def draw(self, ax: Axes) -> None:
        if not self.analytic.size:
            say(ax, "Nothing to compare: the gradients have no elements.")
            return
        finite = np.isfinite(self.analytic) & np.isfinite(self.numerical)
        bad = ~(self.error <= self.tolerance)
        sizes = np.abs(np.concatenate((self.analytic[finite], self.numerical[finite])))
        limit = 1.1 * float(sizes.max()) if sizes.size and sizes.max() > 0 else 1.0
        ax.plot([-limit, limit], [-limit, limit], color="black", linewidth=0.8, label="equal")
        for mask, marker, colour, words in (
            (~bad & finite, "o", BLUE, "agree"),
            (bad & finite, "x", RED, f"off by more than {self.tolerance:.0e}"),
        ):
            ax.plot(
                self.numerical[mask], self.analytic[mask], marker, color=colour, markerfacecolor="none",
                label=f"{words}: {mask.sum()} of {self.analytic.size}",
            )  # fmt: skip
        if bad.any() and finite[self.worst]:
            place = ", ".join(map(str, self.worst))
            ax.annotate(
                f"worst: [{place}]", (self.numerical[self.worst], self.analytic[self.worst]), xytext=(8, 0),
                textcoords="offset points", fontsize=8, va="center",
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1},
            )  # fmt: skip
        ticks = _ticks(limit)
        for axis, scale in ((ax.xaxis, ax.set_xscale), (ax.yaxis, ax.set_yscale)):
            scale("symlog", linthresh=limit / 1e3, linscale=0.4)
            axis.set_ticks(ticks)
            axis.set_ticks([], minor=True)
        lost = int((~finite).sum())
        ax.set(
            xlabel="numerical gradient", ylabel="analytic gradient", xlim=(-1.6 * limit, 1.6 * limit),
            ylim=(-1.6 * limit, 1.6 * limit),
            title=f"Largest relative error {self.error.max():.1e}" + (f"; {lost} NaN or inf" if lost else ""),
        )  # fmt: skip
        ax.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3)
        ax.set_aspect("equal")


def _ticks(limit: float) -> list[float]:
    """Zero and the two or three powers of ten below the limit, on both sides."""
    powers = [10.0 ** (np.floor(np.log10(limit)) - k) for k in range(3)]
    return [-p for p in powers] + [0.0] + powers[::-1]


def compare_gradients(analytic: Any, numerical: Any, tolerance: float = 1e-5) -> GradientComparison:
    """Compare two gradients of one shape. Raises CourseError when the shapes differ."""
    a, n = np.asarray(analytic, dtype=float), np.asarray(numerical, dtype=float)
    if a.shape != n.shape:
        raise CourseError(f"The analytic gradient has shape {a.shape}, the numerical one {n.shape}; they must agree.")
    scale = np.maximum(np.abs(a), np.abs(n))
    with np.errstate(all="ignore"):
        error = np.where(scale == 0, 0.0, np.abs(a - n) / scale)
    flat = int(np.argmax(np.where(np.isnan(error), np.inf, error))) if a.size else 0
    worst = tuple(int(i) for i in np.unravel_index(flat, a.shape)) if a.size else ()
    return GradientComparison(a, n, np.where(np.isnan(error), np.inf, error), worst, tolerance)
