"""How much of the gradient reaches each earlier time step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from .style import look
from .view import View

if TYPE_CHECKING:
    import torch
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class GradientThroughTime(View):
    """norms: name → (T,) length of dL/dh_t, over the batch, for t = 0 … T − 1.

    Cures: "an LSTM has no vanishing gradient", and "an RNN's gradient is zero before the last step", which is
    only what a hook on the fused layer's output sees.
    """

    how_to_read: ClassVar[str] = (
        "the loss sits at the right end. Follow a line to the left: its height is what is left of the "
        "gradient that many "
        "steps earlier. A straight line on this log axis is a constant factor a step."
    )

    norms: Mapping[str, np.ndarray]

    def draw(self, ax: Axes) -> None:
        floor = 1e-300
        for i, (name, norms) in enumerate(self.norms.items()):
            steps = np.arange(len(norms))
            positive = norms > floor
            every = max(len(norms) // 20, 1)
            ratio = norms[0] / norms[-1] if norms[-1] > 0 else np.nan
            label = f"{name}: {ratio:.0e} of it reaches step 0" if np.isfinite(ratio) else name
            ax.plot(steps[positive], norms[positive], **look(i), markevery=every, label=label)
        ax.set_yscale("log")
        ax.set(
            xlabel="time step t (the loss is at the last one)",
            ylabel="‖dL/dh at step t‖",
            title="Gradient through time",
        )
        ax.legend(fontsize=8)


def through_time(
    layers: Mapping[str, torch.nn.RNNBase],
    x: torch.Tensor,
    loss: Callable[[torch.Tensor], torch.Tensor] | None = None,
) -> GradientThroughTime:
    """Send a loss back through recurrent layers, step by step, with their own weights.

    x      (N, T, D), or (T, N, D) for layers without batch_first
    loss   of the output (in the layer's layout); default: the sum over the last step
    Parameters' .grad stays as it is. Of stacked layers the last one's states are shown.
    """
    import torch

    from ..unrolled import unrolled

    norms = {}
    for name, rnn in layers.items():
        with torch.enable_grad():
            out, states = unrolled(rnn, x)
            last = out[:, -1] if rnn.batch_first else out[-1]
            value = last.sum() if loss is None else loss(out)
            grads: Any = torch.autograd.grad(value, states[-1], allow_unused=True)
        norms[name] = np.asarray([0.0 if g is None else float(g.double().norm()) for g in grads])
    return GradientThroughTime(norms)
