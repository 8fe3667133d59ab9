"""Which of the characters read so far decide about the next one: `influence_on(model, ids)`, `draw_influence(…)`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import CourseError


def influence_on(model: Any, ids: Any) -> np.ndarray:
    """Return the length of d log p(last id) / d embedding at each id before it, (T − 1,), for ids (T,).

    model: a module with the parts `embedding`, `rnn` (batch first) and `head`. Its parameters' .grad stays as it was.
    Raises CourseError for a model without them.
    """
    import torch

    if not all(hasattr(model, part) for part in ("embedding", "rnn", "head")):
        raise CourseError("This picture needs a model with the parts embedding, rnn and head, as CharacterModel has.")
    embedded = model.embedding(ids[None, :-1]).detach().requires_grad_()  # (1, T − 1, E)
    with torch.backends.cudnn.flags(enabled=False):  # cuDNN goes back through a GRU only in training mode
        out, _ = model.rnn(embedded)
        log_p = torch.log_softmax(model.head(out[0, -1]), dim=0)[ids[-1]]
        (gradient,) = torch.autograd.grad(log_p, embedded)
    return gradient[0].norm(dim=1).cpu().numpy()


def draw_influence(read: str, influence: np.ndarray, following: str) -> None:
    """Draw the gradient's length (T,) at each character of `read`, for log p of the one `following`."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(9.5, 2.8))
    ax.bar(range(len(read)), influence, color="0.75", edgecolor="k", linewidth=0.5)
    ax.set_xticks(range(len(read)), [c.replace(" ", "␣") for c in read], fontsize=8)
    ax.set(yscale="log", ylabel="size of the gradient", xlabel="the characters read so far")
    ax.set_title(f"What decides about the next character, “{following}”")
    fig.tight_layout()
