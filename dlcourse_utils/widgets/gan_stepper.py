"""Recorded moments of a GAN's training, one after the other: `gan_stepper(GanFrames(steps, samples, real))`.

What a static figure cannot show: the samples on their way. Whether they spread over all of the real points or run
after each other from one to the next is a movement, and one picture at the end hides it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..errors import CourseError
from ..gradients.views.style import BLUE, RED
from .explorer import Explorer, Shown

MOST = 400  # points of each kind that are measured; all are drawn
NEIGHBOURS = 5


@dataclass(frozen=True, eq=False)
class GanFrames:
    """F moments of a training run in the plane.

    steps (F,): when; samples: F arrays (n, 2) of what G made; real (m, 2). surfaces: F arrays (h, w) of D's
    probability "real" on a grid whose first row is the lowest y, with extent = (left, right, bottom, top), the grid's
    outermost points. fixed_noise: sample i came from the same noise in every frame, so its way can be drawn.
    Raises CourseError when something does not fit.
    """

    steps: Sequence[int]
    samples: Sequence[Any]
    real: Any
    surfaces: Sequence[Any] | None = None
    extent: tuple[float, float, float, float] | None = None
    fixed_noise: bool = False

    def __post_init__(self) -> None:
        put = object.__setattr__  # the dataclass is frozen for everybody else
        put(self, "steps", tuple(int(s) for s in self.steps))
        put(self, "samples", tuple(_points(s, f"samples of frame {i}") for i, s in enumerate(self.samples)))
        put(self, "real", _points(self.real, "real points"))
        if not self.steps:
            raise CourseError("There are no frames yet: record some, then step through them.")
        if len(self.samples) != len(self.steps):
            raise CourseError(f"There are {len(self.steps)} steps, but {len(self.samples)} sets of samples.")
        if self.fixed_noise and len({s.shape for s in self.samples}) > 1:
            raise CourseError("With fixed_noise every frame holds the same number of samples.")
        if self.surfaces is None:
            return
        put(self, "surfaces", tuple(_array(s, 2, "surface") for s in self.surfaces))
        if self.extent is None or len(self.extent) != 4:
            raise CourseError("Surfaces need extent=(left, right, bottom, top), the corners of their grid.")
        if len(self.surfaces) != len(self.steps):
            raise CourseError(f"There are {len(self.steps)} steps, but {len(self.surfaces)} surfaces.")

    def __len__(self) -> int:
        return len(self.steps)

    @cached_property
    def distances(self) -> np.ndarray:
        """Energy distance between samples and real points in each frame, (F,): 0 for equal distributions.

        2 E‖x − y‖ − E‖x − x'‖ − E‖y − y'‖; G. Székely, M. Rizzo, Journal of Statistical Planning and Inference 143
        (2013). NaN where a sample is not finite.
        """
        real = self.real[:MOST]
        within = _between(real, real).mean()
        return np.array([2 * _between(s, real).mean() - _between(s, s).mean() - within for s in self._measured])

    @cached_property
    def coverage(self) -> np.ndarray:
        """Share of real points that have a sample nearer than their fifth real neighbour, (F,).

        It falls when G repeats itself. M. F. Naeem and others, Reliable fidelity and diversity metrics, ICML 2020.
        """
        real = self.real[:MOST]
        k = min(NEIGHBOURS, len(real) - 1)
        reach = np.sort(_between(real, real), axis=1)[:, k]  # column 0 is the point itself
        with np.errstate(invalid="ignore"):
            return np.array([(_between(real, s).min(axis=1) <= reach).mean() for s in self._measured])

    @property
    def _measured(self) -> list[np.ndarray]:
        return [s[:MOST] for s in self.samples]

    @cached_property
    def limits(self) -> tuple[float, float, float, float]:
        """The same (left, right, bottom, top) for all frames: D's grid, else what holds nearly all points."""
        if self.extent is not None:
            return self.extent
        points = np.concatenate([self.real, *self.samples])
        points = points[np.isfinite(points).all(axis=1)]
        low, high = np.percentile(points, [0.5, 99.5], axis=0) if len(points) else (np.zeros(2), np.ones(2))
        low, high = np.minimum(low, self.real.min(axis=0)), np.maximum(high, self.real.max(axis=0))
        room = 0.08 * np.maximum(high - low, 1e-6)
        (left, bottom), (right, top) = low - room, high + room
        return left, right, bottom, top

    def sentence(self, frame: int) -> str:
        """The frame in words."""
        distance, start = self.distances[frame], self.distances[0]
        words = f"Step {self.steps[frame]}, frame {frame + 1} of {len(self)}: "
        if not np.isfinite(distance):
            return words + "some samples are not finite; the training has broken down."
        words += f"the samples are {distance:.2g} away from the real points in distribution"
        words += f" ({start:.2g} at the first frame)" if frame else ""
        words += f", and {self.coverage[frame]:.0%} of the real points have a sample close by."
        if self.surfaces is not None:
            at_real, at_fake = (self._believed(frame, p) for p in (self.real, self.samples[frame]))
            words += f" D calls the average real point {at_real:.0%} real and the average sample {at_fake:.0%}."
        return words

    def _believed(self, frame: int, points: np.ndarray) -> float:
        """D's mean probability at some points, read off the nearest place of its grid."""
        assert self.surfaces is not None
        surface = self.surfaces[frame]
        left, right, bottom, top = self.limits
        share = (points - [left, bottom]) / [right - left, top - bottom]
        column, row = (np.clip(np.rint(share * [surface.shape[1] - 1, surface.shape[0] - 1]), 0, None).astype(int)).T
        return float(surface[np.minimum(row, surface.shape[0] - 1), np.minimum(column, surface.shape[1] - 1)].mean())


