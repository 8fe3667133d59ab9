"""A recorded training run under one slider, all pictures on the same step: `time_scrubber(rec.history)`.

What separate figures cannot show: what happened *at the same time*. The step at which the loss stalls is the step at
which the first layer's boxes sink, and the words name what `diagnose` says about the last few samples.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..errors import CourseError, did_you_mean
from ..gradients.history import History
from ..gradients.views.flow import gradient_flow
from ..gradients.views.over_time import histogram_over_time
from ..gradients.views.style import RED
from ..gradients.views.update_ratio import update_ratio
from ..gradients.views.view import say
from .explorer import Explorer, Shown

MOST_FINDINGS = 2
RECENT = 6  # sampled steps that the words judge: long enough for a pattern, short enough for a sudden death


def draw_moment(history: History, sample: int, name: str | None = None) -> Figure:
    """Draw the run with one sampled step marked in every panel.

    sample: row of the history, 0 … len − 1. name: the parameter whose histogram is shown (default: the first weight).
    """
    figure = Figure(figsize=(11, 6.6), dpi=75, layout="constrained")
    (loss, flow), (histogram, ratio) = figure.subplots(2, 2)
    step = int(history.steps[sample])
    _draw_loss(loss, history, sample)
    flow_now = gradient_flow(history, [step])
    flow_now.draw(flow)
    everything = history["grad_quantiles"][:, history.weights]
    sizes = everything[np.isfinite(everything) & (everything > 0)]
    if flow.get_yscale() == "log" and sizes.size:
        flow.set_ylim(sizes.min() / 2, sizes.max() * 2)  # the same at every step, so that boxes are seen to move
    histogram_over_time(history, name).draw(histogram)
    update_ratio(history).draw(ratio)
    span = max(int(history.steps[-1] - history.steps[0]), 1)
    for ax in (loss, histogram, ratio):
        if not ax.lines:
            continue  # it only says that there is nothing to draw
        ax.axvline(step, color=RED, linestyle="--", linewidth=1.5)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        if ax is not histogram:
            ax.set_xlim(history.steps[0] - 0.03 * span, history.steps[-1] + 0.03 * span)
    for ax in figure.axes:
        ax.minorticks_off()  # on four log axes they are half of the drawing time
    return figure


def _draw_loss(ax: Any, history: History, sample: int) -> None:
    values = history.scalars.get("loss")
    if values is None or not np.isfinite(values).any():
        total = np.sqrt(np.nansum(history["grad_norm"] ** 2, axis=1))
        if not (total > 0).any():
            say(ax, "Neither a loss nor a gradient was recorded.")
            return
        values, what = total, "norm of the whole gradient"
    else:
        what = "loss"
    ax.plot(history.steps, values, color="0.3", marker="." if len(history) < 60 else "", linewidth=1.2)
    ax.plot(history.steps[sample], values[sample], "D", color=RED, markersize=7)
    positive = values[np.isfinite(values)]
    if positive.size and positive.min() > 0 and positive.max() > 20 * positive.min():
        ax.set_yscale("log")
    ax.set(title=f"Step {history.steps[sample]}", xlabel="step", ylabel=what)


def words_at(history: History, sample: int) -> str:
    """The moment in words, with what `diagnose` says about the last few samples."""
    words = f"Step {history.steps[sample]}, sample {sample + 1} of {len(history)}."
    losses = history.scalars.get("loss")
    if losses is not None and np.isfinite(losses[sample]):
        first = int(np.flatnonzero(np.isfinite(losses))[0])
        words += f" Loss {losses[sample]:.3g}" + (f" ({losses[first]:.3g} at the start)." if sample > first else ".")
    columns = history.weights
    medians = history["grad_quantiles"][sample, columns, 2] if columns else np.empty(0)
    if np.isfinite(medians).any():
        low, high = int(np.nanargmin(medians)), int(np.nanargmax(medians))
        names = [history.params[j] for j in columns]
        if low == high:
            words += f" Typical gradient: {medians[low]:.1e} in {names[low]}."
        else:
            words += f" Typical gradient: smallest in {names[low]} ({medians[low]:.1e})"
            words += f", largest in {names[high]} ({medians[high]:.1e})."
    else:
        words += " Every gradient of a weight is missing, not finite or exactly 0 here."
    recent = history.between(max(sample + 1 - RECENT, 0), sample + 1)
    found = recent.diagnose()
    here = " Of this sample" if len(recent) == 1 else f" Of the last {len(recent)} samples"
    if not found:
        return words + f"{here} diagnose() has nothing to say."
    said = [f"{f.kind}{f' in {f.layer}' if f.layer else ''}" for f in found]
    more = f" and {len(said) - MOST_FINDINGS} more" if len(said) > MOST_FINDINGS else ""
    return words + f"{here} diagnose() says: {'; '.join(said[:MOST_FINDINGS])}{more}."


def time_scrubber(history: History, sample: int = 0, name: str | None = None) -> Explorer:
    """Return the widget: a slider over the sampled steps, a play button, and the parameter of the histogram.

    Its state is {"sample": row, "name": parameter}. Raises CourseError for an empty history or an unknown name.
    """
    import ipywidgets

    from .player import player

    if not isinstance(history, History):
        raise CourseError("time_scrubber takes a history: rec.history, or History.load(path).")
    if len(history) and not history.params:
        raise CourseError("This history holds steps, but no parameters: there is no gradient to show.")
    if not len(history):
        raise CourseError("This history is empty: no step was sampled. Is `every` larger than the number of steps?")
    if name is not None and name not in history.params:
        raise CourseError(f"This history has no {name!r}.{did_you_mean(name, history.params)}")
    last = len(history) - 1
    style, wide = {"description_width": "6em"}, ipywidgets.Layout(width="34em")
    slider = ipywidgets.IntSlider(
        value=min(max(sample, 0), last), min=0, max=last, description="sample", style=style, layout=wide
    )
    first = history.params[history.weights[0]] if history.weights else history.params[0]
    choice = ipywidgets.Dropdown(
        options=list(history.params), value=name or first, description="histogram", style=style, layout=wide
    )

    def show(sample: int, name: str) -> Shown:
        return draw_moment(history, sample, name), words_at(history, sample)

    walk = ipywidgets.HBox([player(slider, what="training"), slider])
    return Explorer({"sample": slider, "name": choice}, show, [walk, choice])
