"""How long a recurrent network remembers, under a slider: `memory_explorer()`.

What a static figure cannot show: the same slider stretches a nudge on its way forward and a gradient on its way back,
by the same factors. Everything that can be wrong is in pure functions; the widget only carries values between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.figure import Figure

STEPS, UNITS = 40, 16
BENDS = ("tanh", "no tanh")
MOST = 1.6  # the slider goes from 0.2 to MOST


@dataclass(frozen=True, eq=False)
class Memory:
    """A network with one stretch of its recurrent weights, run over 40 steps.

    forward (41,): how far apart two runs are after t steps that differ by a nudge of length 1e-6 in h0, over 1e-6.
    backward (41,): length of dL/dh at step t, over its length at the last step, for a loss on the last state.
    """

    bend: str
    stretch: float
    forward: np.ndarray
    backward: np.ndarray

    @property
    def per_step(self) -> float:
        """The factor by which an average step multiplies the gradient."""
        return float(self.backward[0] ** (1 / STEPS))

    @property
    def sentence(self) -> str:
        """The memory in words; it is shown below the figure and stands in for it where it cannot be seen."""
        left = self.backward[0]
        fate = "it has vanished" if left < 1e-2 else "it explodes" if left > 1e2 else "it is still alive"
        return (
            f"Stretch {self.stretch:.2f}, {self.bend}: each step back multiplies the gradient "
            f"by about {self.per_step:.2f}. After {STEPS} steps {_amount(left)}: {fate}."
        )


@lru_cache(maxsize=1)
def _parts() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a fixed rotation (16, 16), inputs (40, 16) and a direction (16,) of length 1."""
    rng = np.random.default_rng(8)
    rotation, _ = np.linalg.qr(rng.normal(size=(UNITS, UNITS)))
    direction = rng.normal(size=UNITS)
    return rotation, 0.15 * rng.normal(size=(STEPS, UNITS)), direction / np.linalg.norm(direction)


def memory_of(stretch: float, bend: str = "tanh") -> Memory:
    """Run the network h = bend(x + h @ Wh), where Wh turns a state and makes it `stretch` times as long.

    Raises KeyError for an unknown bend.
    """
    if bend not in BENDS:
        raise KeyError(bend)
    bent = bend == "tanh"
    rotation, inputs, direction = _parts()
    Wh = stretch * rotation
    states = [0.3 * direction]
    nudged = [0.3 * direction + 1e-6 * direction]
    for x in inputs:
        for run in (states, nudged):
            total = x + run[-1] @ Wh
            run.append(np.tanh(total) if bent else total)
    gradient = direction
    lengths = [1.0]
    for h in reversed(states[1:]):
        gradient = (gradient * (1 - h**2 if bent else 1.0)) @ Wh.T
        lengths.append(float(np.linalg.norm(gradient)))
    apart = np.linalg.norm(np.array(nudged) - np.array(states), axis=1) / 1e-6
    return Memory(bend, stretch, apart, np.array(lengths[::-1]))


def draw_memory(stretch: float, bend: str = "tanh") -> Figure:
    """Draw what is left of a nudge going forward, and of a gradient going back."""
    memory = memory_of(stretch, bend)
    figure = Figure(figsize=(7.5, 3.4), dpi=80, layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    steps = np.arange(STEPS + 1)
    for axes, values, style, title in (
        (left, memory.forward, "k-", "Forward: a nudge at step 0 →"),
        (right, memory.backward, "C1--", "Backward: ← a gradient from step 40"),
    ):
        axes.axhline(1, color="0.7", linewidth=0.8)
        axes.plot(steps, values, style, linewidth=2)
        axes.set(yscale="log", ylim=(1e-8, 1e8), xlabel="time step", title=title)
        axes.grid(alpha=0.3)
    left.set_ylabel("what is left of it (1 = all)")
    return figure


def memory_explorer(stretch: float = 0.8, bend: str = "tanh") -> Any:
    """Return the widget: a slider for the stretch and a choice of bend, both reachable by keyboard.

    stretch: between 0.2 and 1.6. bend: one of BENDS. Raises ValueError for anything else.
    """
    if bend not in BENDS:
        raise ValueError(f"there is no {bend!r} here; choose one of {', '.join(BENDS)}")
    if not 0.2 <= stretch <= MOST:
        raise ValueError(f"stretch should lie between 0.2 and {MOST:g}, not at {stretch:g}")
    import ipywidgets

    from .explorer import Explorer, Shown

    style = {"description_width": "6em"}
    slider = ipywidgets.FloatSlider(
        value=stretch, min=0.2, max=MOST, step=0.05, description="stretch", readout_format=".2f", style=style,
        layout=ipywidgets.Layout(width="36em"),
    )  # fmt: skip
    choice = ipywidgets.Dropdown(options=BENDS, value=bend, description="bend", style=style)

    def show(stretch: float, bend: str) -> Shown:
        return draw_memory(stretch, bend), memory_of(stretch, bend).sentence

    return Explorer({"stretch": slider, "bend": choice}, show)


def _amount(share: float) -> str:
    if share < 0.01:
        return f"{share:.0e} of it is left".replace("e-0", "e-")
    if share <= 1.05:
        return f"{share:.0%} of it is left"
    return f"it is {share:,.0f} times as large" if share >= 10 else f"it is {share:.1f} times as large"
