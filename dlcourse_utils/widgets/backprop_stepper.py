"""Walk backwards through the graph of a scalar expression: `backprop_stepper(f, a=2.0, b=-3.0)`.

What a static figure cannot show: the order. One share of gradient moves at a time, upstream × local slope, and a
node that is used twice waits until both shares have arrived. Everything that can be wrong is in
`dlcourse_utils.gradients.value_graph`; the widget only carries a step number to a picture and a sentence.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable
from typing import Any

from matplotlib.figure import Figure

from ..gradients.value_graph import ValueGraph, trace
from ..gradients.value_graph_figure import draw_value_graph, figure_size, layout


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


def as_html(graph: ValueGraph, step: int) -> str:
    """Return picture and sentence as HTML; the sentence is also the picture's text alternative."""
    content = io.BytesIO()
    draw_step(graph, step).savefig(content, format="png")
    picture = base64.b64encode(content.getvalue()).decode("ascii")
    words = html.escape(sentence_at(graph, step), quote=True)
    return (
        f'<img alt="{words}" src="data:image/png;base64,{picture}" style="max-width:100%">'
        f'<p role="status" style="margin:0.3em 0; min-height:3em">{words}</p>'
    )


def backprop_stepper(f: Callable[..., Any], **leaves: float) -> Any:
    """Return the widget: two buttons and a slider over the steps, all reachable by keyboard.

    f: a scalar expression of the named leaves, written with + − * / **, .exp() .log() .tanh() .relu(); inside it a
    result may be named with `.named("y")`. leaves: their values. Raises CourseError when f cannot be traced.
    """
    import ipywidgets

    graph = trace(f, **leaves)
    last = len(graph.shares)
    slider = ipywidgets.IntSlider(
        value=0, min=0, max=last, description="step", layout=ipywidgets.Layout(width="28em"),
    )  # fmt: skip
    back = ipywidgets.Button(description="◀ undo", tooltip="one share back", disabled=True)
    ahead = ipywidgets.Button(description="next share ▶", tooltip="send the next share of gradient")
    view = ipywidgets.HTML(as_html(graph, 0))

    def redraw(_: object) -> None:
        view.value = as_html(graph, slider.value)
        back.disabled, ahead.disabled = slider.value == 0, slider.value == last

    def move(by: int) -> None:
        slider.value = min(max(slider.value + by, 0), last)

    slider.observe(redraw, "value")
    back.on_click(lambda _: move(-1))
    ahead.on_click(lambda _: move(1))
    return ipywidgets.VBox([ipywidgets.HBox([back, ahead, slider]), view])
