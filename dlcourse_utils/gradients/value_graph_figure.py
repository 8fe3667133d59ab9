"""Draw a `ValueGraph`: every node a box with its value and gradient, the share that is on its way drawn bold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from .value_graph import Node, ValueGraph

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Point = tuple[float, float]
BOX_W, BOX_H = 0.64, 0.68  # in units of one layer and one row


@dataclass(frozen=True)
class Layout:
    """Where everything stands: a point per node, and the way of each arrow (from input to consumer)."""

    at: dict[int, Point]
    ways: dict[tuple[int, int, int], tuple[Point, ...]]  # (input, consumer, which of its inputs) → points
    layers: int
    rows: int


def layout(graph: ValueGraph) -> Layout:
    """Layers from left to right so that every arrow points right; rows sorted until neighbours lie close.

    An arrow that passes other layers gets a place of its own in each of them, so it runs through no box.
    """
    nodes = graph.nodes
    layer = _layers(nodes)
    chains: dict[tuple[int, int, int], list[Any]] = {}
    members: list[list[Any]] = [[] for _ in range(max(layer) + 1)]
    for node in nodes:
        members[layer[node.index]].append(node.index)
    for node in nodes:
        for slot, source in enumerate(node.inputs):
            edge = (source, node.index, slot)
            chain: list[Any] = [source]
            if edge[:2] not in {e[:2] for e in chains}:  # a second arrow to the same box goes beside the first
                for k in range(layer[source] + 1, layer[node.index]):
                    place = ("via", *edge, k)
                    members[k].append(place)
                    chain.append(place)
            chains[edge] = [*chain, node.index]
    order = _sorted_rows(members, chains, {n.index for n in nodes if n.op == "number"})
    rows = max(len(column) for column in order)
    at = {
        place: (float(k), (rows - 1) / 2 - (row - (len(column) - 1) / 2))
        for k, column in enumerate(order)
        for row, place in enumerate(column)
    }
    ways = {edge: tuple(at[place] for place in chain) for edge, chain in chains.items()}
    return Layout({n.index: at[n.index] for n in nodes}, ways, len(order), rows)


def _layers(nodes: Sequence[Node]) -> list[int]:
    """As far right as the consumers allow: the longest way to the result decides."""
    to_end = [0] * len(nodes)
    for node in reversed(nodes):
        for source in node.inputs:
            to_end[source] = max(to_end[source], to_end[node.index] + 1)
    return [max(to_end) - d for d in to_end]


def _sorted_rows(members: list[list[Any]], chains: dict[Any, list[Any]], numbers: set[int]) -> list[list[Any]]:
    """Barycentre sweeps; between equals, plain numbers go below, so that a chain stays on one line."""
    near: dict[Any, list[Any]] = {place: [] for column in members for place in column}
    for chain in chains.values():
        for a, b in pairwise(chain):
            near[a].append(b)
            near[b].append(a)
    columns = [list(column) for column in members]
    for sweep in range(8):
        span = range(len(columns)) if sweep % 2 else range(len(columns) - 1, -1, -1)
        for k in span:
            row = {p: (i - (len(c) - 1) / 2) for j, c in enumerate(columns) if j != k for i, p in enumerate(c)}
            mean = {p: sum(r) / len(r) if (r := [row[q] for q in near[p] if q in row]) else 0.0 for p in columns[k]}
            below = {p: mean[p] + 0.6 * (p in numbers) for p in columns[k]}
            columns[k].sort(key=below.__getitem__)
    return _long_ways_outside(columns, chains)


def _long_ways_outside(columns: list[list[Any]], chains: dict[Any, list[Any]]) -> list[list[Any]]:
    """Lead a way that passes other layers over or under everything, where fewer arrows cross then."""
    for chain in chains.values():
        via = set(chain[1:-1])
        rest = [[p for p in column if p not in via] for column in columns]
        mine = [[p for p in column if p in via] for column in columns]
        above = [m + r for m, r in zip(mine, rest, strict=True)]
        below = [r + m for m, r in zip(mine, rest, strict=True)]
        columns = min(columns, above, below, key=lambda order: _crossings(order, chains))
    return columns


def _crossings(columns: list[list[Any]], chains: dict[Any, list[Any]]) -> int:
    """How many pairs of arrows cross between one layer and the next."""
    place = {p: (k, row) for k, column in enumerate(columns) for row, p in enumerate(column)}
    pieces = [(place[a], place[b]) for chain in chains.values() for a, b in pairwise(chain)]
    return sum((a[1] - c[1]) * (b[1] - d[1]) < 0 for (a, b), (c, d) in combinations(pieces, 2) if a[0] == c[0])


def draw_value_graph(
    graph: ValueGraph,
    step: int | None = None,
    data: Sequence[float | None] | None = None,
    grads: Sequence[float | None] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the graph and return the axes.

    step: show the state after so many shares, the latest one bold; None shows the end.
    data, grads: numbers to show instead of the graph's own, one per node (for example from `graph.replay(Value)`).
    """
    plan = layout(graph)
    if ax is None:
        ax = _new_axes(plan)
    shown = graph.grads_after(step) if grads is None else grads
    latest = graph.shares[step - 1] if step else None
    moving = (latest.target.index, latest.source.index, latest.slot) if latest is not None else None
    drawn: set[tuple[int, int]] = set()
    for (source, target, slot), way in plan.ways.items():
        active = moving == (source, target, slot)
        _arrow(ax, way, bold=active, bend=(source, target) in drawn)
        drawn.add((source, target))
    for node in graph.nodes:
        value = node.data if data is None else data[node.index]
        marked = latest is not None and latest.target == node
        _box(ax, plan.at[node.index], node, value or 0.0, shown[node.index], marked)
    if latest is not None and moving is not None:
        _label(ax, latest.amount, plan.ways[moving])
    ax.set_xlim(-0.6, plan.layers - 0.4)
    rows = [y for way in plan.ways.values() for _, y in way] or [0.0]
    ax.set_ylim(min(rows) - 0.5, max(rows) + 0.5)
    ax.axis("off")
    return ax


