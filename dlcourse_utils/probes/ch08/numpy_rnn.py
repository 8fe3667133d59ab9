"""Recurrent networks in NumPy."""

from __future__ import annotations

import numpy as np

from ..registry import Attempt, Parts, probe
from ..torch_parts import as_array, loss_to_train_on, said
from .unpacking import unpacked


@probe("ch08.rnn_step")
def rnn_step(attempt: Attempt, *args: np.ndarray) -> Parts:
    """Run one step; what stands in the cache is the learner's affair."""
    (step,) = attempt
    h, _ = unpacked(step(*args), "h, cache", "rnn_step")
    yield "h", h


@probe("ch08.rnn")
def rnn(
    attempt: Attempt,
    x: np.ndarray,
    h0: np.ndarray,
    Wx: np.ndarray,
    Wh: np.ndarray,
    b: np.ndarray,
    dh: np.ndarray,
    between: tuple[np.ndarray, ...] | None = None,
) -> Parts:
    """Run a sequence forward and back; `between` sends another one forward before the first goes back."""
    forward, backward = attempt
    h, cache = unpacked(forward(x, h0, Wx, Wh, b), "h, cache", "rnn_forward")
    yield "h", h
    if between is not None:
        forward(*between)
    names = "dx, dh0, dWx, dWh, db"
    yield from zip(names.split(", "), unpacked(backward(dh, cache), names, "rnn_backward"), strict=True)


@probe("ch08.masked_loss")
def masked_loss(attempt: Attempt, logits: np.ndarray, targets: np.ndarray, mask: np.ndarray) -> Parts:
    """Compute the loss and go backward through it."""
    import torch

    (function,) = attempt
    leaf = torch.tensor(logits, requires_grad=True)
    given = torch.tensor(targets), torch.tensor(mask)
    loss = function(leaf, *given)
    untouched = bool((given[0].numpy() == targets).all() and (given[1].numpy() == mask).all())
    yield "targets and mask are as they were", said(untouched)
    yield from loss_to_train_on(loss)
    (dlogits,) = torch.autograd.grad(loss.sum(), leaf)
    yield "dlogits", as_array(dlogits)


@probe("ch08.clip")
def clip(attempt: Attempt, grads: dict[str, np.ndarray | None], max_norm: float) -> Parts:
    """Clip a module whose parameters carry these gradients (None: no gradient at all)."""
    import torch

    (function,) = attempt
    model = torch.nn.Module()
    for number, (name, g) in enumerate(grads.items()):
        shape = (2, 3) if g is None else g.shape
        p = torch.nn.Parameter(torch.full(shape, 1.0 + number, dtype=torch.float64))
        p.grad = None if g is None else torch.tensor(g)
        model.register_parameter(name, p)
    norm = function(model, max_norm)
    yield "norm", norm
    yield "gradients", {name: "None" if p.grad is None else as_array(p.grad) for name, p in model.named_parameters()}
    yield "weights", {name: as_array(p) for name, p in model.named_parameters()}
