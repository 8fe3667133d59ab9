"""What each loss sends into each model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ..history import History
from .style import look
from .view import View, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class GradientByLoss(View):
    """norms (S, series): length of the gradient that one tagged loss sends into one model's parameters.

    Cures: "the two halves of the loss weigh the same, because both are averages". Their gradients may differ
    a hundredfold.
    """

    how_to_read: ClassVar[str] = (
        "one line for each loss that was tagged with rec.loss(…) and each model it reached; the higher line "
        "decides where "
        "the step goes. A generator whose line falls away is being starved."
    )

    names: tuple[str, ...]
    steps: np.ndarray
    norms: np.ndarray

    def draw(self, ax: Axes) -> None:
        if not self.names:
            say(ax, 'Nothing to draw: no backward pass ran inside a "with rec.loss(…):" block.')
            return
        for j, name in enumerate(self.names):
            seen = np.isfinite(self.norms[:, j]) & (self.norms[:, j] > 0)
            ax.plot(self.steps[seen], self.norms[seen, j], **look(j), label=name)
        if (self.norms[np.isfinite(self.norms)] > 0).any():
            ax.set_yscale("log")
        ax.set(xlabel="step", ylabel="length of the gradient", title="Gradient by loss and model")
        ax.legend(fontsize=8)


def gradient_by_loss(history: History) -> GradientByLoss:
    """Add up each tag's squared norms over each model's parameters."""
    names, columns = [], []
    for t, tag in enumerate(history.tags):
        for model in dict.fromkeys(history.param_models):
            mine = [j for j, m in enumerate(history.param_models) if m == model]
            norms = history.of_tags[:, t, mine]
            seen = ~np.isnan(norms).all(axis=1)
            if seen.any():
                names.append(f"{tag} → {model}" if model else tag)
                columns.append(np.where(seen, np.sqrt(np.nansum(norms**2, axis=1)), np.nan))
    return GradientByLoss(
        tuple(names), history.steps, np.stack(columns, axis=1) if columns else np.empty((len(history), 0))
    )
