"""An activation function with its derivative, over the inputs that really arrive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ...errors import CourseError, did_you_mean
from .style import BLUE, GREY, RED
from .view import View

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FLAT = 0.05


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(0.5 * z))


FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    "softplus": lambda z: np.logaddexp(0, z),
    "swish": lambda z: z * _sigmoid(z),
}


@dataclass(frozen=True, eq=False)
class ActivationCurve(View):
    """z (M,), its value and slope (M,); samples: the pre-activations seen, any shape, or None.

    flat         fraction of the samples at which less than 5 % of the largest slope is left, or None
    dead_units   for samples (N, units): fraction of units that are flat for every sample, or None

    Cures: "ReLU kills half my network". Half of the *inputs* of a healthy ReLU get no gradient; a unit is
    dead only when that holds for every sample of the data.
    """

    how_to_read: ClassVar[str] = (
        "the solid line is the output, the dashed one the slope that multiplies the gradient on its way "
        "back. Bars show "
        "where your inputs lie; those in the hatched region pass on almost nothing."
    )

    name: str
    z: np.ndarray
    value: np.ndarray
    slope: np.ndarray
    samples: np.ndarray | None = None
    flat: float | None = None
    dead_units: float | None = None

    def draw(self, ax: Axes) -> None:
        low, high = min(self.value.min(), self.slope.min(), 0.0), max(self.value.max(), self.slope.max())
        top = high + 0.08 * (high - low)
        still = np.abs(self.slope) < _FLAT * np.abs(self.slope).max()
        ax.fill_between(
            self.z, low, top, where=still, facecolor="none", edgecolor="#bbbbbb", hatch="//", linewidth=0,
            label="slope below 5 % of its largest",
        )  # fmt: skip
        if self.samples is not None and self.samples.size:
            inside = np.clip(self.samples.reshape(-1), self.z[0], self.z[-1])
            counts, edges = np.histogram(inside, bins=48, range=(self.z[0], self.z[-1]))
            heights = counts / max(counts.max(), 1) * 0.3 * (top - low)
            ax.bar(
                edges[:-1],
                heights,
                np.diff(edges),
                bottom=low,
                align="edge",
                color=GREY,
                alpha=0.5,
                label="your inputs",
            )
        ax.plot(self.z, self.value, color=BLUE, label=f"{self.name}(z)")
        ax.plot(self.z, self.slope, color=RED, linestyle="--", label="its slope")
        ax.axhline(0, color="black", linewidth=0.6)
        ax.set(xlabel="z, the input of the activation", ylabel="output and slope", title=self._title())
        ax.set_xlim(self.z[0], self.z[-1])
        ax.set_ylim(low - 0.02 * (top - low), top)
        ax.legend(loc="upper left", fontsize=8)

    def _title(self) -> str:
        if self.flat is None:
            return f"{self.name} and its slope"
        dead = "" if self.dead_units is None else f"; {self.dead_units:.0%} of units are flat for all"
        return f"{self.name}: {self.flat:.0%} of the inputs are on a flat part{dead}"


def activation_curve(
    function: str | Callable[[np.ndarray], Any],
    samples: Any = None,
    low: float = -6.0,
    high: float = 6.0,
) -> ActivationCurve:
    """Compute value and slope of an activation on [low, high].

    function   one of the names in FUNCTIONS, or your own function of an array
    samples    pre-activations that your network computed, such as (N, units); samples outside count at the
               edge
    The slope is a central difference. Raises CourseError for an unknown name.
    """
    if callable(function):
        name, f = getattr(function, "__name__", "your function"), function
    elif function in FUNCTIONS:
        name, f = function, FUNCTIONS[function]
    else:
        raise CourseError(f"No activation is called {function!r}." + did_you_mean(str(function), FUNCTIONS))
    z = np.linspace(low, high, 601)
    slope = _slope(f, z)
    if samples is None:
        return ActivationCurve(name, z, np.asarray(f(z), dtype=float), slope)
    seen = np.asarray(samples, dtype=float)
    at = np.abs(_slope(f, seen)) < _FLAT * np.abs(slope).max()
    dead = float(at.reshape(at.shape[0], -1).all(axis=0).mean()) if at.ndim >= 2 and at.size else None
    flat = float(at.mean()) if at.size else None
    return ActivationCurve(name, z, np.asarray(f(z), dtype=float), slope, seen, flat, dead)


def _slope(f: Callable[[np.ndarray], Any], z: np.ndarray, step: float = 1e-4) -> np.ndarray:
    return (np.asarray(f(z + step), dtype=float) - np.asarray(f(z - step), dtype=float)) / (2 * step)