def draw_frame(frames: GanFrames, frame: int) -> Figure:
    """Draw the points of one frame on D's surface, and beside them how far the run has come."""
    figure = Figure(figsize=(9.5, 4.4), dpi=80, layout="constrained")
    grid = figure.add_gridspec(2, 2, width_ratios=[1.3, 1])
    plane, upper, lower = (figure.add_subplot(part) for part in (grid[:, 0], grid[0, 1], grid[1, 1]))
    left, right, bottom, top = frames.limits
    if frames.surfaces is not None:
        surface = frames.surfaces[frame]
        x, y = np.linspace(left, right, surface.shape[1]), np.linspace(bottom, top, surface.shape[0])
        shade = plane.contourf(x, y, surface, levels=np.linspace(0, 1, 11), cmap="Greys", alpha=0.5)
        figure.colorbar(shade, ax=plane, label='D\'s probability "real"', ticks=[0, 0.5, 1], shrink=0.7)
        if surface.min() < 0.5 < surface.max():
            plane.contour(x, y, surface, levels=[0.5], colors="black", linewidths=1)
    samples = frames.samples[frame]
    plane.plot(*frames.real.T, "o", color=BLUE, markersize=4, markerfacecolor="none", alpha=0.7, label="real")
    if frames.fixed_noise and frame:
        ways = np.stack([frames.samples[frame - 1], samples])  # (2, n, 2)
        plane.plot(ways[..., 0], ways[..., 1], color=RED, linewidth=0.5, alpha=0.3)
    plane.plot(*samples.T, "x", color=RED, markersize=5, label="made by G")
    plane.set(xlim=(left, right), ylim=(bottom, top), xlabel="first feature", ylabel="second feature",
              title=f"Step {frames.steps[frame]}")  # fmt: skip
    plane.legend(fontsize=8, loc="upper right")
    for ax, values, title in (
        (upper, frames.distances, "Energy distance (0: the same distribution)"),
        (lower, frames.coverage, "Share of real points with a sample close by"),
    ):
        ax.plot(frames.steps, values, color="0.4", marker="." if len(frames) < 40 else "", linewidth=1.2)
        ax.axvline(frames.steps[frame], color=RED, linestyle="--", linewidth=1.2)
        ax.plot(frames.steps[frame], values[frame], "D", color=RED, markersize=6)
        ax.set_title(title, fontsize=9)
        ax.set_ylim(bottom=min(0.0, float(np.nanmin(values, initial=0.0))))
    lower.set(ylim=(-0.03, 1.05), xlabel="step")
    return figure


def gan_stepper(frames: GanFrames, frame: int = 0) -> Explorer:
    """Return the widget: a slider over the frames and a play button; its state is {"frame": i}.

    Raises CourseError when `frames` is something else.
    """
    import ipywidgets

    from .player import player

    if not isinstance(frames, GanFrames):
        raise CourseError("gan_stepper takes GanFrames(steps, samples, real).")
    last = len(frames) - 1
    slider = ipywidgets.IntSlider(
        value=min(max(frame, 0), last), min=0, max=last, description="frame", layout=ipywidgets.Layout(width="32em")
    )

    def show(frame: int) -> Shown:
        return draw_frame(frames, frame), frames.sentence(frame)

    return Explorer({"frame": slider}, show, [ipywidgets.HBox([player(slider), slider])])


def _points(points: Any, what: str) -> np.ndarray:
    array = _array(points, 2, what)
    if array.shape[1] != 2 or not len(array):
        raise CourseError(f"The {what} have shape {array.shape}; (n, 2) was expected.")
    return array


def _array(values: Any, dimensions: int, what: str) -> np.ndarray:
    if hasattr(values, "detach"):  # a torch tensor, without importing torch
        values = values.detach().cpu()
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise CourseError(f"The {what} should be numbers, not {type(values).__name__}.") from None
    if array.ndim != dimensions:
        raise CourseError(f"The {what} have shape {array.shape}; {dimensions} dimensions were expected.")
    return array


def _between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Distances of every point of a to every point of b, (len(a), len(b))."""
    return np.linalg.norm(a[:, None] - b, axis=2)
