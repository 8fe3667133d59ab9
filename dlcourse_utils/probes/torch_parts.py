"""What probes of PyTorch exercises share: known weights put into a model, random state put back afterwards.

torch is imported inside the functions, so that the NumPy chapters start without it.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .registry import Parts


@contextlib.contextmanager
def private_randomness(seed: int = 0) -> Iterator[None]:
    """Seed torch's, NumPy's and Python's global generators for the block, and put them back as they were."""
    import torch

    kept = torch.get_rng_state(), np.random.get_state(), random.getstate()
    seed_all(seed)
    try:
        yield
    finally:
        torch.set_rng_state(kept[0])
        np.random.set_state(kept[1])
        random.setstate(kept[2])


def seed_all(seed: int) -> None:
    """Seed the three global generators."""
    import torch

    torch.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)


def tensor(array: np.ndarray, dtype: str = "float32") -> Any:
    """Return a fresh tensor of the array's numbers."""
    import torch

    return torch.tensor(array, dtype=getattr(torch, dtype))


def shapes_of(model: Any) -> list[tuple[int, ...]]:
    """Return the shapes of all parameters that the model knows of, in its order."""
    return [tuple(p.shape) for p in model.parameters()]


def put_weights(model: Any, layers: Sequence[Mapping[str, np.ndarray]]) -> str:
    """Give the model's layers these weights; return "" or a sentence that says what does not fit.

    layers: {"w": …, "b": …} from input to output, "w" as torch lays it out: (out, in) or (F, C, KH, KW). A layer is
    found by its weight's shape, a bias by standing in the same module, so the order of definition plays no part.
    Weights that a model of its own making keeps as (in, out) are found too.
    """
    groups = _weights_with_biases(model)
    for number, layer in enumerate(layers, start=1):
        found = next((g for g in groups if _fits(g, layer)), None)
        if found is None:
            w, b = layer["w"].shape, layer["b"].shape
            return f"no layer holds a weight of shape {w} with a bias of shape {b} (layer {number})"
        groups = [g for g in groups if g is not found]
        for p in found:
            _copy(p, layer["b"] if p.dim() == 1 else layer["w"])
    return "" if not groups else f"{len(groups)} more layers hold parameters than were asked for"


def _weights_with_biases(model: Any) -> list[list[Any]]:
    """Return [weight, bias] of each layer; parameters made by hand are paired in the order in which they were made."""
    owners = [list(m.parameters(recurse=False)) for m in model.modules()]
    pairs = [group for group in owners if sorted(p.dim() > 1 for p in group) == [False, True]]
    rest = [p for group in owners if not any(group is pair for pair in pairs) for p in group]
    weights, biases = [p for p in rest if p.dim() > 1], [p for p in rest if p.dim() == 1]
    return pairs + [list(pair) for pair in zip(weights, biases, strict=False)]


def _fits(group: list[Any], layer: Mapping[str, np.ndarray]) -> bool:
    shapes = sorted((tuple(p.shape) for p in group), key=len)
    w = layer["w"].shape
    return shapes == [layer["b"].shape, w] or (len(w) == 2 and shapes == [layer["b"].shape, w[::-1]])


def _copy(parameter: Any, values: np.ndarray) -> None:
    import torch

    if tuple(parameter.shape) != values.shape:
        values = values.T
    with torch.no_grad():
        parameter.copy_(torch.tensor(values))


def gradients_arrive(model: Any, out: Any) -> str:
    """Say "yes" where every parameter gets a gradient from the output; a no_grad or a detach on the way cuts it off."""
    import torch

    if not isinstance(out, torch.Tensor) or not out.requires_grad:
        return "no"
    weights = torch.linspace(0.5, 1.5, out.numel(), dtype=out.dtype, device=out.device).reshape(out.shape)
    found = torch.autograd.grad((weights * out).sum(), list(model.parameters()), allow_unused=True)
    return said(all(g is not None for g in found))


def said(flag: bool) -> str:
    """Return a fact as a word, so that a card reads "Expected 'no', yours is 'yes'"."""
    return "yes" if flag else "no"


def input_for(model: Any, x: np.ndarray) -> Any:
    """Return x as a tensor of the model's own precision, on its device."""
    import torch

    p = next(iter(model.parameters()), torch.zeros(()))
    lazy = isinstance(p, torch.nn.parameter.UninitializedParameter)
    return torch.tensor(x, dtype=torch.float32 if lazy else p.dtype, device=p.device)


def predictions(model: Any, x: np.ndarray) -> Any:
    """Return what the model says to x, as an array where it is a tensor; no graph is built."""
    import torch

    with torch.no_grad():
        return as_array(model(input_for(model, x)))


def parameter_values(model: Any) -> list[Any]:
    """Return copies of all parameters that the model knows of, in its order."""
    return [as_array(p) for p in model.parameters()]


def as_array(value: Any) -> Any:
    """Return a tensor's numbers; anything but a tensor stays as it is, to be named by the judge."""
    return value.detach().cpu().numpy().copy() if hasattr(value, "detach") else value


def loss_to_train_on(loss: Any) -> Parts:
    """Name a loss's number. Raises TypeError in words when there is no way backward from it."""
    import torch

    is_number = isinstance(loss, torch.Tensor) and loss.dim() == 0
    yield "loss", loss.item() if is_number else as_array(loss)
    if not isinstance(loss, torch.Tensor) or not loss.requires_grad:
        raise TypeError(
            "training goes backward from this loss, so it should be a tensor that remembers how it was made; "
            f"yours is a {type(loss).__name__} without that memory"
        )
