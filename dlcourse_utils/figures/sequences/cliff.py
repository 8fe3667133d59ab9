"""A loss over one recurrent weight, and its cliff: `walk_over_w(forward, backward)`, `draw_cliff(ws, losses, slopes)`.

After R. Pascanu, T. Mikolov, Y. Bengio, arXiv:1211.5063, 2013, figure 6.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

STEPS = 15


def walk_over_w(
    forward: Callable[..., Any], backward: Callable[..., Any]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return weights w (M,), the loss at each (M,), and dL/dw (M,), found with the learner's two functions.

    The network has one unit, h ← tanh(w h − ½), starts from h = ½ and reads 15 steps of nothing. The loss is half the
    squared distance of its last state from 0.9.
    """
    ws = np.unique(np.concatenate([np.linspace(1.2, 3, 91), np.linspace(2.08, 2.12, 161)]))  # dense at the cliff
    losses, slopes = [], []
    for w in ws:
        nothing, wx = np.zeros((1, STEPS, 1)), np.zeros((1, 1))
        states, cache = forward(nothing, np.array([[0.5]]), wx, np.array([[w]]), np.array([-0.5]))
        dh = np.zeros((1, STEPS, 1))
        dh[0, -1, 0] = states[0, -1, 0] - 0.9
        losses.append(0.5 * dh[0, -1, 0] ** 2)
        slopes.append(backward(dh, cache)[3][0, 0])
    return ws, np.array(losses), np.array(slopes)


def draw_cliff(ws: np.ndarray, losses: np.ndarray, slopes: np.ndarray) -> None:
    """Draw the loss (M,) at weights ws (M,) and, beside it, the size of its slope (M,); mark the steepest place."""
    import matplotlib.pyplot as plt

    steepest = np.abs(slopes).argmax()
    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 2.9))
    left.plot(ws, losses, "k")
    left.plot(ws[steepest], losses[steepest], "o", color="C1", label=f"steepest: slope {slopes[steepest]:,.0f}")
    left.set(title="The loss over the one recurrent weight", xlabel="w", ylabel="loss")
    left.legend(loc="lower left")
    right.semilogy(ws, np.abs(slopes), "k")
    right.set(title="The size of its slope", xlabel="w", ylabel="|dL/dw|")
    fig.tight_layout()
