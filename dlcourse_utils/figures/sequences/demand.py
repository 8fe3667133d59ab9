"""Pictures of hourly demand: two weeks and the gaps, errors by how far one looks ahead, a week of forecasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np


def draw_demand(bikers: np.ndarray) -> None:
    """Draw two weeks of a year of hours (8760,), and at which hours of the day its NaN stand."""
    import matplotlib.pyplot as plt

    missing = np.isnan(bikers)
    at_hour = np.bincount(np.flatnonzero(missing) % 24, minlength=24)
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 2.9), width_ratios=[2, 1])
    hours = np.arange(24 * 156, 24 * 170)  # two weeks from Monday, 6 June
    left.plot(hours / 24, bikers[hours], "k", linewidth=1)
    left.set(title="Two weeks of demand", xlabel="day of the year", ylabel="bicycles per hour")
    right.bar(range(24), at_hour, color="0.75", edgecolor="k")
    right.set(title=f"{missing.sum()} hours are missing", xlabel="hour of the day", ylabel="how many")
    fig.tight_layout()


def draw_errors_ahead(errors: Mapping[str, np.ndarray]) -> None:
    """Draw each method's mean absolute error (24,) over the hours ahead; the last method is the learner's own."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(8, 3.3))
    styles = ["k:", "k-.", "k--", "ks-", "C0o-"]
    for (name, error), style in zip(errors.items(), styles, strict=True):
        ax.plot(range(1, 25), error, style, markersize=4, linewidth=1, label=name)
    ax.set(title="Error by how far one looks ahead", xlabel="hours ahead", ylabel="mean absolute error (bicycles)")
    ax.set(ylim=(0, 110), xticks=[1, 6, 12, 18, 24])
    ax.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
    fig.tight_layout()


def draw_forecasts(future: np.ndarray, forecasts: np.ndarray, ahead: Sequence[int], first: int) -> None:
    """Draw a week of what came and its forecasts `ahead` hours before; windows (M, 24), from number `first` on."""
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(ahead), figsize=(10, 2.9), sharey=True)
    span = np.arange(first, first + 24 * 7)
    for ax, hours in zip(axes, ahead, strict=True):
        ax.plot(span - first, future[span, hours - 1], color="0.7", linewidth=4, label="what came")
        ax.plot(span - first, forecasts[span, hours - 1], "k--", linewidth=1, label="your LSTM")
        ax.set(title=f"Forecast {hours} hour{'s' if hours > 1 else ''} ahead", xlabel="hours")
    axes[0].set(ylabel="bicycles per hour", ylim=(0, 680))
    axes[0].legend(fontsize=8, loc="upper right", ncols=2)
    fig.tight_layout()