def _new_axes(plan: Layout) -> Axes:
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=figure_size(plan), layout="constrained")
    return ax


def figure_size(plan: Layout) -> tuple[float, float]:
    """Inches for a graph: as small as stays readable."""
    return max(4.0, 1.6 * plan.layers), max(1.4, 0.92 * plan.rows)


def _box(ax: Axes, at: Point, node: Node, value: float, grad: float | None, marked: bool) -> None:
    from matplotlib.patches import FancyBboxPatch

    x, y = at
    constant = node.op == "number"
    face = {"leaf": "#e8f0fa", "number": "#f4f4f4"}.get(node.op, "white")
    style = "round,pad=0,rounding_size=0.08" if node.op == "leaf" else "square,pad=0"
    height = BOX_H * (0.5 if constant else 1)
    ax.add_patch(
        FancyBboxPatch(
            (x - BOX_W / 2, y - height / 2), BOX_W, height, boxstyle=style, facecolor=face,
            edgecolor="black" if not constant else "0.6", linewidth=2.4 if marked else 1.0, zorder=2,
        )
    )  # fmt: skip
    if constant:
        ax.text(x, y, node.label, ha="center", va="center", fontsize=9, color="0.3", zorder=3)
        return
    ax.text(x, y + BOX_H * 0.27, node.label, ha="center", va="center", fontsize=9.5, fontweight="bold", zorder=3)
    ax.text(x, y - BOX_H * 0.02, f"value {_short(value)}", ha="center", va="center", fontsize=8.5, zorder=3)
    text = "grad ?" if grad is None else f"grad {_short(grad)}"
    ax.text(
        x, y - BOX_H * 0.3, text, ha="center", va="center", fontsize=8.5, color="0.5" if grad is None else "#a02020",
        fontweight="bold" if marked else "normal", zorder=3,
    )  # fmt: skip


def _arrow(ax: Axes, way: tuple[Point, ...], bold: bool, bend: bool) -> None:
    """Forward arrows are thin and grey; the share on its way back is bold and points left."""
    from matplotlib.patches import FancyArrowPatch

    half = BOX_W / 2  # a layer is passed on a level line, so that no corner of a box is cut
    level = [point for x, y in way[1:-1] for point in ((x - half, y), (x + half, y))]
    start = (way[0][0] + half, way[0][1])
    if level and way[1][1] != start[1]:  # a long way round leaves the box higher or lower, clear of the short ones
        start = (start[0], start[1] + (0.3 if way[1][1] > start[1] else -0.3) * BOX_H)
    points = [start, *level, (way[-1][0] - half, way[-1][1])]
    colour, width = ("#a02020", 2.6) if bold else ("0.55", 1.0)
    ends = points[::-1] if bold else points
    for a, b in pairwise(ends[:-1]):
        ax.plot([a[0], b[0]], [a[1], b[1]], color=colour, linewidth=width, zorder=1, solid_capstyle="round")
    ax.add_patch(
        FancyArrowPatch(
            ends[-2], ends[-1], arrowstyle="-|>", mutation_scale=14 if bold else 9, color=colour, linewidth=width,
            shrinkA=0, shrinkB=0, zorder=1, connectionstyle=f"arc3,rad={0.35 if bend else 0}",
        )
    )  # fmt: skip


def _label(ax: Axes, amount: float, way: tuple[Point, ...]) -> None:
    i = len(way) // 2
    (x0, y0), (x1, y1) = way[i - 1], way[i]
    ax.text(
        (x0 + x1) / 2, (y0 + y1) / 2 + 0.12, _short(amount, digits=2), ha="center", va="bottom", fontsize=9,
        color="#a02020", fontweight="bold", zorder=4, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )  # fmt: skip


def _short(x: float, digits: int = 3) -> str:
    return f"{x:{'+' if digits < 3 else ''}.{digits}g}".replace("-", "−")
