"""The lines of a training loop, one at a time and in four orders: `training_lines()`.

What a static figure cannot show: what stands in w and in w.grad after each line, and how a wrong order goes wrong
slowly. PyTorch runs the lines; the widget only chooses how many of them have run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

GOAL, LEARNING_RATE = 3.0, 0.1
ROUNDS = 12
ZERO, FORWARD, BACKWARD, STEP = (
    "optimizer.zero_grad()", "loss = (w - 3) ** 2", "loss.backward()", "optimizer.step()",
)  # fmt: skip
ORDERS: dict[str, tuple[str, ...]] = {
    "zero_grad, forward, backward, step": (ZERO, FORWARD, BACKWARD, STEP),
    "no zero_grad at all": (FORWARD, BACKWARD, STEP),
    "zero_grad between backward and step": (FORWARD, BACKWARD, ZERO, STEP),
    "step before backward": (FORWARD, STEP, ZERO, BACKWARD),
}
SHOWN = 9  # rows of the table


@dataclass(frozen=True)
class Line:
    """What stands where after one line has run; grad and loss are None while there is none."""

    round: int
    text: str
    w: float
    grad: float | None
    loss: float | None


def run_lines(order: str, count: int | None = None) -> list[Line]:
    """Run the lines of an order for ROUNDS rounds with PyTorch and note w, w.grad and the loss after each.

    order: a key of ORDERS. count: how many lines to run, all by default. Raises KeyError for an unknown order.
    """
    import torch

    w = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=LEARNING_RATE)
    loss: Any = None
    lines: list[Line] = []
    program = [(number, text) for number in range(1, ROUNDS + 1) for text in ORDERS[order]]
    for number, text in program[:count]:
        if text == ZERO:
            optimizer.zero_grad()
        elif text == FORWARD:
            loss = (w - GOAL) ** 2
        elif text == BACKWARD:
            loss.backward()
        else:
            optimizer.step()
        lines.append(
            Line(number, text, w.item(), *(None if t is None else t.item() for t in (w.grad, loss)))
        )
    return lines


def draw_run(order: str, count: int) -> Figure:
    """Draw the last lines that have run as a table, and w over time beside it."""
    lines = run_lines(order, count)
    figure = Figure(figsize=(9, 3.4), dpi=80, layout="constrained")
    table, curve = figure.subplots(1, 2, width_ratios=[3, 2])
    table.set_axis_off()
    rows = [[str(line.round), line.text, f"{line.w:.3f}", _number(line.grad), _number(line.loss)] for line in lines]
    shown = rows[-SHOWN:] or [["", "nothing has run yet", "0.000", "None", "None"]]
    cells = table.table(
        shown, colLabels=["round", "line", "w", "w.grad", "loss"], colWidths=[0.1, 0.42, 0.14, 0.17, 0.17],
        loc="upper left",
    )  # fmt: skip
    cells.auto_set_font_size(False)
    cells.set_fontsize(9)
    for column in range(5):
        cells[len(shown), column].set_text_props(weight="bold")
    table.set_title("what stands where after each line", fontsize=10)
    path = [0.0] + [line.w for line in lines]
    curve.plot(range(len(path)), path, "k.-")
    curve.axhline(GOAL, color="k", linestyle=":", label="the minimum, w = 3")
    low, high = min(-0.5, *path), max(6.5, *path)
    curve.set(
        xlim=(-1, ROUNDS * len(ORDERS[order]) + 1), ylim=(low - 0.3, high + 0.3),
        xlabel="lines run", ylabel="w", title="where w is",
    )  # fmt: skip
    curve.legend(loc="lower right", fontsize=8)
    return figure


def sentence(order: str, count: int) -> str:
    """Say in words where things stand; it is shown below the figure and stands in for it where it cannot be seen."""
    lines = run_lines(order, count)
    if not lines:
        return "Nothing has run yet: w is 0 and has no gradient."
    last = lines[-1]
    return (
        f"After {count} lines, round {last.round}: {last.text} has just run; "
        f"w is {last.w:.3f} and w.grad is {_number(last.grad)}."
    )


def training_lines(order: str = "no zero_grad at all", count: int = 0) -> Any:
    """Return the widget: a choice of order and a slider for the number of lines run, both reachable by keyboard.

    Raises ValueError for an order that is not in ORDERS.
    """
    if order not in ORDERS:
        raise ValueError(f"there is no order {order!r} here; choose one of: {'; '.join(ORDERS)}")
    import ipywidgets

    from .explorer import Explorer, Shown

    style = {"description_width": "6em"}
    wide = ipywidgets.Layout(width="36em")
    choice = ipywidgets.Dropdown(options=list(ORDERS), value=order, description="order", style=style, layout=wide)
    slider = ipywidgets.IntSlider(
        value=count, min=0, max=ROUNDS * len(ORDERS[order]), description="lines run", style=style, layout=wide
    )
    last = order

    def show(order: str, count: int) -> Shown:
        nonlocal last
        if order != last:  # another order starts at its beginning; the widget is quiet while it draws
            last, slider.value, count = order, 0, 0
            slider.max = ROUNDS * len(ORDERS[order])
        return draw_run(order, count), sentence(order, count)

    return Explorer({"order": choice, "count": slider}, show)


def _number(value: float | None) -> str:
    return "None" if value is None else f"{value:.3f}"
