"""One memory cell of an LSTM after a single event, for several forget gates: `draw_memory_cells(step, units, …)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np


def draw_memory_cells(
    step: Callable[..., Any], units: Mapping[float, Mapping[str, np.ndarray]], steps: int, event: int
) -> None:
    """Draw the memory c of one unit that reads a 1 at `event` and 0 at every other step, a line for each of `units`.

    step(x, h, c, params) → (h, c) is the learner's. units: the forget gate's bias → params of one unit.
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7.5, 2.9))
    for (bias, params), style in zip(units.items(), [":", "--", "-"], strict=True):
        h, c, memory = np.zeros((1, 1)), np.zeros((1, 1)), []
        for t in range(steps):
            h, c = step(np.array([[float(t == event)]]), h, c, params)
            memory.append(float(c[0, 0]))
        f = 1 / (1 + np.exp(-bias))
        ax.plot(memory, "k" + style, label=f"forget bias {bias:.0f}: f = {f:.3f}, f⁴⁰ = {f**40:.0e}")
    ax.set(title=f"One memory cell after a single event at step {event}", xlabel="time step", ylabel="memory c")
    ax.legend(fontsize=8)
    fig.tight_layout()
