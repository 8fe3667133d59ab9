"""Does anything arrive at the other end? Depth × activation × initialisation under sliders: `vanishing_lab()`.

What a static figure cannot show: how narrow the passage is. A factor of 1.2 on the weights is nothing in one layer and
everything in thirty. The numbers come from `gradients.signals_by_initialisation`; here is only what is asked of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..errors import CourseError, did_you_mean
from ..gradients.views.by_initialisation import PAIRS, SCHEMES, SignalsByInitialisation, signals_by_initialisation
from ..gradients.views.style import AMOUNT, GREY, RED
from .explorer import Explorer, Shown
from .words import size

WIDTH, SAMPLES, DEEPEST = 64, 64, 50
INITIALISATIONS: dict[str, Any] = {**SCHEMES, "std 1": lambda n: 1.0}


@dataclass(frozen=True, eq=False)
class Passage:
    """A network of `depth` layers before its first step, with weights of one initialisation times `factor`.

    forward, backward (depth,): typical (median non-zero) size of the activations and of dL/d(activation) after each
    layer; NaN where all are exactly 0. signals holds the histograms; index 0 is the chosen initialisation.
    """

    scheme: str
    factor: float
    signals: SignalsByInitialisation

    @property
    def forward(self) -> np.ndarray:
        return self.signals.median_activations[0]

    @property
    def backward(self) -> np.ndarray:
        return self.signals.median_gradients[0]

    @property
    def per_layer(self) -> float:
        """By how much an average layer multiplies the gradient on its way back; NaN for one layer."""
        if len(self.backward) < 2:
            return float("nan")
        return float((self.backward[0] / self.backward[-1]) ** (1 / (len(self.backward) - 1)))

    @property
    def sentence(self) -> str:
        """The passage in words."""
        depth, name = len(self.forward), self.signals.activation
        layers = f"{depth} {name} layer{'s' * (depth > 1)}"
        times = "" if abs(self.factor - 1) < 1e-9 else f" × {self.factor:.2f}"
        words = f"{layers}, {self.scheme}{times}. "
        out = self.forward[-1]
        words += f"Forward: the typical activation is {size(self.forward[0])} after the first layer"
        words += f" and {size(out)} after the last. " if depth > 1 else ". "
        if depth == 1:
            return words + "With one layer there is no way back to speak of; add some."
        if not np.isfinite(self.per_layer):
            return words + "Backward: nothing arrives at the first layer, its gradient is exactly 0."
        left = float(self.backward[0] / self.backward[-1])
        fate = "it vanishes" if left < 1e-2 else "it explodes" if left > 1e2 else "it stays alive"
        return words + (
            f"Backward: each layer multiplies the gradient by about {self.per_layer:.2f}; the first layer gets "
            f"{size(left)} of what the last one gets: {fate}."
        )


def passage(depth: int = 10, activation: str = "tanh", scheme: str = "Xavier", factor: float = 1.0) -> Passage:
    """Send data forward and a gradient back through a fresh network of (64, 64) layers, always with the same draws.

    scheme: a key of INITIALISATIONS; its standard deviation is multiplied by `factor`. The other schemes are computed
    beside it, without the factor. Raises CourseError for unknown names, a depth beyond 1 … 50, a factor not above 0.
    """
    if scheme not in INITIALISATIONS:
        raise CourseError(f"No initialisation is called {scheme!r}.{did_you_mean(str(scheme), INITIALISATIONS)}")
    if not 1 <= depth <= DEEPEST:
        raise CourseError(f"The lab goes from 1 to {DEEPEST} layers, not to {depth}.")
    if not factor > 0:
        raise CourseError(f"The factor multiplies a standard deviation; it must be above 0, not {factor}.")
    chosen = INITIALISATIONS[scheme](WIDTH) * factor
    others = {name: std for name, std in INITIALISATIONS.items() if name != scheme}
    with np.errstate(over="ignore", invalid="ignore"):
        signals = signals_by_initialisation(activation, depth, WIDTH, SAMPLES, {"chosen": chosen, **others})
    return Passage(scheme, factor, signals)


def draw_passage(p: Passage) -> Figure:
    """Draw the sizes layer by layer: what goes forward on the left, what comes back on the right."""
    figure = Figure(figsize=(9.5, 3.9), dpi=80, layout="constrained")
    s, depth = p.signals, len(p.forward)
    layers = np.arange(1, depth + 1)
    edges = 10.0 ** s.edges[1:-1]  # the outermost bins gather what lies beyond; the words tell about that
    for ax, shares, medians, title in (
        (figure.add_subplot(121), s.activations, s.median_activations, "Forward →  activations"),
        (figure.add_subplot(122), s.gradients, s.median_gradients, "Backward ←  gradients"),
    ):
        sides = np.arange(depth + 1) + 0.5
        ax.pcolormesh(sides, edges, shares[0, :, 1:-1].T, cmap=AMOUNT, vmin=0, vmax=0.35, rasterized=True)
        low = max(np.nanmin(medians[0], initial=1e-2) / 30, edges[0])
        high = min(np.nanmax(medians[0], initial=1.0) * 30, edges[-1])
        for i, (name, line) in enumerate(zip(s.schemes[1:], medians[1:], strict=True)):
            ax.plot(layers, line, color=GREY, linewidth=1, linestyle=("--", "-.", ":")[i % 3], label=name)
        times = "" if p.factor == 1 else f" × {p.factor:.2f}"
        ax.plot(layers, medians[0], color=RED, marker=".", linewidth=2, label=f"{p.scheme}{times}")
        ax.set(yscale="log", ylim=(low, high), xlim=(0.5, depth + 0.5), xlabel="layer", title=title)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    left, right = figure.axes
    left.set_ylabel("size of an element")
    right.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1), title="typical size")
    return figure


def vanishing_lab(
    depth: int = 10, activation: str = "tanh", scheme: str = "std 0.01", factor: float = 1.0
) -> Explorer:
    """Return the widget: depth, activation, initialisation and a factor on it, all reachable by keyboard.

    Raises CourseError for what `passage` refuses.
    """
    import ipywidgets

    passage(depth, activation, scheme, factor)  # refuses before a widget stands
    style, wide = {"description_width": "8em"}, ipywidgets.Layout(width="36em")
    controls = {
        "depth": ipywidgets.IntSlider(
            value=depth, min=1, max=DEEPEST, description="depth, layers", style=style, layout=wide
        ),
        "activation": ipywidgets.Dropdown(
            options=list(PAIRS), value=activation, description="activation", style=style, layout=wide
        ),
        "scheme": ipywidgets.Dropdown(
            options=list(INITIALISATIONS), value=scheme, description="initialisation", style=style, layout=wide
        ),
        "factor": ipywidgets.FloatLogSlider(
            value=factor, base=2, min=-2, max=2, step=0.05, description="weights ×", readout_format=".2f",
            style=style, layout=wide,
        ),
    }  # fmt: skip

    def show(**values: Any) -> Shown:
        found = passage(**values)
        return draw_passage(found), found.sentence

    return Explorer(controls, show)
