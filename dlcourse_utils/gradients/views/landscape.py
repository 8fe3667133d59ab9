"""A slice through the loss of a network: two directions out of its thousands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ...errors import CourseError
from .style import RED
from .view import View, label_contours

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class LossLandscape(View):
    """a (W,), b (H,): steps along two directions; loss (H, W) there; path (K, 2) of training in them, or
    None.

    explained   share of the path's movement that lies in the plane, or None

    Cures: "training is a ball that rolls into a bowl". The slice depends on the two directions; with the
    path's own directions it tells how much of the movement you see at all.
    Source: Li et al., Visualizing the Loss Landscape of Neural Nets (2018), section 4, for the normalisation.
    """

    how_to_read: ClassVar[str] = (
        "the centre cross is the trained network. Moving by 1 changes every filter by as much as its own "
        "length. Contour "
        "lines are labelled with the loss; the path, if there is one, is training seen in this plane."
    )
    size: ClassVar[tuple[float, float]] = (6.4, 5.4)

    a: np.ndarray
    b: np.ndarray
    loss: np.ndarray
    path: np.ndarray | None = None
    explained: float | None = None

    def draw(self, ax: Axes) -> None:
        finite = self.loss[np.isfinite(self.loss)]
        title = "Loss around the trained weights"
        if finite.size and finite.max() > finite.min():
            low, high = float(finite.min()), float(np.quantile(finite, 0.98))
            spread = max(high - low, 1e-12)
            levels = low + spread * np.linspace(0, 1, 14)[1:] ** 2  # closer where it is flat
            shape = np.clip(self.loss, None, high)
            ax.contourf(self.a, self.b, shape, levels=[low, *levels], cmap="Greys", alpha=0.35)
            lines = ax.contour(self.a, self.b, shape, levels=levels, colors="#555555", linewidths=0.7)
            label_contours(ax, lines, levels=levels[1::3], fmt="%.2g")
        if self.path is not None:
            ax.plot(self.path[:, 0], self.path[:, 1], ".-", color=RED, linewidth=1, markersize=4, label="training")
            ax.plot(*self.path[0], "s", color=RED, markerfacecolor="white", label="start")
            ax.legend(fontsize=8)
            if self.explained is not None:
                title += f": this plane holds {self.explained:.0%} of the path"
        ax.plot(0, 0, "P", color="black", markersize=9)
        ax.set(xlabel="along the first direction", ylabel="along the second direction", title=title)


def loss_landscape(
    loss: Callable[[list[np.ndarray]], float],
    params: Sequence[Any],
    path: Sequence[Sequence[Any]] | None = None,
    span: float = 1.0,
    resolution: int = 21,
    seed: int = 0,
) -> LossLandscape:
    """Evaluate loss(params) on a plane around `params`, a list of arrays.

    Without a path the directions are random and filter-normalised: each row (2-D) or kernel (4-D, first axis)
    gets the length of the weights' own; biases and scales stay. With a path, a list of such lists from start
    to end, they are its two main directions (PCA around the end), scaled so that the path fits.
    Raises CourseError when the path's shapes differ from the parameters'.
    """
    centre = [np.asarray(p, dtype=float) for p in params]
    if not centre:
        raise CourseError("loss_landscape needs at least one array of parameters.")
    if path is None:
        rng = np.random.default_rng(seed)
        first, second = (_filter_normalised(centre, rng) for _ in range(2))
        seen, explained, reach = None, None, (-span, span, -span, span)
    else:
        first, second, seen, explained = _main_directions(centre, path)
        reach = _around(seen)
    a = np.linspace(reach[0], reach[1], resolution)
    b = np.linspace(reach[2], reach[3], resolution)
    values = np.asarray(
        [
            [float(loss([c + s * u + t * v for c, u, v in zip(centre, first, second, strict=True)])) for s in a]
            for t in b
        ]
    )
    return LossLandscape(a, b, values, seen, explained)


def _filter_normalised(centre: list[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    out = []
    for weights in centre:
        d = rng.normal(size=weights.shape)
        if weights.ndim < 2:
            out.append(np.zeros_like(weights))
            continue
        axes = tuple(range(1, weights.ndim))
        length = np.sqrt((d**2).sum(axis=axes, keepdims=True))
        out.append(d / np.maximum(length, 1e-300) * np.sqrt((weights**2).sum(axis=axes, keepdims=True)))
    return out


def _main_directions(
    centre: list[np.ndarray], path: Sequence[Sequence[Any]]
) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray, float]:
    rows = []
    for point in path:
        arrays = [np.asarray(p, dtype=float) for p in point]
        if [p.shape for p in arrays] != [c.shape for c in centre]:
            raise CourseError("Every point of the path must hold arrays of the same shapes as the parameters.")
        rows.append(np.concatenate([(p - c).reshape(-1) for p, c in zip(arrays, centre, strict=True)]))
    moved = np.asarray(rows)
    _, singular, directions = np.linalg.svd(moved, full_matrices=False)
    if len(directions) < 2 or moved.shape[1] < 2 or singular[0] == 0:
        raise CourseError("The path needs at least two points that differ, and two parameters.")
    total = float((singular**2).sum())
    split = np.cumsum([c.size for c in centre])[:-1]
    first, second = (
        [piece.reshape(c.shape) for piece, c in zip(np.split(d, split), centre, strict=True)] for d in directions[:2]
    )
    return first, second, moved @ directions[:2].T, float((singular[:2] ** 2).sum() / total)


def _around(path: np.ndarray) -> tuple[float, float, float, float]:
    low, high = np.minimum(path.min(axis=0), 0), np.maximum(path.max(axis=0), 0)
    margin = 0.2 * max(float((high - low).max()), 1e-9)
    return low[0] - margin, high[0] + margin, low[1] - margin, high[1] + margin
