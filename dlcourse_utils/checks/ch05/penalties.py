"""What the two penalties' checks share: small networks with some weights at exactly 0, and torch's autograd."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..authoring import Case


def networks(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("one layer", args=(_network(rng, (4, 3)), 0.1))
    yield Case("three layers, 5 → 4 → 6 → 2", args=(_network(rng, (5, 4), (4, 6), (6, 2)), 0.03), weight=2.0)
    sparse = _network(rng, (3, 5), (5, 2))
    for w, _ in sparse:
        w.flat[:: 3] = 0.0
    yield Case("some weights are exactly 0", args=(sparse, 0.5))
    yield Case("lam = 2", args=(_network(rng, (2, 6)), 2.0))


def _network(rng: np.random.Generator, *shapes: tuple[int, int]) -> list[tuple[np.ndarray, np.ndarray]]:
    return [
        (rng.uniform(0.2, 2.0, size=s) * rng.choice([-1.0, 1.0], size=s), rng.uniform(0.3, 1.5, size=s[1]))
        for s in shapes
    ]


def torch_penalty(params: Any, lam: float, price: Callable[[Any], Any]) -> tuple[float, list[Any]]:
    """lam times the price of all weights, and its gradients by automatic differentiation."""
    import torch

    leaves = [[torch.tensor(a, requires_grad=True) for a in layer] for layer in params]
    penalty = lam * sum(price(w) for w, _ in leaves)
    penalty.backward()
    return penalty.item(), [
        tuple(np.zeros(a.shape) if a.grad is None else a.grad.numpy() for a in layer) for layer in leaves
    ]
