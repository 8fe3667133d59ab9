"""From image to image."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe, recipe
from ..torch_parts import parameter_values, tensor
from .players import Found, player, sgd


@recipe("ch10.painter")
def painter(layers: list[dict[str, np.ndarray]], stale: float = 0.0) -> Any:
    """A network that works on each pixel by itself, tanh at the end: images (N, C, H, W) in and out, float64."""
    from torch import nn

    class Painter(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.each = player(layers, stale=stale)
            if len(layers[-1]["w"]) == 1:
                self.each = self.each[:-1]  # the last part flattens

        def forward(self, x: Any) -> Any:
            return self.each(x.movedim(1, -1)).movedim(-1, 1).tanh()

    return Painter()


@probe("ch10.image_to_image")
def image_to_image(
    attempt: Attempt, G: Any, D: Any, pairs: list[tuple[np.ndarray, np.ndarray]], lr: list[float], **weight: float
) -> Parts:
    """One step of both networks for each pair of batches (edges, images)."""
    (step,) = attempt
    found = Found("G", G), Found("D", D)
    optimizers = sgd(G, lr[0]), sgd(D, lr[1])
    for number, (edges, images) in enumerate(pairs, start=1):
        losses = step(G, D, *optimizers, tensor(edges, "float64"), tensor(images, "float64"), **weight)
        if not isinstance(losses, (tuple, list)) or len(losses) != 2:
            given = type(losses).__name__
            raise TypeError(f"image_to_image_step should return (d_loss, g_loss); yours returns a {given}")
        yield f"d_loss {number}", losses[0]
        yield f"g_loss {number}", losses[1]
        yield f"D after step {number}", parameter_values(D)
        yield f"G after step {number}", parameter_values(G)
    for one in found:
        yield from one.said("requires_grad", "mode")
