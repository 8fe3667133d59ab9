"""The report's pictures: SVG in an `<img>`, so nothing in them acts, with a sentence for those who do not see them.

Kinds are told apart by their hatching and their words, not by colour alone. No learner's name is drawn.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from .facts import CORRECT, GROUPS, NOT_ATTEMPTED, NOT_GRADED, WRONG, Difficulty

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_INK = "#222222"
_LOOKS: dict[str, dict[str, Any]] = {
    CORRECT: {"facecolor": "#2f6f9f", "hatch": ""},
    WRONG: {"facecolor": "#f3c892", "hatch": "////"},
    NOT_ATTEMPTED: {"facecolor": "#ffffff", "hatch": ".."},
    NOT_GRADED: {"facecolor": "#d9d9d9", "hatch": "xxxx"},
}
Bins = list[tuple[float, float, int]]  # from, up to, how many; the last one holds its upper end


def bins(values: Sequence[float], high: float, whole: bool = False) -> Bins:
    """Return the histogram of `values` from 0 to `high`, in about ten bins of a round width (`whole`: an integer)."""
    from matplotlib.ticker import MaxNLocator

    edges = MaxNLocator(10, steps=[1, 2, 3, 4, 5, 10], integer=whole).tick_values(0.0, high or 1.0)
    counts, _ = np.histogram(values, edges)
    return [(float(a), float(b), int(n)) for a, b, n in zip(edges, edges[1:], counts, strict=False)]


def histogram(found: Bins, xlabel: str, what: str) -> str:
    """Return a histogram of learners as an `<img>`. `what` names it in its text alternative."""
    figure, ax = _figure(7.2, 2.8)
    left, width = [a for a, _, _ in found], found[0][1] - found[0][0]
    ax.bar(left, [n for _, _, n in found], width, align="edge", edgecolor=_INK, linewidth=0.8, **_LOOKS[CORRECT])
    for start, _, number in found:
        if number:
            ax.annotate(str(number), (start + width / 2, number), (0, 2), textcoords="offset points", ha="center")
    ax.set(xlabel=xlabel, ylabel="learners", xlim=(left[0], found[-1][1]), xticks=[*left, found[-1][1]])
    ax.yaxis.get_major_locator().set_params(integer=True)
    ax.margins(y=0.15)
    fullest = max(found, key=lambda item: item[2])
    text = f"Histogram of {what}. Most learners, {fullest[2]}, lie between {fullest[0]:.3g} and {fullest[1]:.3g}."
    return _img(figure, f"{text} The table below holds the numbers.")


def difficulty(exercises: Sequence[Difficulty]) -> str:
    """Return one bar for each exercise, the first at the top, with the learners by group, as an `<img>`."""
    figure, ax = _figure(8.6, 1.0 + 0.34 * len(exercises))
    rows = np.arange(len(exercises))
    left = np.zeros(len(exercises))
    for group in GROUPS:
        numbers = np.array([exercise.counts[group] for exercise in exercises], float)
        ax.barh(rows, numbers, 0.7, left, label=group, edgecolor=_INK, linewidth=0.8, **_LOOKS[group])
        for row, (start, number) in enumerate(zip(left, numbers, strict=True)):
            if number:
                plain = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
                ax.text(start + number / 2, row, f"{number:.0f}", ha="center", va="center", fontsize=8, bbox=plain)
        left += numbers
    ax.set_yticks(rows, [exercise.exercise_id for exercise in exercises])
    ax.set(xlabel="learners", xlim=(0, max(1.0, left.max(initial=0))), ylim=(len(exercises) - 0.5, -0.5))
    ax.xaxis.get_major_locator().set_params(integer=True)
    figure.legend(loc="outside upper center", ncols=len(GROUPS), frameon=False, handlelength=2.4, handleheight=1.2)
    text = "One bar for each exercise, the hardest at the top: learners whose answer is correct, wrong, not attempted"
    return _img(figure, f"{text} or not graded. The table below holds the numbers.")


def _figure(width: float, height: float) -> tuple[Figure, Any]:
    from matplotlib.figure import Figure  # no pyplot: no state of our own in anybody's process

    figure = Figure(figsize=(width, height), layout="constrained")
    ax = figure.subplots()
    ax.spines[["top", "right"]].set_visible(False)
    return figure, ax


def _img(figure: Figure, text: str) -> str:
    from matplotlib import rc_context

    drawn = io.BytesIO()
    with rc_context({"svg.hashsalt": "dlcourse", "hatch.linewidth": 0.7}):
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    code = base64.b64encode(drawn.getvalue()).decode()
    return f'<img alt="{escape(text)}" src="data:image/svg+xml;base64,{code}">'
