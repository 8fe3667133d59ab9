"""Which of the characters read so far decide about the next one: `influence_on(model, ids)`, `draw_influence(…)`."""

from __future__ import annotations

from typing import Any

import numpy as np


def influence_on(model: Any, ids: Any) -> np.ndarray:
    """Return the length of d log p(last id) / d embedding at each id before it, (T − 1,), for ids (T,).

    model(ids (1, T), None) → (logits (1, T, V), state), with an nn.Embedding in it, under whatever name. Parameters'
    .grad stays as it was. For a model without an embedding a sentence is printed and all lengths are NaN.
    """
    import torch

    found = [m for m in model.modules() if isinstance(m, torch.nn.Embedding)]
    if not found:
        print("This picture looks at a model's nn.Embedding, and yours reads without one.")
        return np.full(len(ids) - 1, np.nan)
    kept: list[Any] = []

    def keep(module: Any, args: Any, out: Any) -> Any:
        kept.append(out.detach().requires_grad_())
        return kept[-1]

    handle = found[0].register_forward_hook(keep)
    try:
        with torch.enable_grad(), torch.backends.cudnn.flags(enabled=False):  # cuDNN goes back only in training mode
            logits, _ = model(ids[None, :-1], None)
            (gradient,) = torch.autograd.grad(torch.log_softmax(logits[0, -1], dim=0)[ids[-1]], kept[0])
    finally:
        handle.remove()
    return gradient.reshape(len(ids) - 1, -1).norm(dim=1).cpu().numpy()


def draw_influence(read: str, influence: np.ndarray, following: str) -> None:
    """Draw the gradient's length (T,) at each character of `read`, for log p of the one `following`."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(9.5, 2.8))
    ax.bar(range(len(read)), influence, color="0.75", edgecolor="k", linewidth=0.5)
    ax.set_xticks(range(len(read)), [c.replace(" ", "␣") for c in read], fontsize=8)
    if np.isfinite(influence).any():
        ax.set_yscale("log")
    ax.set(ylabel="size of the gradient", xlabel="the characters read so far")
    ax.set_title(f"What decides about the next character, “{following}”")
    fig.tight_layout()
