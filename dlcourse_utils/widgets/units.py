"""What a change of units does to distances: `units_explorer()`.

178 wines by two measurements, alcohol and flavanoids, drawn with one scale for both axes, because that is how a
distance sees them. The slider changes the unit of one axis; the cloud stretches or collapses, and the share of wines
that lie nearest to their own grower's mean changes with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.figure import Figure

UNITS = {
    "share (0.13)": 0.01,
    "percent (13)": 1.0,
    "per mille (130)": 10.0,
    "per ten thousand (1300)": 100.0,
    "each column scaled to 0 … 1": None,
}
MARKERS = ("o", "^", "s")
COLUMNS = (0, 6)  # alcohol and flavanoids among scikit-learn's thirteen columns


@dataclass(frozen=True)
class UnitsView:
    """Wines in one unit: points (178, 2), growers (178,), class means (3, 2), and which mean is nearest (178,)."""

    unit: str
    points: np.ndarray
    growers: np.ndarray
    means: np.ndarray
    nearest: np.ndarray

    @property
    def share_right(self) -> float:
        """The share of wines that lie nearest to their own grower's mean."""
        return float(np.mean(self.nearest == self.growers))

    @property
    def sentence(self) -> str:
        """The view in words."""
        wide, high = np.ptp(self.points, axis=0)
        return (
            f"Alcohol as {self.unit}: the cloud is {wide:.3g} wide and {high:.3g} high, "
            f"and {self.share_right:.0%} of the wines lie nearest to their own grower's mean."
        )


@lru_cache(maxsize=1)
def _wines() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_wine

    wine = load_wine()
    return wine.data[:, list(COLUMNS)], wine.target


def view_in(unit: str) -> UnitsView:
    """Return the wines with alcohol measured in `unit`. Raises KeyError for a unit that is not in UNITS."""
    factor = UNITS[unit]
    table, growers = _wines()
    if factor is None:
        points = (table - table.min(axis=0)) / np.ptp(table, axis=0)
    else:
        points = table * np.array([factor, 1.0])
    means = np.stack([points[growers == k].mean(axis=0) for k in range(3)])
    nearest = ((points[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    return UnitsView(unit, points, growers, means, nearest)


def draw_units(unit: str) -> Figure:
    """Draw the cloud as a distance sees it: one unit is equally long on both axes."""
    view = view_in(unit)
    figure = Figure(figsize=(8, 3.6), dpi=80, layout="constrained")
    ax = figure.subplots()
    for k, marker in enumerate(MARKERS):
        mine = view.growers == k
        ax.plot(*view.points[mine].T, marker, markersize=4, alpha=0.6, label=f"grower {k}")
    wrong = view.nearest != view.growers
    ax.plot(*view.points[wrong].T, "o", color="none", markeredgecolor="k", markersize=9, label="nearest mean is wrong")
    ax.plot(*view.means.T, "*", color="gold", markeredgecolor="k", markersize=15, label="the three means")
    low, high = view.points.min(axis=0), view.points.max(axis=0)
    centre, half = (low + high) / 2, 0.55 * (high - low).max()
    ax.set(
        xlim=(centre[0] - 1.9 * half, centre[0] + 1.9 * half), ylim=(centre[1] - half, centre[1] + half),
        aspect="equal", adjustable="box", xlabel=f"alcohol, {unit}", ylabel="flavanoids",
        title=f"{view.share_right:.0%} lie nearest to their own grower's mean",
    )  # fmt: skip
    ax.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


def units_explorer(unit: str = "percent (13)") -> Any:
    """Return the widget: a slider over the units in UNITS, reachable by keyboard.

    Raises ValueError for a unit that is not there.
    """
    if unit not in UNITS:
        raise ValueError(f"there is no unit {unit!r} here; choose one of {', '.join(UNITS)}")
    import ipywidgets

    from .explorer import Explorer, Shown

    slider = ipywidgets.SelectionSlider(
        options=list(UNITS), value=unit, description="alcohol in", continuous_update=False,
        layout=ipywidgets.Layout(width="40em"), style={"description_width": "6em"},
    )  # fmt: skip

    def show(unit: str) -> Shown:
        return draw_units(unit), view_in(unit).sentence

    return Explorer({"unit": slider}, show)
