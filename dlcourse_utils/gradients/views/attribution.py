"""Maps of what a network looked at, beside the same maps of a network that has learned nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ...errors import CourseError
from .style import AMOUNT, SIGNED
from .view import View, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class AttributionMaps(View):
    """image (H, W) or (H, W, 3); maps and controls: name → (h, w), of the trained and of the randomised
    network.

    similarity   name → rank correlation between map and control, in −1 … 1

    Cures: "the network looks at the digit, see the map". If the randomised network's map looks alike, the
    picture shows the image's edges and tells nothing about what was learned.
    """

    how_to_read: ClassVar[str] = (
        "upper row: the trained network; lower row, the control: the same network with shuffled weights. "
        "Dark is much. "
        "Signed maps are red where a pixel speaks for the class and blue (hatched) where it speaks against. "
        "Believe a map "
        "only as far as it differs from its control."
    )

    image: np.ndarray
    maps: Mapping[str, np.ndarray]
    controls: Mapping[str, np.ndarray]
    similarity: Mapping[str, float]
    title: str = "What speaks for this class"

    def draw(self, ax: Axes) -> None:
        grid = panels(ax, 2, len(self.maps) + 1, gap=(0.08, 0.16))
        grid[0][0].imshow(self.image, cmap="gray")
        grid[0][0].set_title("image", fontsize=9)
        grid[1][0].set_axis_off()
        grid[1][0].text(0.5, 0.5, "control:\nshuffled\nweights", ha="center", va="center", fontsize=9)
        for column, name in enumerate(self.maps, start=1):
            for row, maps in zip(grid, (self.maps, self.controls), strict=True):
                _show(row[column], maps[name])
            grid[0][column].set_title(name, fontsize=9)
            grid[1][column].set_title(f"rank correlation {self.similarity[name]:+.2f}", fontsize=8)
        for panel in (p for row in grid for p in row):
            panel.set_xticks([])
            panel.set_yticks([])
        ax.set_title(self.title, pad=18)


def _show(panel: Any, values: np.ndarray) -> None:
    if (values < 0).any():
        limit = float(np.abs(values).max())
        panel.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit)
        against = values < -0.25 * limit
        if against.any() and min(values.shape) > 1:
            panel.contourf(against.astype(float), levels=[0.5, 1.5], colors="none", hatches=["////"])
    else:
        panel.imshow(values, cmap=AMOUNT, vmin=0, vmax=float(values.max()) or 1.0)


def attribution_maps(
    image: Any, maps: Mapping[str, Any], controls: Mapping[str, Any], title: str = "What speaks for this class"
) -> AttributionMaps:
    """Put maps and their controls side by side; both have the same names.

    image (H, W), (1, H, W) or (3, H, W); a map (h, w) or (C, h, w), whose channels are added up.
    Raises CourseError when a control is missing: without it a map proves nothing.
    """
    missing = [name for name in maps if name not in controls]
    if missing or not maps:
        raise CourseError(f"The map {missing[0]!r} has no control." if missing else "There are no maps to show.")
    own = {name: _plane(m) for name, m in maps.items()}
    other = {name: _plane(controls[name]) for name in maps}
    picture = np.asarray(image, dtype=float)
    if picture.ndim == 3 and picture.shape[0] in (1, 3):
        picture = picture[0] if picture.shape[0] == 1 else np.moveaxis(picture, 0, 2)
    similarity = {name: _rank_correlation(own[name], other[name]) for name in maps}
    return AttributionMaps(picture, own, other, similarity, title)


def _plane(values: Any) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    if array.ndim == 3:
        array = array.sum(axis=0)
    if array.ndim != 2:
        raise CourseError(f"A map of shape {array.shape} cannot be drawn; (h, w) or (C, h, w) was expected.")
    return array


def _rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's; 0 where a map is constant."""
    if a.shape != b.shape:
        raise CourseError(f"A map has shape {a.shape} and its control {b.shape}; they must agree.")
    from scipy.stats import rankdata

    x, y = rankdata(a), rankdata(b)
    x, y = x - x.mean(), y - y.mean()
    length = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / length if length > 0 else 0.0
