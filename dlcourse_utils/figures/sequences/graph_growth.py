"""What a state that keeps its history costs: `operations_behind(tensor)`, `draw_graph_growth(…)`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def operations_behind(tensor: torch.Tensor) -> int:
    """Return how many nodes of the graph a backward pass from this tensor would walk through."""
    seen, queue = set(), [tensor.grad_fn]
    while queue:
        node = queue.pop()
        if node is not None and node not in seen:
            seen.add(node)
            queue += [parent for parent, _ in node.next_functions]
    return len(seen)


def draw_graph_growth(without: Sequence[int], detached: Sequence[int]) -> None:
    """Draw the number of operations behind the newest chunk, after each chunk read."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(6.5, 2.7))
    chunks = range(1, len(without) + 1)
    ax.plot(chunks, without, "ks--", label="state handed on with its history")
    ax.plot(chunks, detached, "C0o-", label="state detached after each chunk")
    ax.set(title="The graph behind the newest chunk", xlabel="chunks read", ylabel="operations behind it")
    ax.legend(fontsize=8)
    fig.tight_layout()
