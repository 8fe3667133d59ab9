"""Networks of our own that the learner's steps move."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import Parts, recipe
from ..torch_parts import put_weights, said


@recipe("ch10.player")
def player(
    layers: list[dict[str, np.ndarray]],
    norm: bool = False,
    training: bool = True,
    stale: float = 0.0,
    frozen: int = 0,
) -> Any:
    """Linear, tanh, …, linear in float64 with the given weights; a single output comes as (N,).

    norm: a batch norm without scale and shift in front of the first tanh. stale: gradients of that size lie on the
    parameters. frozen: so many parameters, from the first on, have requires_grad off.
    """
    import torch
    from torch import nn

    parts: list[Any] = []
    for number, layer in enumerate(layers):
        m, d = layer["w"].shape
        parts += ([nn.Tanh()] if number else []) + [nn.Linear(d, m, dtype=torch.float64)]
        if norm and number == 0:
            parts.append(nn.BatchNorm1d(m, affine=False, dtype=torch.float64))
    if len(layers[-1]["w"]) == 1:
        parts.append(nn.Flatten(0))
    model = nn.Sequential(*parts)
    put_weights(model, layers)
    for number, p in enumerate(model.parameters()):
        p.grad = torch.full_like(p, stale).detach() if stale else None
        p.requires_grad_(number >= frozen)
    return model.train(training)


class Found:
    """A network as it was found, to be laid beside what is left of it."""

    def __init__(self, name: str, model: Any) -> None:
        self.name, self.model = name, model
        self.before = self._now()

    def _now(self) -> dict[str, list[Any]]:
        parameters = list(self.model.parameters())
        return {
            "parameters": [p.detach().clone() for p in parameters],
            ".grad": [None if p.grad is None else p.grad.detach().clone() for p in parameters],
            "requires_grad": [p.requires_grad for p in parameters],
            "mode": [m.training for m in self.model.modules()],
        }

    def said(self, *what: str) -> Parts:
        now = self._now()
        for name in what:
            pairs = zip(self.before[name], now[name], strict=True)
            yield f"{self.name}'s {name} as found", said(all(_same(a, b) for a, b in pairs))


def _same(a: Any, b: Any) -> bool:
    import torch

    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        return bool(torch.equal(a, b))
    return not isinstance(a, torch.Tensor) and not isinstance(b, torch.Tensor) and a == b


def sgd(model: Any, lr: float, momentum: float = 0.0) -> Any:
    import torch

    return torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=lr, momentum=momentum)
