"""A medical test on a thousand people: `medical_test_explorer()`.

What a formula cannot show: move the share of the ill, and watch the few true alarms drown among the false ones. Every
dot is a person, so the answer can be counted. All that can be wrong is in pure functions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

PEOPLE = 1000
ROWS = 20
GROUPS = ("ill, alarm", "ill, missed", "healthy, false alarm", "healthy, no alarm")
_LOOK = (("s", "C3", 6.5), ("X", "C3", 6.5), ("^", "C0", 6.0), (".", "0.75", 4.0))  # marker, colour, size


@dataclass(frozen=True)
class Outcome:
    """Of a thousand people, how many are in each of GROUPS, as whole numbers that sum to 1000."""

    ill_alarm: int
    ill_missed: int
    healthy_alarm: int
    healthy_quiet: int
    posterior: float  # P(ill | alarm), exact, not from the rounded counts; NaN when there is no alarm

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """The four groups in the order of GROUPS."""
        return self.ill_alarm, self.ill_missed, self.healthy_alarm, self.healthy_quiet

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        alarms = self.ill_alarm + self.healthy_alarm
        if math.isnan(self.posterior):
            return "Nobody gets an alarm."
        return (
            f"Of {PEOPLE} people {alarms} get an alarm, and {self.ill_alarm} of those are ill: "
            f"P(ill | alarm) = {self.posterior:.1%}."
        )


def outcome_of(ill: float, found: float, false_alarm: float) -> Outcome:
    """Return the expected counts, rounded, and Bayes' answer.

    ill: P(ill). found: P(alarm | ill), the sensitivity. false_alarm: P(alarm | healthy). All between 0 and 1; raises
    ValueError otherwise.
    """
    for name, share in (("ill", ill), ("found", found), ("false_alarm", false_alarm)):
        if not 0 <= share <= 1:
            raise ValueError(f"{name} should lie between 0 and 1, not at {share:g}")
    number_ill = round(PEOPLE * ill)
    ill_alarm = round(number_ill * found)
    healthy_alarm = round((PEOPLE - number_ill) * false_alarm)
    alarms = ill * found + (1 - ill) * false_alarm
    posterior = ill * found / alarms if alarms > 0 else float("nan")
    return Outcome(
        ill_alarm, number_ill - ill_alarm, healthy_alarm, PEOPLE - number_ill - healthy_alarm, posterior
    )  # fmt: skip


def draw_people(outcome: Outcome) -> Figure:
    """Draw one mark per person, groups side by side; those with an alarm stand to the left."""
    figure = Figure(figsize=(8.5, 3.4), dpi=80, layout="constrained")
    ax = figure.subplots()
    order = (0, 2, 1, 3)  # the alarms first: they are what a doctor sees
    start, line = 0, 0
    for group in order:
        n = outcome.counts[group]
        places = np.arange(start, start + n)
        marker, colour, size = _LOOK[group]
        ax.plot(places // ROWS, places % ROWS, marker, color=colour, markersize=size, label=f"{n} {GROUPS[group]}")
        start += n
        if group == 2:  # the last group with an alarm: the others begin in a column of their own, beyond the line
            line = -(-start // ROWS)
            start = (line + 1) * ROWS
    ax.plot([line, line], [-0.8, ROWS - 0.2], "k--", linewidth=1)
    ax.set(xlim=(-1, PEOPLE / ROWS + 2), ylim=(-1, ROWS), xticks=[], yticks=[], title=outcome.sentence)
    ax.set_xlabel("left of the dashed line: people with an alarm")
    ax.title.set_fontsize(10)
    ax.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
    for spine in ax.spines.values():
        spine.set_visible(False)
    return figure


def medical_test_explorer(ill: float = 0.01, found: float = 0.9, false_alarm: float = 0.09) -> Any:
    """Return the widget: three sliders, reachable by keyboard. Arguments as for `outcome_of`."""
    outcome_of(ill, found, false_alarm)  # refuses before a widget stands
    import ipywidgets

    from .explorer import Explorer, Shown

    def slider(value: float, description: str) -> Any:
        return ipywidgets.FloatSlider(
            value=100 * value, min=0, max=100, step=0.5, description=description, readout_format=".1f",
            continuous_update=False, style={"description_width": "14em"}, layout=ipywidgets.Layout(width="42em"),
        )  # fmt: skip

    sliders = (
        slider(ill, "ill, % of all people"),
        slider(found, "alarm, % of the ill"),
        slider(false_alarm, "alarm, % of the healthy"),
    )

    def show(**percent: float) -> Shown:
        outcome = outcome_of(*(value / 100 for value in percent.values()))
        return draw_people(outcome), outcome.sentence

    return Explorer(dict(zip(("ill", "found", "false_alarm"), sliders, strict=True)), show)
