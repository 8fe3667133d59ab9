"""The digits classifier."""

from __future__ import annotations

import numpy as np

from ..registry import Attempt, Parts, probe
from ..torch_parts import (
    predictions,
    private_randomness,
)


@probe("ch06.fit")
def fit(attempt: Attempt, x: np.ndarray, labels: np.ndarray, seed: int, unseen: np.ndarray, again: bool) -> Parts:
    """Train on the rows given and hand over logits for rows never seen, twice.

    `again` trains a second time; without it, a few rows are trained on with two seeds.
    """
    import torch

    (train,) = attempt
    with private_randomness(1):
        model = train(x.copy(), labels.copy(), seed)
        yield "a Module", isinstance(model, torch.nn.Module)
        if not isinstance(model, torch.nn.Module):
            return
        yield "in training mode", bool(model.training)
        yield "logits", predictions(model, unseen)
        yield "logits of a second look", predictions(model, unseen)
    with private_randomness(2):
        if again:
            yield "logits after training again", predictions(train(x.copy(), labels.copy(), seed), unseen)
            return
        few = slice(None, None, 8)
        pair = [train(x[few].copy(), labels[few].copy(), s) for s in (seed, seed + 1)]
        models = [m if isinstance(m, torch.nn.Module) else None for m in pair]
        yield "logits of two seeds", [None if m is None else predictions(m, unseen[:5]) for m in models]
