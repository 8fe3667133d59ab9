"""Networks as modules: the learner's, and one of our own."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe, recipe
from ..torch_parts import (
    as_array,
    gradients_arrive,
    input_for,
    private_randomness,
    put_weights,
    said,
    shapes_of,
)


@probe("ch06.mlp")
def mlp(attempt: Attempt, sizes: list[int], layers: list[dict[str, np.ndarray]], x: np.ndarray) -> Parts:
    """Build the learner's network, count, put known weights in, and run it forwards and backwards."""
    import torch

    (cls,) = attempt
    with private_randomness():
        model = cls(sizes)
        yield "an nn.Module", said(isinstance(model, torch.nn.Module))
        if not isinstance(model, torch.nn.Module):
            return
        model(input_for(model, x))  # layers that make their weights on first use
        yield "number of parameters", sum(int(np.prod(s)) for s in shapes_of(model))
        weights = [p for p in model.parameters() if p.dim() > 1]
        yield "starts from weights that differ", said(all(_varied(w) for w in weights))
        unfit = put_weights(model, layers)
        yield "layers", unfit or "as asked"
        if unfit:
            return
        model.eval()
        out, again = (as_array(model(input_for(model, x))) for _ in range(2))
        yield "same input, same output", said(np.array_equal(out, again) if isinstance(out, np.ndarray) else True)
        yield "logits", out
        trained = model.train()(input_for(model, x))
        yield "logits in training mode", as_array(trained)
        yield "a gradient for every parameter", gradients_arrive(model, trained)


def _varied(w: Any) -> bool:
    return w.numel() == 1 or bool((w != w.flatten()[0]).any())


@recipe("ch06.net")
def net(layers: list[dict[str, np.ndarray]], dtype: str = "float64", dropout: float = 0.0) -> Any:
    """Linear, ReLU, … Linear with the given weights; it notes its batches, its modes, and graphs that wait.

    A graph waits when another batch comes before the gradient has gone back through the last one. With `dropout` the
    input goes through a batch norm that has nothing to learn, and through dropout, first.
    """
    import torch

    class Net(torch.nn.Sequential):
        largest_batch, graphs, graphs_at_once = 0, 0, 0
        ran_in: tuple[str, ...] = ()

        def forward(self, x: Any) -> Any:
            self.largest_batch = max(self.largest_batch, len(x))
            self.ran_in += ("training" if self.training else "evaluation",)
            out = super().forward(x)
            if out.requires_grad:
                self.graphs += 1
                self.graphs_at_once = max(self.graphs_at_once, self.graphs)
                out.register_hook(self._went_back)
            return out

        def _went_back(self, _: Any) -> None:
            self.graphs -= 1

    parts: list[Any] = []
    for layer in layers:
        linear = torch.nn.Linear(layer["w"].shape[1], layer["w"].shape[0], dtype=getattr(torch, dtype))
        parts += [torch.nn.ReLU(), linear] if parts else [linear]
    if dropout:
        norm = torch.nn.BatchNorm1d(parts[0].in_features, affine=False, dtype=getattr(torch, dtype))
        parts = [norm, torch.nn.Dropout(dropout), *parts]
    model = Net(*parts)
    put_weights(model, layers)
    return model


@recipe("ch06.watched_net")
def watched_net(w: np.ndarray, b: np.ndarray, mean: np.ndarray, var: np.ndarray, training: bool) -> Any:
    """Batch norm, dropout, linear; it notes whether its forward pass recorded gradients."""
    import torch

    class Watched(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm = torch.nn.BatchNorm1d(len(mean), dtype=torch.float64)
            self.drop = torch.nn.Dropout(0.5)
            self.head = torch.nn.Linear(w.shape[1], w.shape[0], dtype=torch.float64)
            self.recorded = False

        def forward(self, x: Any) -> Any:
            self.recorded = self.recorded or torch.is_grad_enabled()
            return self.head(self.drop(self.norm(x)))

    model = Watched()
    with torch.no_grad():
        model.norm.running_mean.copy_(torch.tensor(mean))  # type: ignore[union-attr]
        model.norm.running_var.copy_(torch.tensor(var))  # type: ignore[union-attr]
    put_weights(model.head, [{"w": w, "b": b}])
    return model.train(training)
