"""A race of optimizers under sliders: `optimizer_race(sgd=sgd_step, momentum=momentum_step, …)`.

The steps are the learner's own. What a static figure cannot show: how the same path tightens, overshoots and breaks
while one setting moves. The race and its picture are pure functions; the widget only carries values between them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..errors import CourseError, did_you_mean
from .surfaces import SURFACES

Step = Callable[..., Any]

# A rate at which each method does well on the ravine; the slider multiplies it.
RATES = {"sgd": 0.036, "momentum": 0.02, "rmsprop": 0.08, "adam": 0.3, "adamw": 0.3}
MARKS = {"sgd": "o", "momentum": "s", "rmsprop": "^", "adam": "D", "adamw": "x"}
LINES = {"sgd": "-", "momentum": "--", "rmsprop": "-.", "adam": ":", "adamw": (0, (5, 1, 1, 1, 1, 1))}
STEPS = 120
ARRIVED = 0.01  # of the height of the start above the floor
FAR = 1e6  # beyond this a path has run away


@dataclass(frozen=True, eq=False)
class Race:
    """The paths (steps + 1, 2) of each method over a surface, and their heights above its floor (steps + 1,)."""

    surface: str
    paths: Mapping[str, np.ndarray]
    heights: Mapping[str, np.ndarray]
    rates: Mapping[str, float]

    def arrival(self, name: str) -> int | None:
        """Return the first step after which a method stays below 1 % of the start's height, or None."""
        low = self.heights[name] <= ARRIVED * self.heights[name][0]
        return None if not low[-1] else int(len(low) - np.argmin(low[::-1])) if not low.all() else 0

    @property
    def sentence(self) -> str:
        """The result in words; it is shown below the figure and stands in for it where it cannot be seen."""
        words = []
        for name, heights in self.heights.items():
            step = self.arrival(name)
            if not np.isfinite(heights[-1]) or heights[-1] > heights[0]:
                words.append(f"{name} runs away")
            elif step is None:
                words.append(f"{name} has {heights[-1] / heights[0]:.0%} of the height left")
            else:
                words.append(f"{name} arrives after {step} steps")
        return f"On the {self.surface}: {'; '.join(words)}."


def run_race(
    steps: Mapping[str, Step], surface: str = "ravine", factor: float = 1.0, beta: float = 0.85, correct: bool = True
) -> Race:
    """Let every method take 120 steps from the surface's start.

    steps: name → (params, grads, state, **hyper) -> (params, state), as the chapter's exercises ask.
    factor: multiplies each method's rate in `RATES`. beta: memory of momentum and of Adam's average gradient.
    correct: False makes up for Adam's bias correction, as if it were left out. Raises CourseError for an unknown
    surface or method.
    """
    if surface not in SURFACES:
        raise CourseError(f"There is no surface {surface!r}.{did_you_mean(surface, SURFACES)}")
    unknown = [name for name in steps if name not in RATES]
    if unknown:
        raise CourseError(f"The race knows no method {unknown[0]!r}.{did_you_mean(unknown[0], RATES)}")
    land = SURFACES[surface]
    rates = {name: RATES[name] * factor for name in steps}
    paths = {name: _path(step, name, rates[name], land.start, land.gradient, beta, correct)
             for name, step in steps.items()}  # fmt: skip
    heights = {name: np.array([land.value(p) - land.floor for p in path]) for name, path in paths.items()}
    return Race(surface, paths, heights, rates)


