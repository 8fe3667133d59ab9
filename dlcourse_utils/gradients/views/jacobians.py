"""Why depth multiplies: singular values of the product of the layers' Jacobians."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ...errors import CourseError
from .style import BLUE, GREY, RED
from .view import View

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class JacobianProduct(View):
    """largest, middle, smallest (depth,): singular values of J_d … J_2 J_1 for d = 1 … depth.

    middle is the root mean square singular value: the factor by which a random gradient grows on average.

    Cures: "gradients vanish because sigmoids are bad". They vanish when the product of many matrices shrinks;
    any layer whose typical factor is below 1 does it, and one above 1 makes them explode.
    """

    how_to_read: ClassVar[str] = (
        "after d layers a gradient is multiplied by something between the lower and the upper line, on "
        "average by the "
        "middle one. A straight line on this log axis is the same factor at every layer; level means the "
        "gradient survives."
    )

    largest: np.ndarray
    middle: np.ndarray
    smallest: np.ndarray

    def draw(self, ax: Axes) -> None:
        from matplotlib.ticker import MaxNLocator

        depth = np.arange(1, self.largest.size + 1)
        positive = self.middle[self.middle > 0]
        floor = float(positive.min()) * 1e-4 if positive.size else 1e-12
        shown = np.where(self.smallest > floor, self.smallest, np.nan)  # below it is rounding
        ax.fill_between(depth, np.nan_to_num(shown, nan=floor), np.maximum(self.largest, floor), color="#e4e4e4")
        ax.plot(
            depth, self.largest, color=RED, linestyle="--", marker="^", markersize=4, label="most stretched direction"
        )
        ax.plot(depth, self.middle, color=BLUE, marker="o", markersize=4, label="average direction")
        ax.plot(depth, shown, color=GREY, linestyle=":", marker="v", markersize=4, label="most shrunk direction")
        ax.axhline(1, color="black", linewidth=0.8)
        ax.set_yscale("log")
        ax.set_ylim(floor, max(float(self.largest.max()), 1.0) * 5)
        factor = (self.middle[-1] / self.middle[0]) ** (1 / max(self.middle.size - 1, 1)) if self.middle[0] > 0 else 0.0
        ax.set(
            xlabel="layers multiplied", ylabel="factor on the gradient",
            title=f"Product of Jacobians: about ×{factor:.2g} a layer",
        )  # fmt: skip
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.legend(fontsize=8)


def jacobian_product(jacobians: Sequence[Any]) -> JacobianProduct:
    """Multiply the layers' Jacobians, first layer first: each (out, in), and out of one is in of the next.

    Raises CourseError when there are none or their shapes do not chain.
    """
    if not len(jacobians):
        raise CourseError("jacobian_product needs at least one Jacobian.")
    product, values = None, []
    for i, jacobian in enumerate(jacobians):
        j = np.asarray(jacobian, dtype=float)
        if j.ndim != 2 or (product is not None and j.shape[1] != product.shape[0]):
            before = "" if product is None else f" after one with {product.shape[0]} rows"
            raise CourseError(f"Jacobian {i} has shape {j.shape}{before}; (out, in) was expected.")
        product = j if product is None else j @ product
        singular = np.linalg.svd(product, compute_uv=False)
        values.append((singular[0], np.sqrt(np.mean(singular**2)), singular[-1]))
    return JacobianProduct(*np.asarray(values).T)


def layer_jacobians(
    depth: int = 20, width: int = 64, gain: float = 1.0, activation: str = "tanh", seed: int = 0
) -> list[np.ndarray]:
    """Return the Jacobians diag(f′(z)) Wᵀ of a random network at a random input, for trying gains and
    activations.

    Weights have standard deviation gain / √width; activation is "tanh", "relu", "sigmoid" or "linear".
    """
    from .by_initialisation import PAIRS

    if activation not in PAIRS:
        raise CourseError(f"No activation is called {activation!r}; choose from {', '.join(PAIRS)}.")
    f, slope = PAIRS[activation]
    rng = np.random.default_rng(seed)
    x, out = rng.normal(size=width), []
    for _ in range(depth):
        w = rng.normal(size=(width, width)) * gain / width**0.5
        z = x @ w
        out.append(slope(z)[:, None] * w.T)
        x = f(z)
    return out
