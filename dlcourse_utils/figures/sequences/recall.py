"""The smallest test of a memory: which symbol came first? `draw_recall(networks, distances, seeds)`.

S. Hochreiter, J. Schmidhuber, Neural Computation 9(8), 1997, test recurrent networks with tasks of this kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

SYMBOLS, UNITS, UPDATES = 4, 16, 200
Kind = Callable[..., "torch.nn.RNNBase"]


def recall_batch(n: int, steps: int, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Return x (n, steps, 6), labels (n,): one of four symbols at the first step, then noise in two columns."""
    import torch

    labels = torch.randint(0, SYMBOLS, (n,), generator=generator)
    x = torch.zeros(n, steps, SYMBOLS + 2)
    x[torch.arange(n), 0, labels] = 1.0
    x[:, 1:, SYMBOLS:] = torch.randn(n, steps - 1, 2, generator=generator)
    return x, labels


def recall_accuracy(kind: Kind, forget_bias: float, steps: int, seed: int) -> float:
    """Train a small network on the task and return its accuracy on 500 fresh sequences.

    kind: torch.nn.RNN, LSTM or GRU. forget_bias is added to an LSTM's forget gates before training; 0 for the others.
    """
    import torch
    from torch import nn

    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    layer: nn.RNNBase = kind(SYMBOLS + 2, UNITS, batch_first=True)
    head = nn.Linear(UNITS, SYMBOLS)
    if forget_bias:
        with torch.no_grad():
            layer.get_parameter("bias_ih_l0")[UNITS : 2 * UNITS] += forget_bias  # the second quarter: i, f, g, o
    parameters = [*layer.parameters(), *head.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=0.01)
    for _ in range(UPDATES):
        x, labels = recall_batch(24, steps, generator)
        optimizer.zero_grad()
        nn.functional.cross_entropy(head(layer(x)[0][:, -1]), labels).backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
    x, labels = recall_batch(500, steps, generator)
    with torch.no_grad():
        return (head(layer(x)[0][:, -1]).argmax(dim=1) == labels).float().mean().item()


def draw_recall(networks: Mapping[str, tuple[Kind, float]], distances: Sequence[int], seeds: Sequence[int]) -> None:
    """Train each network (name → kind, forget bias) at each distance from each seed; draw one circle for each."""
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(distances), figsize=(8, 2.8), sharey=True)
    for ax, steps in zip(axes, distances, strict=True):
        for place, (kind, forget_bias) in enumerate(networks.values()):
            for k, seed in enumerate(seeds):
                reached = recall_accuracy(kind, forget_bias, steps, seed)
                ax.plot(place + 0.12 * (k - (len(seeds) - 1) / 2), reached, "ko", markerfacecolor="none")
        ax.axhline(1 / SYMBOLS, color="0.6", linestyle=":")
        ax.text(len(networks) - 0.55, 1 / SYMBOLS + 0.02, "guessing", ha="right", fontsize=8)
        ax.set(title=f"after {steps} steps", ylim=(0, 1.08), xlim=(-0.5, len(networks) - 0.5))
        ax.set_xticks(range(len(networks)), list(networks))
    axes[0].set_ylabel("accuracy")
    fig.tight_layout()
