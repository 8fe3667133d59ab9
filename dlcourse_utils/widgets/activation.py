"""An activation and its slope under a slider: `activation_explorer()`.

What a static figure cannot show: the touching line turns as z moves, the point on the slope curve follows it, and
the sentence below says what is left of a signal after ten such layers. Everything that can be wrong is in pure
functions; the widget only carries values between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

NAMES = ("sigmoid", "tanh", "ReLU", "leaky ReLU")
REACH = 6.0  # the slider goes from -REACH to REACH
ALPHA = 0.1  # leaky ReLU's slope on the negative side, steep enough to be seen
LAYERS = 10


@dataclass(frozen=True)
class ActivationPoint:
    """An activation at one z: its value and its slope there, all without units."""

    name: str
    z: float
    value: float
    slope: float

    @property
    def after_layers(self) -> float:
        """What is left of a signal of size 1 that is multiplied by this slope once in each of ten layers."""
        return self.slope**LAYERS

    @property
    def sentence(self) -> str:
        """The point in words; it is shown below the figure and stands in for it where it cannot be seen."""
        return (
            f"{self.name} at z = {self.z:.1f}: value {self.value:.3f}, slope {self.slope:.3f}. "
            f"After {LAYERS} layers with this slope, {_in_words(self.after_layers)} of a signal is left."
        )


def value_of(name: str, z: np.ndarray) -> np.ndarray:
    """Return the activation of every element of z. Raises KeyError for an unknown name."""
    z = np.asarray(z, dtype=float)
    values = {
        "sigmoid": lambda: 0.5 * (1 + np.tanh(z / 2)),
        "tanh": lambda: np.tanh(z),
        "ReLU": lambda: np.maximum(z, 0.0),
        "leaky ReLU": lambda: np.where(z > 0, z, ALPHA * z),
    }
    return values[name]()


def slope_of(name: str, z: np.ndarray) -> np.ndarray:
    """Return the derivative at every element of z; at a kink, the slope of the left side."""
    z = np.asarray(z, dtype=float)
    slopes = {
        "sigmoid": lambda: value_of("sigmoid", z) * value_of("sigmoid", -z),
        "tanh": lambda: 1 - np.tanh(z) ** 2,
        "ReLU": lambda: np.where(z > 0, 1.0, 0.0),
        "leaky ReLU": lambda: np.where(z > 0, 1.0, ALPHA),
    }
    return slopes[name]()


def activation_at(name: str, z: float) -> ActivationPoint:
    """Return an activation's value and slope at one z."""
    at = np.array(z, dtype=float)
    return ActivationPoint(name, float(z), float(value_of(name, at)), float(slope_of(name, at)))


def draw_activation(name: str, z: float) -> Figure:
    """Draw the activation with the line that touches it at z, and below it the slope for every z."""
    point = activation_at(name, z)
    grid = np.linspace(-REACH, REACH, 601)
    values = value_of(name, grid)
    figure = Figure(figsize=(7, 4.4), dpi=80, layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])

    upper.plot(grid, values, "k", linewidth=2, label=name)
    upper.plot(grid, point.value + point.slope * (grid - z), "--", color="C1", label=f"slope {point.slope:.3f}")
    upper.plot(z, point.value, "o", color="C1", markersize=9)
    room = 0.25 * (values.max() - values.min())
    upper.set(ylim=(values.min() - room, values.max() + room), ylabel="activation", title=f"{name} at z = {z:.1f}")
    upper.legend(loc="upper left")

    lower.plot(grid, slope_of(name, grid), "k:", linewidth=2)
    lower.plot(z, point.slope, "o", color="C1", markersize=9)
    lower.axvline(z, color="C1", linewidth=0.8)
    lower.set(ylim=(-0.1, 1.15), xlabel="z, the neuron's score", ylabel="slope at z")
    for axes in (upper, lower):
        axes.grid(alpha=0.3)
    return figure


def activation_explorer(name: str = "sigmoid", z: float = 2.0) -> Any:
    """Return the widget: a choice of activation and a slider for z, both reachable by keyboard.

    name: one of NAMES. z: where the slider starts, between -6 and 6. Raises ValueError for anything else.
    """
    if name not in NAMES:
        raise ValueError(f"there is no activation {name!r} here; choose one of {', '.join(NAMES)}")
    if not -REACH <= z <= REACH:
        raise ValueError(f"z should lie between {-REACH:g} and {REACH:g}, not at {z:g}")
    import ipywidgets

    from .explorer import Explorer, Shown

    style = {"description_width": "6em"}
    choice = ipywidgets.Dropdown(options=NAMES, value=name, description="activation", style=style)
    slider = ipywidgets.FloatSlider(
        value=z, min=-REACH, max=REACH, step=0.1, description="z", readout_format=".1f", style=style,
        layout=ipywidgets.Layout(width="36em"),
    )

    def show(name: str, z: float) -> Shown:
        return draw_activation(name, z), activation_at(name, z).sentence

    return Explorer({"name": choice, "z": slider}, show)


def _in_words(share: float) -> str:
    if share == 0:
        return "nothing"
    if share > 0.999:
        return "all"
    return f"{share:.0%}" if share >= 0.01 else f"{share:.0e}".replace("e-0", "e-")