def _path(
    step: Step, name: str, lr: float, start: tuple[float, float], gradient: Callable[[np.ndarray], np.ndarray],
    beta: float, correct: bool,
) -> np.ndarray:  # fmt: skip
    hyper: dict[str, float] = {"momentum": {"beta": beta}, "rmsprop": {"beta": 0.9}}.get(name, {})
    adam = name in ("adam", "adamw")
    if adam:
        hyper = {"beta1": beta, "beta2": 0.999}
    params: dict[str, Any] = {"p": np.array(start)}
    state: Any = {}
    path = [params["p"]]
    for t in range(1, STEPS + 1):
        rate = lr
        if adam and not correct:  # the learner's step corrects; this undoes it
            rate *= (1 - beta**t) / np.sqrt(1 - 0.999**t)
        params, state = step(params, {"p": gradient(params["p"])}, state, lr=rate, **hyper)
        path.append(np.asarray(params["p"], dtype=float))
        if not np.abs(path[-1]).max() < FAR:
            path += [np.full(2, np.nan)] * (STEPS - t)
            break
    return np.array(path)


def draw_race(race: Race) -> Figure:
    """Draw the paths over the surface, and beside them the height of each method step by step."""
    land = SURFACES[race.surface]
    left, right, bottom, top = land.limits
    x, y = np.meshgrid(np.linspace(left, right, 121), np.linspace(bottom, top, 121))
    lift = np.array([land.value(p) for p in np.stack([x.ravel(), y.ravel()], axis=1)]).reshape(x.shape) - land.floor
    figure = Figure(figsize=(9.5, 4.2), dpi=80, layout="constrained")
    over, beside = figure.subplots(1, 2, width_ratios=[1.25, 1])
    over.contour(x, y, lift, levels=lift.max() * np.linspace(0.02, 1, 12) ** 2, colors="0.75", linewidths=0.8)
    for i, (name, path) in enumerate(race.paths.items()):
        look: dict[str, Any] = {"color": f"C{i}", "linestyle": LINES[name], "marker": MARKS[name], "markersize": 4}
        over.plot(path[:, 0], path[:, 1], **look, markevery=4, label=f"{name}, rate {race.rates[name]:.2g}")
        beside.plot(np.maximum(race.heights[name], 1e-9), **look, markevery=10, label=name)
    over.plot(*land.start, "k*", markersize=11, label="start")
    over.set(
        xlim=(left, right), ylim=(bottom, top), xlabel="first parameter", ylabel="second parameter",
        title=f"The {race.surface}: {land.about}",
    )  # fmt: skip
    start = next(iter(race.heights.values()))[0] if race.heights else 1.0
    beside.axhline(ARRIVED * start, color="0.5", linewidth=0.8)
    beside.set(yscale="log", ylim=(start * 1e-5, start * 10), xlabel="step", ylabel="height above the floor",
               title="Arrived below the grey line")  # fmt: skip
    over.legend(fontsize=8, loc="lower right")
    return figure


def optimizer_race(**steps: Step) -> Any:
    """Return the widget: surface, methods, rate, memory and bias correction, all reachable by keyboard.

    steps: the learner's functions by method, such as sgd=sgd_step. Raises CourseError for an unknown method.
    """
    import ipywidgets

    from .explorer import Explorer, Shown

    style, wide = {"description_width": "9em"}, ipywidgets.Layout(width="36em")
    surface = ipywidgets.Dropdown(options=list(SURFACES), description="surface", style=style)
    methods = ipywidgets.SelectMultiple(
        options=list(steps), value=list(steps), rows=len(steps), description="methods", style=style
    )
    factor = ipywidgets.FloatLogSlider(
        value=1.0, base=10, min=-1.5, max=1.0, step=0.05, description="learning rates ×", readout_format=".2f",
        style=style, layout=wide,
    )
    beta = ipywidgets.FloatSlider(
        value=0.85, min=0.0, max=0.98, step=0.01, description="momentum β", style=style, layout=wide
    )
    correct = ipywidgets.Checkbox(value=True, description="Adam corrects its bias", style=style)

    def show(methods: tuple[str, ...], **settings: Any) -> Shown:
        race = run_race({name: steps[name] for name in methods}, **settings)
        return draw_race(race), race.sentence

    controls = {"surface": surface, "methods": methods, "factor": factor, "beta": beta, "correct": correct}
    return Explorer(controls, show)
