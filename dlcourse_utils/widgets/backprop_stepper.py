"""Walk backwards through the graph of a scalar expression: `backprop_stepper(f, a=2.0, b=-3.0)`.

What a static figure cannot show: the order. One share of gradient moves at a time, upstream × local slope, and a
node that is used twice waits until both shares have arrived. Everything that can be wrong is in
`dlcourse_utils.gradients.value_graph`; the widget only carries a step number to a picture and a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from ..gradients.value_graph import ValueGraph, trace
from ..gradients.value_graph_figure import draw_value_graph, figure_size, layout
from .guess import answer, question

if TYPE_CHECKING:
    from .explorer import Explorer


def sentence_at(graph: ValueGraph, step: int) -> str:
    """What happens in a step, in words; it stands in for the picture where that cannot be seen."""
    if step == 0:
        leaves = ", ".join(f"{n.name} = {n.data:.3g}" for n in graph.nodes if n.op == "leaf")
        return (
            f"Start: forward is done ({leaves}; L = {graph.nodes[-1].data:.3g}). "
            "The slope of L with respect to itself is 1, everything else is still unknown."
        ).replace("-", "−")
    words = f"Step {step} of {len(graph.shares)}: {graph.shares[step - 1].sentence}"
    if step == len(graph.shares):
        final = graph.grads_after()
        leaves = ", ".join(f"{n.name}: {final[n.index]:.3g}" for n in graph.nodes if n.op == "leaf")
        words += f" Done. Gradients of the leaves: {leaves}."
    return words.replace("-", "−")


def draw_step(graph: ValueGraph, step: int) -> Figure:
    """Return the picture of a step."""
    figure = Figure(figsize=figure_size(layout(graph)), dpi=85, layout="constrained")
    draw_value_graph(graph, step, ax=figure.subplots())
    return figure


def backprop_stepper(f: Callable[..., Any], **leaves: float) -> Explorer:
    """Return the widget: two buttons, a slider over the steps, and a field to type the next share of gradient.

    f: a scalar expression of the named leaves, written with + − * / **, .exp() .log() .tanh() .relu(); inside it a
    result may be named with `.named("y")`. leaves: their values. Its state is {"step": s}; a right guess takes the
    step. Raises CourseError when f cannot be traced.
    """
    import ipywidgets

    from .explorer import Explorer, Shown
    from .picture import words_html

    graph = trace(f, **leaves)
    last = len(graph.shares)
    slider = ipywidgets.IntSlider(
        value=0, min=0, max=last, description="step", layout=ipywidgets.Layout(width="28em"),
    )  # fmt: skip
    back = ipywidgets.Button(description="◀ undo", tooltip="one share back", disabled=True)
    ahead = ipywidgets.Button(description="next share ▶", tooltip="send the next share of gradient")
    asked = ipywidgets.HTML(words_html(question(graph, 0)))
    field = ipywidgets.Text(
        placeholder="a number, then Enter", continuous_update=False, description="share",
        layout=ipywidgets.Layout(width="17em"),
    )  # fmt: skip
    told = ipywidgets.HTML()

    def show(step: int) -> Shown:
        back.disabled, ahead.disabled = step == 0, step == last
        asked.value = words_html(question(graph, step))
        field.disabled = step == last
        return draw_step(graph, step), sentence_at(graph, step)

    def judge(_: object) -> None:
        if not field.value.strip() or slider.value == last:
            return
        said = answer(graph.shares[slider.value], field.value)
        if said.right:
            slider.value += 1  # the picture follows
            field.value = ""
        told.value = words_html(said.sentence)

    def move(by: int) -> None:
        told.value = ""
        slider.value = min(max(slider.value + by, 0), last)

    field.observe(judge, "value")
    back.on_click(lambda _: move(-1))
    ahead.on_click(lambda _: move(1))
    rows = [ipywidgets.HBox([back, ahead, slider]), asked, ipywidgets.HBox([field, told])]
    widget = Explorer({"step": slider}, show, rows)
    widget.field, widget.told, widget.asked, widget.back, widget.ahead = field, told, asked, back, ahead
    return widget
