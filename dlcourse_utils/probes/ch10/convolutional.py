"""Convolutional networks, their order and their statistics."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe
from ..torch_parts import as_array, private_randomness, tensor


@probe("ch10.convolutional")
def convolutional(attempt: Attempt, settings: list[int], x: np.ndarray, seed: int) -> Parts:
    """Build a network, look at its first weights, and ask it in both modes and with large weights."""
    import torch

    (cls,) = attempt
    with private_randomness(seed), torch.no_grad():
        model = cls(*settings)
        yield "a Module", isinstance(model, torch.nn.Module)
        if not isinstance(model, torch.nn.Module):
            return
        layers = [m for m in model.modules() if isinstance(m, _weighted())]
        yield "weighted layers", [type(m).__name__ for m in layers]
        yield "weights", [_statistics([m.weight]) for m in layers]
        norms = [m for m in model.modules() if isinstance(m, torch.nn.modules.batchnorm._BatchNorm)]
        yield "norm scales", _statistics([m.weight for m in norms if m.weight is not None])
        batch = torch.tensor(x, dtype=torch.float32)
        if x.ndim == 2 and _wants_four_axes(model, batch):
            yield "wants four axes", True
            return
        seen = _in_order(model)
        yield "out", as_array(model.eval()(batch))
        order, between = seen()
        yield "layers in order", order
        yield "slopes between layers", between
        yield "the same again", as_array(model(batch))
        yield "out in training mode", as_array(model.train()(batch))
        yield "out with large weights", _with_large_weights(model, batch)


def _weighted() -> tuple[Any, ...]:
    from torch import nn

    return (nn.Linear, nn.modules.conv._ConvNd)


def _statistics(tensors: Sequence[Any]) -> list[Any]:
    """Count, mean and standard deviation of all numbers together."""
    numbers = np.concatenate([as_array(t).ravel() for t in tensors]) if tensors else np.zeros(0)
    return [int(numbers.size), float(numbers.mean()), float(numbers.std())] if numbers.size else [0, 0.0, 0.0]


def _wants_four_axes(model: Any, z: Any) -> bool:
    """True for a network that fails on (N, z_dim) and works on (N, z_dim, 1, 1)."""
    model.eval()
    try:
        model(z)
    except (RuntimeError, ValueError):
        try:
            model(z[:, :, None, None])
        except Exception:  # it fails either way: the first failure is the one to show, and comes again
            return False
        return True
    return False


def _in_order(model: Any) -> Any:
    """Note which layers with weights and batch norms run in the next forward pass, and what joins them; then let go.

    Calling the result gives their kinds in order, and for each pair of neighbours the slopes of what turns the one's
    output into the other's input, number by number.
    """
    import torch

    kinds = {"weights": _weighted(), "norm": (torch.nn.modules.batchnorm._BatchNorm,)}
    seen: list[str] = []
    between: list[list[float]] = []
    latest: list[Any] = []

    def note(_: Any, inputs: tuple[Any, ...], out: Any, kind: str) -> None:
        if latest:
            between.append(_slopes(latest[-1], inputs[0]))
        seen.append(kind)
        latest.append(out.clone())  # an activation may work in place

    handles = [
        m.register_forward_hook(partial(note, kind=kind))
        for m in model.modules()
        for kind, classes in kinds.items()
        if isinstance(m, classes)
    ]

    def done() -> tuple[list[str], list[list[float]]]:
        for handle in handles:
            handle.remove()
        return list(seen), between

    return done


def _slopes(before: Any, after: Any) -> list[float]:
    """Factors of the negative and of the positive numbers, for a function of each number with a kink at 0; else []."""
    x, y = as_array(before).ravel(), as_array(after).ravel()
    if x.shape != y.shape:
        return []
    factors = []
    for side in (x < -1e-6, x > 1e-6):
        factor = float(np.median(y[side] / x[side])) if side.any() else 0.0
        if not np.allclose(y[side], factor * x[side], rtol=1e-3, atol=1e-6):
            return []
        factors.append(factor)
    return factors


def _with_large_weights(model: Any, *inputs: Any) -> Any:
    """Outputs of a network whose weights have standard deviation ½ and whose batch norms do nothing."""
    import torch

    norms = torch.nn.modules.batchnorm._BatchNorm
    with torch.no_grad():
        for m in model.modules():
            if isinstance(m, norms):
                m.reset_parameters()
        for p in model.parameters():
            if p.dim() > 1:
                p.copy_(torch.randn(p.shape, generator=torch.Generator().manual_seed(p.numel())) * 0.5)
        return as_array(model.eval()(*inputs))


@probe("ch10.conditional")
def conditional(
    attempt: Attempt, settings: list[int], z: np.ndarray, other: np.ndarray, labels: np.ndarray, seed: int
) -> Parts:
    """Build a conditional generator and ask it with changed labels and changed z, in double precision."""
    import torch

    (cls,) = attempt
    classes = settings[1]
    with private_randomness(seed), torch.no_grad():
        model = cls(*settings)
        yield "a Module", isinstance(model, torch.nn.Module)
        if not isinstance(model, torch.nn.Module):
            return
        model.double()
        a, b, told = tensor(z, "float64"), tensor(other, "float64"), tensor(labels, "int64")
        yield "images in training mode", as_array(model.train()(a, told))
        yield "images", as_array(model.eval()(a, told))
        yield "the same again", as_array(model(a, told))
        moved = told.clone()
        moved[1] = (moved[1] + 1) % classes
        yield "another label in row 1", as_array(model(a, moved))
        every = torch.arange(classes)
        yield "every class, one z", as_array(model(a[:1].repeat(classes, 1), every))
        yield "every class, another z", as_array(model(b[:1].repeat(classes, 1), every))
        yield "images with large weights", _with_large_weights(model, a, told)
