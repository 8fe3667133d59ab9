"""How far each step moves the weights, relative to the weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ..diagnosis.updates import BAND, ratios
from ..history import History
from .style import look, short
from .view import View, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST = 8


@dataclass(frozen=True, eq=False)
class UpdateRatio(View):
    """ratios (S, weights): ‖update‖ / ‖weights‖ of each weight matrix at each sampled step.

    Cures: "the learning rate is 0.001, so steps are small". What counts is the step beside the weight it
    changes, and that differs from layer to layer and from optimizer to optimizer.
    """

    how_to_read: ClassVar[str] = (
        "one line a weight matrix. Around 10⁻³ (in the grey band) a step changes the third digit of the "
        "weights, which "
        "is usual; far above, training shakes; far below, the layer hardly learns. The band is a rule of "
        "thumb."
    )

    names: tuple[str, ...]
    steps: np.ndarray
    ratios: np.ndarray

    def draw(self, ax: Axes) -> None:
        drawn = self.ratios[np.isfinite(self.ratios) & (self.ratios > 0)]
        if not drawn.size:
            say(ax, "Nothing to draw: no sampled step changed a weight.")
            return
        ax.axhspan(*BAND, facecolor="#e8e8e8", label="usual band")
        for j, name in enumerate(self.names):
            seen = np.isfinite(self.ratios[:, j]) & (self.ratios[:, j] > 0)
            label = short(name) if j < _MOST - 1 or len(self.names) <= _MOST else None
            ax.plot(self.steps[seen], self.ratios[seen, j], **look(j), label=label)
        if len(self.names) > _MOST:
            ax.plot([], [], " ", label=f"… and {len(self.names) - _MOST + 1} more")
        ax.set_yscale("log")
        ax.set_ylim(min(drawn.min() / 2, BAND[0] / 3), max(drawn.max() * 2, BAND[1] * 3))
        ax.set(xlabel="step", ylabel="‖update‖ / ‖weights‖", title="Update / weight ratio")
        ax.legend(fontsize=7, loc="center left", bbox_to_anchor=(1.01, 0.5))


def update_ratio(history: History) -> UpdateRatio:
    """Read the ratios of all weight matrices and kernels; biases start at 0 and are left out."""
    table = ratios(history)
    columns = [j for j in history.weights if np.isfinite(table[:, j]).any()]
    return UpdateRatio(tuple(history.params[j] for j in columns), history.steps, table[:, columns])
