"""Dead and saturated units over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ..history import History
from .style import look, short
from .view import View, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class UnitHealth(View):
    """shares (S, layers): units silent in the whole batch (rectifiers) or outputs on a flat end (sigmoid,
    tanh).

    Cures: "a dead unit will come back". Follow the line: without a gradient it does not.
    """

    how_to_read: ClassVar[str] = (
        "one line a layer. For ReLU: the share of units that gave 0 for every sample of that batch. For "
        "sigmoid and tanh: "
        "the share of outputs so close to their limits that less than 5 % of the gradient gets through."
    )

    names: tuple[str, ...]
    steps: np.ndarray
    shares: np.ndarray

    def draw(self, ax: Axes) -> None:
        if not self.names:
            say(ax, "Nothing to draw: no ReLU, sigmoid or tanh layer was recorded as a layer of its own.")
            return
        for j, name in enumerate(self.names):
            ax.plot(self.steps, self.shares[:, j], **look(j), label=short(name, 30))
        ax.set(xlabel="step", ylabel="share of units", title="Dead or saturated units", ylim=(-0.03, 1.03))
        ax.legend(fontsize=8)


def unit_health(history: History) -> UnitHealth:
    """Read the dead fraction of rectifiers and the saturated fraction of sigmoids and tanhs."""
    dead, flat = history["activation_dead"], history["activation_saturated"]
    names, columns = [], []
    for j, (name, kind) in enumerate(zip(history.layers, history.kinds, strict=True)):
        for table, word in ((dead, "dead"), (flat, "saturated")):
            if np.isfinite(table[:, j]).any():
                names.append(f"{name} {kind.lower()}: {word}" if kind else f"{name}: {word}")
                columns.append(table[:, j])
    shares = np.stack(columns, axis=1) if columns else np.empty((len(history), 0))
    return UnitHealth(tuple(names), history.steps, shares)
