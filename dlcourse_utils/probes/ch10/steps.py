"""One step of each player."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe
from ..torch_parts import parameter_values, tensor
from .players import Found, sgd


@probe("ch10.discriminator_step")
def discriminator_step(
    attempt: Attempt, G: Any, D: Any, reals: list[np.ndarray], zs: list[np.ndarray], lr: float, momentum: float = 0.0
) -> Parts:
    """One of D's moves per batch, and a look at what is left of both."""
    (step,) = attempt
    found = Found("G", G), Found("D", D)
    optimizer = sgd(D, lr, momentum)
    for number, (real, z) in enumerate(zip(reals, zs, strict=True), start=1):
        yield f"loss {number}", step(G, D, optimizer, tensor(real, "float64"), tensor(z, "float64"))
        yield f"D after step {number}", parameter_values(D)
    yield from found[0].said("parameters", ".grad", "requires_grad", "mode")
    yield from found[1].said("requires_grad", "mode")


@probe("ch10.generator_step")
def generator_step(attempt: Attempt, G: Any, D: Any, zs: list[np.ndarray], lr: float, momentum: float = 0.0) -> Parts:
    """One of G's moves per batch, and a look at what is left of both."""
    (step,) = attempt
    found = Found("D", D), Found("G", G)
    optimizer = sgd(G, lr, momentum)
    for number, z in enumerate(zs, start=1):
        yield f"loss {number}", step(G, D, optimizer, tensor(z, "float64"))
        yield f"G after step {number}", parameter_values(G)
    yield from found[0].said("parameters", ".grad", "requires_grad", "mode")
    yield from found[1].said("requires_grad", "mode")
