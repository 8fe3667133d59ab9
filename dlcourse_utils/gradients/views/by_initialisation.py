"""What happens to signals and gradients in a deep network before the first step, by initialisation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ...errors import CourseError, did_you_mean
from ..magnitudes import LOG10_EDGES, magnitudes
from .style import AMOUNT, RED
from .view import View, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Pair = tuple[Callable[[np.ndarray], np.ndarray], Callable[[np.ndarray], np.ndarray]]

# an activation and its slope
PAIRS: dict[str, Pair] = {
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "sigmoid": (lambda z: 0.5 * (1 + np.tanh(z / 2)), lambda z: 0.25 * (1 - np.tanh(z / 2) ** 2)),
    "linear": (lambda z: z, np.ones_like),
}

SCHEMES = {"std 0.01": lambda n: 0.01, "Xavier": lambda n: (1 / n) ** 0.5, "He": lambda n: (2 / n) ** 0.5}
"""Standard deviation of the weights of a layer with as many inputs as outputs, n."""


@dataclass(frozen=True, eq=False)
class SignalsByInitialisation(View):
    """Histograms of log10 sizes: activations and gradients (schemes, layers, bins), medians (schemes,
    layers).

    Cures: "random is random". The scale of the random numbers decides whether anything arrives at the other
    end.
    """

    how_to_read: ClassVar[str] = (
        "one column of panels an initialisation; the upper row is what goes forward, the lower what comes "
        "back. Each "
        "column of a panel is one layer's histogram on a log scale (darker: more values), the line its "
        "median. A level "
        "line is what you want."
    )
    size: ClassVar[tuple[float, float]] = (8.0, 5.0)

    activation: str
    schemes: tuple[str, ...]
    edges: np.ndarray
    activations: np.ndarray
    gradients: np.ndarray
    median_activations: np.ndarray
    median_gradients: np.ndarray

    def draw(self, ax: Axes) -> None:
        from matplotlib.ticker import MaxNLocator

        ax.set_title(f"Signals through {self.activations.shape[1]} {self.activation} layers, by initialisation", pad=22)
        grid = panels(ax, 2, len(self.schemes), gap=(0.08, 0.12))
        parts = (
            (self.activations, self.median_activations, "activation"),
            (self.gradients, self.median_gradients, "gradient"),
        )
        for row, (shares, medians, word) in zip(grid, parts, strict=True):
            used = np.flatnonzero(shares.max(axis=(0, 1)) > 0.02)
            low, high = 10.0 ** self.edges[used[0]], 10.0 ** self.edges[used[-1] + 1]
            layers = np.arange(1, shares.shape[1] + 1)
            for panel, name, share, median in zip(row, self.schemes, shares, medians, strict=True):
                sides = np.arange(shares.shape[1] + 1) + 0.5
                panel.pcolormesh(sides, 10.0**self.edges, share.T, cmap=AMOUNT, vmin=0, rasterized=True)
                panel.plot(layers, median, color=RED, marker=".", linewidth=1)
                panel.set_yscale("log")
                panel.set_ylim(low, high)
                panel.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, min_n_ticks=1))
                if row is grid[0]:
                    panel.set_title(name, fontsize=10)
                    panel.tick_params(labelbottom=False)
                else:
                    panel.set_xlabel("layer")
                if panel is row[0]:
                    panel.set_ylabel(f"size of {'an ' if word[0] == 'a' else 'a '}{word}")
                else:
                    panel.tick_params(labelleft=False)


def signals_by_initialisation(
    activation: str = "tanh",
    depth: int = 10,
    width: int = 128,
    samples: int = 64,
    schemes: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> SignalsByInitialisation:
    """Send random data forward and a random gradient back through `depth` layers of (width, width) weights.

    schemes   name → standard deviation, or a function of the width; default: `SCHEMES`
    The gradient that enters at the top has standard deviation 1. Raises CourseError for an unknown
    activation.
    """
    if activation not in PAIRS:
        raise CourseError(f"No activation is called {activation!r}." + did_you_mean(str(activation), PAIRS))
    if depth < 1 or width < 1 or samples < 1:
        raise CourseError("depth, width and samples must be at least 1.")
    f, slope = PAIRS[activation]
    chosen: Mapping[str, Any] = SCHEMES if schemes is None else schemes
    tables: list[list[list[Any]]] = [[], []]
    for scale in chosen.values():
        rng = np.random.default_rng(seed)  # the same draws for each scheme: only their scale differs
        std = scale(width) if callable(scale) else float(scale)
        weights = [rng.normal(size=(width, width)) * std for _ in range(depth)]
        x, zs, outs = rng.normal(size=(samples, width)), [], []
        for w in weights:
            zs.append(x @ w)
            x = f(zs[-1])
            outs.append(x)
        back, grads = rng.normal(size=x.shape), []
        for w, z in zip(weights[::-1], zs[::-1], strict=True):
            grads.append(back)
            back = (back * slope(z)) @ w.T
        tables[0].append([magnitudes(a) for a in outs])
        tables[1].append([magnitudes(g) for g in grads[::-1]])
    shares = [np.asarray([[m.histogram for m in row] for row in table]) for table in tables]
    medians = [np.asarray([[m.quantiles[2] for m in row] for row in table]) for table in tables]
    return SignalsByInitialisation(activation, tuple(chosen), LOG10_EDGES, *shares, *medians)
