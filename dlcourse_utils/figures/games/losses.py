"""Two losses of one logit and their slopes: `draw_losses({"saturating": f, …})`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np


def draw_losses(losses: Mapping[str, Callable[[Any], Any]]) -> dict[str, float]:
    """Draw each loss of a single logit, and the size of its slope; return the slopes' sizes at logit −6.

    losses: name → function of a (1,) tensor that returns a 0-d tensor.
    """
    import matplotlib.pyplot as plt
    import torch

    logits = np.linspace(-8, 8, 161)
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 3))
    sizes = {}
    for (name, loss), style in zip(losses.items(), ("k-", "C1--", "C0:"), strict=False):
        values, slopes = [], []
        for logit in logits:
            leaf = torch.tensor([logit], requires_grad=True)
            value = loss(leaf)
            (slope,) = torch.autograd.grad(value, leaf)
            values.append(float(value.detach()))
            slopes.append(abs(float(slope[0])))
        left.plot(logits, values, style, label=name)
        right.plot(logits, slopes, style, label=name)
        sizes[name] = float(np.interp(-6, logits, slopes))
    left.set(title="G's loss for one fake", xlabel="D's logit: fake ← 0 → real", ylabel="loss (nats)")
    right.set(title="What G feels of it", xlabel="D's logit: fake ← 0 → real", ylabel="size of the slope")
    right.axvspan(-8, -4, color="0.9")
    right.text(-6, 0.5, "where every G\nbegins", ha="center", va="center", fontsize=9)
    left.legend(fontsize=9)
    return sizes
