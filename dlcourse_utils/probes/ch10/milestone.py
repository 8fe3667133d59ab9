"""Two networks that learn a ring."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe
from ..torch_parts import as_array, private_randomness


@probe("ch10.train")
def train(attempt: Attempt, data: np.ndarray, steps: int, seed: int, z: np.ndarray, again: bool) -> Parts:
    """Train a generator and hand over what it makes of z, at once and in two halves; `again` trains a second time."""
    import torch

    (function,) = attempt
    with private_randomness(1):
        model = function(data.copy(), steps, seed)
        yield "a Module", isinstance(model, torch.nn.Module)
        if not isinstance(model, torch.nn.Module):
            return
        yield "samples", _samples(model, z)
        half = len(z) // 3
        yield "samples of the first third alone", _samples(model, z[:half])
    if again:
        with private_randomness(2):
            yield "samples after training again", _samples(function(data.copy(), steps, seed), z)


def _samples(model: Any, z: np.ndarray) -> Any:
    import torch

    with torch.no_grad():
        return as_array(model(torch.tensor(z, dtype=torch.float32)))
