"""08.clip_gradients: one length for all gradients of a model, worked out in NumPy."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def grads(scale: float, **shapes: tuple[int, ...] | None) -> dict[str, np.ndarray | None]:
        made: dict[str, np.ndarray | None] = {}
        for name, s in shapes.items():
            made[name] = None if s is None else scale * rng.uniform(0.5, 2, size=s) * rng.choice([-1.0, 1.0], size=s)
        return made

    yield Case("too long: clipped", (grads(3.0, a=(4, 3), b=(3,)), 2.0), weight=2.0)
    yield Case("one parameter has no gradient", (grads(5.0, a=(2, 3), b=None, c=(6,)), 3.0))
    yield Case("short enough: left as they are", (grads(0.1, a=(3, 2), b=(2,)), 50.0))
    uneven = {**grads(30.0, a=(3, 2)), **grads(0.02, b=(2,)), **grads(1.0, c=(2, 5))}
    yield Case("one gradient far longer than the others", (uneven, 5.0))


def oracle(grads: dict[str, np.ndarray | None], max_norm: float) -> dict[str, Any]:
    numbers = np.concatenate([g.ravel() for g in grads.values() if g is not None])
    norm = float(np.linalg.norm(numbers))
    scale = min(1.0, max_norm / norm)
    weights = {n: np.full((2, 3) if g is None else g.shape, 1.0 + i) for i, (n, g) in enumerate(grads.items())}
    clipped = {n: "None" if g is None else g * scale for n, g in grads.items()}
    return {"norm": norm, "gradients": clipped, "weights": weights}


def _there(model):
    return [p.grad for p in model.parameters() if p.grad is not None]


def _norm(model):
    return torch.sqrt(sum((g**2).sum() for g in _there(model))).item()


def each_parameter_by_itself(model, max_norm):
    """You clip every parameter's gradient by its own length, which turns the step: long ones shrink, short ones do not. One norm and one factor for all of them together."""
    norm = _norm(model)
    for g in _there(model):
        g.mul_(min(1.0, max_norm / g.norm().item()))
    return norm


def by_value(model, max_norm):
    """You cut each number to ±max_norm, which bends the direction. Multiply everything by max_norm / norm instead."""
    norm = _norm(model)
    for g in _there(model):
        g.clamp_(-max_norm, max_norm)
    return norm


def scales_up_small_gradients(model, max_norm):
    """You bring every gradient to the length max_norm, short ones too. Clipping only shortens: the factor is never above 1."""
    norm = _norm(model)
    for g in _there(model):
        g.mul_(max_norm / norm)
    return norm


def norm_afterwards(model, max_norm):
    """You return the norm after clipping, which can only ever say "max_norm". The norm before is asked for: it shows explosions."""
    norm = _norm(model)
    for g in _there(model):
        g.mul_(min(1.0, max_norm / norm))
    return _norm(model)


def never_clips(model, max_norm):
    """The norm is right, but the gradients stay as they were. p.grad * factor makes a new tensor that nobody keeps: change it in place, p.grad.mul_(factor)."""
    return _norm(model)


def clips_the_weights(model, max_norm):
    """You scale the weights. Clip their gradients, p.grad, and leave the parameters alone."""
    norm = _norm(model)
    with torch.no_grad():
        for p in model.parameters():
            p.mul_(min(1.0, max_norm / norm))
    return norm


def missing_gradient_raises(model, max_norm):
    """Your function stops when a parameter has no gradient (p.grad is None), as an unused or frozen one has. Skip those."""
    norm = torch.sqrt(sum((p.grad**2).sum() for p in model.parameters())).item()
    for p in model.parameters():
        p.grad.mul_(min(1.0, max_norm / norm))
    return norm


def returns_a_tensor(model, max_norm):
    """You return the norm as a tensor (torch's own clip_grad_norm_ does so too). Here a float is asked for: .item()."""
    return torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)


def root_forgotten(model, max_norm):
    """You compare the sum of squares with max_norm. The norm is its square root."""
    norm = _norm(model) ** 2
    for g in _there(model):
        g.mul_(min(1.0, max_norm / norm))
    return norm


EXERCISE = Exercise(
    id="08.clip_gradients",
    title="A leash for the gradient",
    objects=("clip_gradients",),
    points=1,
    cases=cases,
    probe="ch08.clip",
    oracle=oracle,
    rtol=1e-5,  # PyTorch adds 1e-6 to the norm it divides by: with or without is right
    mistakes=(
        each_parameter_by_itself,
        by_value,
        scales_up_small_gradients,
        norm_afterwards,
        never_clips,
        clips_the_weights,
        missing_gradient_raises,
        returns_a_tensor,
        root_forgotten,
    ),
    hints=(
        "What is the norm of many tensors? → As if all their numbers stood in one long vector: square, add everything, take the root.",
        "TypeError with None. → A parameter that took no part in the loss has p.grad None. Leave it out of the sum and out of the scaling.",
        "My gradients don't change. → In place: p.grad.mul_(factor), or p.grad *= factor.",
        "Nearly everything:\n```python\ngrads = [p.grad for p in model.parameters() if p.grad is not None]\n"
        "norm = torch.sqrt(sum((g**2).sum() for g in grads)).item()\nif norm > max_norm:\n    for g in grads:\n        ...\nreturn norm\n```",
    ),
)
