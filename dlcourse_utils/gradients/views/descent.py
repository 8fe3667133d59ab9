"""Optimizer paths over a surface of two parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ...errors import CourseError
from .style import look
from .view import View

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class DescentPaths(View):
    """x (W,), y (H,), height (H, W) of the surface, and each optimizer's path (steps + 1, 2).

    Cures: "the gradient points to the minimum". It points across the contour lines; in a ravine that is
    mostly sideways, and each optimizer deals with it in its own way.
    """

    how_to_read: ClassVar[str] = (
        "contour lines join points of equal loss, closer lines are steeper, each is a constant factor from "
        "the next. A "
        "path starts at the square; every mark is one step. Zigzags across a ravine waste steps."
    )
    size: ClassVar[tuple[float, float]] = (7.0, 5.2)

    x: np.ndarray
    y: np.ndarray
    height: np.ndarray
    paths: Mapping[str, np.ndarray]
    lost: tuple[str, ...]

    def draw(self, ax: Axes) -> None:
        lift = self.height - self.height.min()
        top = float(lift[np.isfinite(lift)].max()) or 1.0
        levels = top * np.logspace(-4, 0, 17)
        ax.contour(self.x, self.y, lift, levels=levels, colors="#999999", linewidths=0.6)
        ax.contourf(self.x, self.y, lift, levels=[0, *levels], cmap="Greys", alpha=0.2, norm=_log_norm(levels))
        for i, (name, path) in enumerate(self.paths.items()):
            label = f"{name} (left the picture)" if name in self.lost else name
            ax.plot(path[:, 0], path[:, 1], **look(i), markevery=1 if len(path) < 60 else len(path) // 40, label=label)
            ax.plot(*path[0], marker="s", color="black", markersize=7, markerfacecolor="white")
        ax.set(
            xlabel="first parameter", ylabel="second parameter", title="Paths of the optimizers",
            xlim=(self.x[0], self.x[-1]), ylim=(self.y[0], self.y[-1]),
        )  # fmt: skip
        ax.legend(fontsize=8)


def _log_norm(levels: np.ndarray) -> Any:
    from matplotlib.colors import SymLogNorm

    return SymLogNorm(linthresh=levels[0], vmin=0, vmax=levels[-1])


def descent_paths(
    f: Callable[[np.ndarray], float],
    paths: Mapping[str, Any],
    limits: tuple[float, float, float, float] | None = None,
    resolution: int = 101,
) -> DescentPaths:
    """Evaluate f(point of shape (2,)) on a grid around the paths.

    paths    name → (steps + 1, 2), as `descend` returns them
    limits   (left, right, bottom, top); default: around all finite points of the paths, but at most ten times
             as far as they started. A path that diverges is cut where it leaves the numbers.
    Raises CourseError when a path is not (steps, 2), or f is nowhere finite.
    """
    kept: dict[str, np.ndarray] = {}
    lost = []
    for name, path in paths.items():
        points = np.asarray(path, dtype=float)
        if points.ndim != 2 or points.shape[1] != 2 or not len(points):
            raise CourseError(f"The path of {name} has shape {points.shape}; (steps + 1, 2) was expected.")
        finite = np.isfinite(points).all(axis=1) & (np.abs(points) < 1e12).all(axis=1)
        end = len(points) if finite.all() else int(np.argmin(finite))
        kept[name] = points[: max(end, 1)]
        if end < len(points):
            lost.append(name)
    if not kept:
        raise CourseError("descent_paths needs at least one path.")
    left, right, bottom, top = limits or _limits(f, kept)
    x, y = np.linspace(left, right, resolution), np.linspace(bottom, top, resolution)
    height = np.asarray([[float(f(np.array([a, b]))) for a in x] for b in y])
    if not np.isfinite(height).any():
        raise CourseError("f gives no finite number anywhere around these paths, so there is no surface to draw.")
    for name, points in kept.items():
        inside = np.all((points >= (left, bottom)) & (points <= (right, top)), axis=1)
        if not inside[-1]:  # draw it until it first leaves
            kept[name] = points[: int(np.argmin(inside)) + 1]
            lost.append(name)
    return DescentPaths(x, y, height, kept, tuple(dict.fromkeys(lost)))


def _limits(f: Callable[[np.ndarray], float], paths: Mapping[str, np.ndarray]) -> tuple[float, float, float, float]:
    """Around every point that is not much higher than the highest start: a path that diverges would shrink
    the rest.
    """
    highest = max(float(f(p[0])) for p in paths.values())
    limit = highest + 0.5 * abs(highest) + 1e-12
    points = np.asarray([q for p in paths.values() for i, q in enumerate(p) if i == 0 or float(f(q)) <= limit])
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.15 * np.maximum(high - low, 1e-3 + 0.2 * (high - low).max())
    return (low[0] - margin[0], high[0] + margin[0], low[1] - margin[1], high[1] + margin[1])
