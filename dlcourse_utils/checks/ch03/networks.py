"""What the judges of 03's training exercises know about a two-layer network."""

from typing import Any

import numpy as np

from ..authoring import Verdict

Params = list[np.ndarray]  # [w1, b1, w2, b2]


def as_params(value: Any, sizes: tuple[int, int, int] | None = None) -> Params | Verdict:
    """Return [w1, b1, w2, b2], or a verdict that says what is wrong with the form.

    sizes: (D, hidden, K) when they are fixed; None accepts any that fit together.
    """
    wanted = "[(w1, b1), (w2, b2)]"
    if value is None:
        return Verdict.broken(f"Nothing came back (None). Return {wanted}.")
    if not (isinstance(value, (list, tuple)) and len(value) == 2 and all(
        isinstance(layer, (list, tuple)) and len(layer) == 2 and all(isinstance(p, np.ndarray) for p in layer)
        for layer in value
    )):  # fmt: skip
        return Verdict.broken(f"The params should be {wanted}, four arrays.")
    params = [p for layer in value for p in layer]
    if sizes is not None:
        d, h, k = sizes
        shapes: list[tuple[int, ...]] = [(d, h), (h,), (h, k), (k,)]
        for name, p, shape in zip(("w1", "b1", "w2", "b2"), params, shapes, strict=True):
            if p.shape != shape:
                return Verdict.broken(f"{name} should have the shape {shape}; yours is {p.shape}.", where=name)
    for name, p in zip(("w1", "b1", "w2", "b2"), params, strict=True):
        if not np.isfinite(p).all():
            return Verdict.wrong(
                f"{name} holds NaN or infinity: training has blown up. A learning rate that is too large, or a step that is.",
                where=name,
                symptom="blown up",
            )
    return params


def logits_of(params: Params, x: np.ndarray) -> np.ndarray:
    """(N, K) logits of the two-layer network."""
    w1, b1, w2, b2 = params
    return np.maximum(x.reshape(len(x), -1) @ w1 + b1, 0) @ w2 + b2


def predictions(params: Params, x: np.ndarray) -> np.ndarray:
    """(N,) most likely class of each sample."""
    return logits_of(params, x).argmax(axis=1)


def gradients_with_torch(params: Params, x: np.ndarray, labels: np.ndarray) -> Params:
    """Gradients of the mean cross-entropy, by PyTorch's autograd."""
    import torch

    leaves = [torch.tensor(np.asarray(p, dtype=np.float64), requires_grad=True) for p in params]
    w1, b1, w2, b2 = leaves
    logits = torch.relu(torch.tensor(x) @ w1 + b1) @ w2 + b2
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(labels).long())
    return [g.numpy() for g in torch.autograd.grad(loss, leaves)]
