"""04.clip_by_global_norm: a leash for the whole gradient (Pascanu, Mikolov and Bengio 2013), against PyTorch's."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def grads(scale: float = 1.0, **shapes: tuple[int, ...]) -> dict[str, np.ndarray]:
        return {
            k: scale * rng.uniform(0.5, 2.0, size=s) * rng.choice([-1.0, 1.0], size=s) for k, s in shapes.items()
        }

    yield Case("too long: clipped", args=(grads(w=(4, 3), b=(3,)), 2.0), weight=2.0)
    uneven = {**grads(30.0, w1=(3, 2)), **grads(0.01, b1=(2,)), **grads(2.0, w2=(2, 5))}
    yield Case("one array far longer than the others", args=(uneven, 5.0))
    yield Case("short enough: left as it is", args=(grads(0.5, w=(2, 3), b=(3,)), 50.0))
    yield Case("one array only", args=(grads(4.0, w=(6,)), 1.0))
    yield Case("a loose limit, only just too long", args=({"w": np.array([3.0, 4.0]), "b": np.array([12.0])}, 12.5))
    yield Case("all zeros", args=({"w": np.zeros((2, 3)), "b": np.zeros(3)}, 1.0))


def oracle(grads, max_norm):
    import torch

    leaves = {k: torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for k, g in grads.items()}
    for key, leaf in leaves.items():
        leaf.grad = torch.tensor(grads[key], dtype=torch.float64)
    norm = torch.nn.utils.clip_grad_norm_(list(leaves.values()), max_norm)
    return {k: leaf.grad.numpy() for k, leaf in leaves.items()}, float(norm)


def _norm(grads):
    """L2 norm of all numbers of all arrays together."""
    return float(np.sqrt(sum((g**2).sum() for g in grads.values())))


def each_array_by_itself(grads, max_norm):
    """You clip every array by its own norm, which changes the direction of the step: long arrays shrink, short ones do
    not. Scale all of them by one factor, from the norm of everything together."""
    new = {}
    for k, g in grads.items():
        own = np.linalg.norm(g)
        new[k] = g * min(1.0, max_norm / own) if own > 0 else g
    return new, _norm(grads)


def by_value(grads, max_norm):
    """You cut each number to ±max_norm. That bends the direction. Multiply everything by max_norm / norm instead."""
    return {k: np.clip(g, -max_norm, max_norm) for k, g in grads.items()}, _norm(grads)


def scales_up_small_gradients(grads, max_norm):
    """You bring every gradient to length max_norm, short ones too. Clipping only shortens: the factor is never above
    1."""
    norm = _norm(grads)
    factor = max_norm / norm if norm > 0 else 1.0
    return {k: g * factor for k, g in grads.items()}, norm


def norm_after_clipping(grads, max_norm):
    """You return the norm after clipping, which never tells anything new. The norm before is asked for: it shows when
    training runs wild."""
    norm = _norm(grads)
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return {k: g * factor for k, g in grads.items()}, min(norm, max_norm)


def root_forgotten(grads, max_norm):
    """You compare the sum of squares with max_norm. The norm is its square root."""
    norm = _norm(grads) ** 2
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return {k: g * factor for k, g in grads.items()}, norm


def sum_of_the_norms(grads, max_norm):
    """You add up the arrays' norms. Lengths at right angles add like the sides of a triangle: the square root of the
    sum of squares over *all* numbers."""
    norm = float(sum(np.linalg.norm(g) for g in grads.values()))
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return {k: g * factor for k, g in grads.items()}, norm


def l1_norm(grads, max_norm):
    """You add up absolute values, the L1 norm. The L2 norm is asked for: square, sum, root."""
    norm = float(sum(np.abs(g).sum() for g in grads.values()))
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return {k: g * factor for k, g in grads.items()}, norm


def nan_for_zeros(grads, max_norm):
    """A gradient of zeros becomes NaN: 0 · (max_norm / 0). Scale only when the norm is above max_norm."""
    norm = np.float64(_norm(grads))
    factor = np.where(norm > max_norm, 1.0, norm / norm) * np.minimum(1.0, max_norm / norm)
    return {k: g * factor for k, g in grads.items()}, float(norm)


def never_clips(grads, max_norm):
    """The norm is right, but the gradients come back as they were. When it exceeds max_norm, multiply each array by
    max_norm / norm."""
    return dict(grads), _norm(grads)


def changes_its_input(grads, max_norm):
    """You scale the caller's arrays in place (g *= … writes into them). Return a new dict with new arrays."""
    norm = _norm(grads)
    if norm > max_norm:
        for g in grads.values():
            g *= max_norm / norm
    return grads, norm


EXERCISE = Exercise(
    id="04.clip_by_global_norm",
    title="Clip by the global norm",
    objects=("clip_by_global_norm",),
    points=1,
    cases=cases,
    oracle=oracle,
    rtol=1e-5,  # PyTorch adds 1e-6 to the norm it divides by: with or without is right
    mistakes=(
        each_array_by_itself,
        by_value,
        scales_up_small_gradients,
        norm_after_clipping,
        root_forgotten,
        sum_of_the_norms,
        l1_norm,
        nan_for_zeros,
        never_clips,
        changes_its_input,
    ),
    hints=(
        "Global over what? → All numbers of all arrays, as if they stood in one long vector: square them all, add, take the root.",
        "By what do I multiply? → One factor for all arrays: max_norm / norm, but only when norm > max_norm.",
        "Which norm do I return? → The one before clipping, as a number.",
        "```python\nnorm = float(np.sqrt(sum((g**2).sum() for g in grads.values())))\n"
        "scale = max_norm / norm if norm > max_norm else 1.0\nreturn {k: g * scale for k, g in grads.items()}, norm\n```",
    ),
)
