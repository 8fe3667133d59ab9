"""Where to draw the line between two answers, under a slider: `threshold_explorer(y, score)`.

What a static figure cannot show: one threshold moves four counts, precision, recall and a point on the ROC curve at
once, and the area under that curve stays where it is. The numbers and the picture are pure functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..errors import CourseError


@dataclass(frozen=True)
class Decision:
    """What a threshold makes of scored patients: the four counts."""

    threshold: float
    found: int  # truly 1 and called 1
    missed: int  # truly 1, called 0
    false_alarms: int  # truly 0, called 1
    cleared: int  # truly 0 and called 0

    @property
    def precision(self) -> float:
        """Of those called 1, the share that is; 0 when nobody is."""
        return _ratio(self.found, self.found + self.false_alarms)

    @property
    def recall(self) -> float:
        """Of those that are 1, the share that was called so."""
        return _ratio(self.found, self.found + self.missed)

    @property
    def false_alarm_rate(self) -> float:
        """Of those that are 0, the share that was called 1."""
        return _ratio(self.false_alarms, self.false_alarms + self.cleared)

    @property
    def accuracy(self) -> float:
        """The share of right answers."""
        return _ratio(self.found + self.cleared, self.found + self.missed + self.false_alarms + self.cleared)

    @property
    def sentence(self) -> str:
        """The decision in words; it is shown below the figure and stands in for it where it cannot be seen."""
        return (
            f"Threshold {self.threshold:.2f}: {self.found} of {self.found + self.missed} sick found, "
            f"{self.missed} missed, {self.false_alarms} of {self.false_alarms + self.cleared} healthy alarmed. "
            f"Precision {self.precision:.2f}, recall {self.recall:.2f}, accuracy {self.accuracy:.1%}."
        )


def decide(y: np.ndarray, score: np.ndarray, threshold: float) -> Decision:
    """Count what happens when every score of at least `threshold` is called 1. y: (N,) of 0 and 1; score: (N,)."""
    sick, called = np.asarray(y) == 1, np.asarray(score) >= threshold
    pairs = ((sick & called), (sick & ~called), (~sick & called), (~sick & ~called))
    return Decision(float(threshold), *(int(p.sum()) for p in pairs))


def draw_decision(y: np.ndarray, score: np.ndarray, threshold: float) -> Figure:
    """Draw both classes' scores with the threshold, and the ROC curve with its point."""
    y, score = np.asarray(y), np.asarray(score, dtype=float)
    now = decide(y, score, threshold)
    figure = Figure(figsize=(9.5, 3.6), dpi=80, layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1.5, 1])
    bins = np.linspace(0, 1, 31)
    left.hist(score[y == 0], bins, color="0.8", edgecolor="0.4", label="healthy")
    left.hist(score[y == 1], bins, color="C1", edgecolor="k", hatch="///", alpha=0.9, label="sick")
    left.axvline(threshold, color="k", linestyle="--", label=f"threshold {threshold:.2f}")
    left.set(yscale="log", xlabel="score", ylabel="patients (log scale)", title="Right of the line: called sick")
    left.legend(fontsize=8)
    every = [decide(y, score, t) for t in np.quantile(score, np.linspace(0, 1, 101))]
    right.plot([1, *(d.false_alarm_rate for d in every), 0], [1, *(d.recall for d in every), 0], "k-")
    right.plot([0, 1], [0, 1], ":", color="0.5", label="tossing a coin")
    right.plot(now.false_alarm_rate, now.recall, "o", color="C1", markersize=10, label="this threshold")
    right.set(xlabel="share of the healthy alarmed", ylabel="share of the sick found", title="ROC curve")
    right.legend(fontsize=8, loc="lower right")
    return figure


def threshold_explorer(y: np.ndarray, score: np.ndarray, threshold: float = 0.5) -> Any:
    """Return the widget: a slider for the threshold, reachable by keyboard.

    y: (N,) of 0 and 1, both present. score: (N,) from 0 to 1. Raises CourseError for anything else.
    """
    y, score = np.asarray(y), np.asarray(score, dtype=float)
    if y.shape != score.shape or y.ndim != 1 or set(np.unique(y).tolist()) != {0, 1}:
        raise CourseError("threshold_explorer needs labels 0 and 1, both present, and one score for each.")
    if not (np.isfinite(score).all() and score.min() >= 0 and score.max() <= 1):
        raise CourseError("threshold_explorer needs scores between 0 and 1.")
    import ipywidgets

    from .explorer import Explorer, Shown

    slider = ipywidgets.FloatSlider(
        value=threshold, min=0, max=1, step=0.01, description="threshold", readout_format=".2f",
        style={"description_width": "6em"}, layout=ipywidgets.Layout(width="36em"),
    )  # fmt: skip

    def show(threshold: float) -> Shown:
        return draw_decision(y, score, threshold), decide(y, score, threshold).sentence

    return Explorer({"threshold": slider}, show)


def _ratio(a: int, b: int) -> float:
    return a / b if b else 0.0
