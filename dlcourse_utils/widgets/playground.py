"""A playground for the learner's own network: `playground(mlp_loss_and_grads)`.

What a static figure cannot show: the same code on other data, with more or fewer units, at another learning rate.
Every setting replays the training from its start, so one slider at a time can be asked "and with twice the rate?"
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..errors import CourseError, did_you_mean
from .explorer import Explorer, Shown
from .network_figure import draw_network
from .toy_data import REACH, SETS, toy_data
from .training_path import LossAndGrads, Moment, Params, TrainingPath, mlp_logits, random_params
from .words import size

Forward = Callable[[np.ndarray, Params], np.ndarray]
LONGEST = 600
MARKS = ("o", "^")
FINE = 61  # points along each side of the surface


def probability(forward: Forward, x: np.ndarray, params: Params) -> np.ndarray:
    """Return the network's probability of class 1 at each point, (N,)."""
    with np.errstate(all="ignore"):
        logits = np.asarray(forward(x, params), dtype=float)
        return 1 / (1 + np.exp(logits[:, 0] - logits[:, 1]))


def words_at(moment: Moment, data: str, forward: Forward = mlp_logits) -> str:
    """The moment in words."""
    x, labels = toy_data(data)
    if not moment.finite:
        return f"At step {moment.step} the loss is no longer a finite number: the steps were too long. Lower the rate."
    right = float(((probability(forward, x, moment.params) > 0.5) == labels).mean())
    layer, largest = max(
        ((i, float(np.abs(dw).max())) for i, (dw, _) in enumerate(moment.grads, start=1)), key=lambda pair: pair[1]
    )
    words = (
        f"Step {moment.step} on the {data}: loss {moment.loss:.3f}, "
        f"{right:.0%} of the {len(x)} points on the right side."
    )
    if largest == 0:
        return f"{words} Every gradient of a weight is exactly 0: no weight will ever move again."
    return f"{words} The largest gradient of a weight is {size(largest)}, in layer {layer}."


def draw_moment(path: TrainingPath, step: int, data: str, forward: Forward = mlp_logits) -> Figure:
    """Draw the surface with the points, the network's weights and gradients on its edges, and the loss so far."""
    moment = path.at(step)
    x, labels = toy_data(data)
    figure = Figure(figsize=(11, 4.6), dpi=80, layout="constrained")
    grid = figure.add_gridspec(2, 3, width_ratios=[1.15, 1, 1], height_ratios=[1.5, 1])
    plane, left, right = figure.add_subplot(grid[:, 0]), figure.add_subplot(grid[0, 1]), figure.add_subplot(grid[0, 2])
    side = np.linspace(-REACH, REACH, FINE)
    points = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    surface = probability(forward, points, moment.params).reshape(FINE, FINE)
    if np.isfinite(surface).all():
        plane.contourf(side, side, surface, levels=np.linspace(0, 1, 11), cmap="PuOr_r", alpha=0.5)
        if surface.min() < 0.5 < surface.max():
            plane.contour(side, side, surface, levels=[0.5], colors="black", linewidths=1.5)
    for label, mark in enumerate(MARKS):
        plane.plot(
            *x[labels == label].T, mark, color=("#7b3fa0", "#c05a00")[label], markeredgecolor="white", markersize=5.5,
            linestyle="", label=f"class {label}",
        )  # fmt: skip
    plane.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal", xlabel="x1", ylabel="x2",
              title=f"Step {moment.step}: what the network believes")  # fmt: skip
    plane.legend(fontsize=8, loc="lower left", ncols=2)
    draw_network(left, moment.params, "weights")
    draw_network(right, moment.grads, "gradients dL/dw")
    below = figure.add_subplot(grid[1, 1:])
    losses = path.losses(step)
    below.plot(losses, color="0.3", linewidth=1.5)
    below.plot(len(losses) - 1, losses[-1], "D", color="black", markersize=5)
    below.axhline(np.log(2), color="0.6", linewidth=0.8, linestyle=":")
    below.set(xlabel="step (dotted: the loss of blind guessing, log 2)", ylabel="loss", xlim=(-1, max(step, 25) + 1),
              ylim=(0, max(1.0, 1.05 * float(np.nanmax(losses, initial=0, where=np.isfinite(losses))))))  # fmt: skip
    return figure


def playground(
    loss_and_grads: LossAndGrads, forward: Forward = mlp_logits, data: str = "moons", layers: int = 1, units: int = 4,
    lr: float = 0.3, step: int = 0,
) -> Explorer:  # fmt: skip
    """Return the widget: data, hidden layers, units, rate, start and step, with buttons for one step and for 25.

    loss_and_grads: (params, x, labels) → (loss, grads), exercise 03.mlp_loss_and_grads. forward: (x, params) → logits,
    exercise 02.mlp_forward; without it the package's own draws the surface. Raises CourseError for unknown data, and
    when the function returns something that is no loss with gradients; what it raises itself passes through.
    """
    import ipywidgets

    if data not in SETS:
        raise CourseError(f"There is no data set {data!r}.{did_you_mean(str(data), SETS)}")
    style, wide = {"description_width": "8em"}, ipywidgets.Layout(width="30em")

    def slider(kind: Any, value: float, text: str, **limits: Any) -> Any:
        return kind(value=value, description=text, style=style, layout=wide, **limits)

    controls = {
        "data": ipywidgets.Dropdown(options=list(SETS), value=data, description="data", style=style, layout=wide),
        "layers": slider(ipywidgets.IntSlider, layers, "hidden layers", min=0, max=3),
        "units": slider(ipywidgets.IntSlider, units, "units in each", min=1, max=8),
        "lr": slider(
            ipywidgets.FloatLogSlider, lr, "learning rate", base=10, min=-3, max=2, step=0.1, readout_format=".3g"
        ),
        "seed": slider(ipywidgets.IntSlider, 0, "random start", min=0, max=20),
        "step": slider(ipywidgets.IntSlider, step, "step", min=0, max=LONGEST),
    }
    one = ipywidgets.Button(description="1 step ▶", tooltip="take one step downhill")
    many = ipywidgets.Button(description="25 steps ▶▶", tooltip="take 25 steps downhill")
    anew = ipywidgets.Button(description="↺ from the start", tooltip="back to step 0")

    @lru_cache(maxsize=4)
    def path_of(data: str, layers: int, units: int, lr: float, seed: int) -> TrainingPath:
        return TrainingPath(loss_and_grads, random_params([2, *[units] * layers, 2], seed), *toy_data(data), lr)

    def show(step: int, data: str, **settings: Any) -> Shown:
        path = path_of(data, **settings)
        return draw_moment(path, step, data, forward), words_at(path.at(step), data, forward)

    def move(by: int) -> None:
        control = controls["step"]
        control.value = min(control.value + by, LONGEST) if by else 0

    for button, by in ((one, 1), (many, 25), (anew, 0)):
        button.on_click(lambda _, by=by: move(by))
    half = [ipywidgets.VBox([controls[name] for name in names])
            for names in (("data", "layers", "units"), ("lr", "seed", "step"))]  # fmt: skip
    widget = Explorer(controls, show, [ipywidgets.HBox(half), ipywidgets.HBox([one, many, anew])])
    widget.one, widget.many, widget.anew = one, many, anew
    return widget
