"""How chapter 07's exercises are run beside the learner's code: convolutions, CNNs, augmentation, Grad-CAM.

torch is imported inside the functions: this module is loaded in the NumPy chapters too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .registry import Attempt, Parts, probe, recipe
from .torch_parts import (
    as_array,
    gradients_arrive,
    input_for,
    predictions,
    private_randomness,
    put_weights,
    said,
    shapes_of,
    tensor,
)


@probe("ch07.conv2d")
def conv2d(
    attempt: Attempt,
    x: np.ndarray,
    w: np.ndarray,
    b: np.ndarray,
    dout: np.ndarray,
    settings: dict[str, int],
    between: tuple[np.ndarray, ...] | None = None,
) -> Parts:
    """Run a convolution forward and back; `between` sends another one forward before the first goes back."""
    forward, backward = attempt
    out, cache = forward(x, w, b, **settings)
    yield "out", out
    if between is not None:
        forward(*between)
    dx, dw, db = backward(dout, cache)
    yield "dx", dx
    yield "dw", dw
    yield "db", db
    yield "dtypes", [str(getattr(a, "dtype", type(a).__name__)) for a in (out, dx, dw, db)]


@probe("ch07.maxpool2d")
def maxpool2d(attempt: Attempt, x: np.ndarray, size: int, stride: int, dout: np.ndarray) -> Parts:
    """Run max pooling forward and back."""
    forward, backward = attempt
    out, cache = forward(x, size, stride)
    yield "out", out
    yield "dx", backward(dout, cache)


@probe("ch07.cnn")
def cnn(attempt: Attempt, layers: list[dict[str, np.ndarray]], x: np.ndarray) -> Parts:
    """Build the learner's CNN, count, put known weights in, and run it in both modes."""
    import torch

    (cls,) = attempt
    with private_randomness():
        model = cls()
        yield "an nn.Module", said(isinstance(model, torch.nn.Module))
        if not isinstance(model, torch.nn.Module):
            return
        model(input_for(model, x))  # layers that make their weights on first use
        yield "number of parameters", sum(int(np.prod(s)) for s in shapes_of(model))
        unfit = put_weights(model, layers)
        yield "layers", unfit or "as asked"
        if unfit:
            return
        model.eval()
        out, again = (as_array(model(input_for(model, x))) for _ in range(2))
        yield "same input, same output", said(np.array_equal(out, again) if isinstance(out, np.ndarray) else True)
        yield "logits", out
        trained = model.train()(input_for(model, x))
        yield "logits in training mode", as_array(trained)
        yield "a gradient for every parameter", gradients_arrive(model, trained)


@probe("ch07.residual_block")
def residual_block(
    attempt: Attempt, c_in: int, c_out: int, stride: int, kernels: list[np.ndarray], x: np.ndarray
) -> Parts:
    """Give every convolution the kernel of its shape and every batch norm the same known state; run in both modes.

    Looked at along the way: is the input left alone, and does a layer run twice? Last, the gradient of the input.
    """
    import torch

    (cls,) = attempt
    with private_randomness():
        block = cls(c_in, c_out, stride)
        by_shape = {k.shape: k for k in kernels}
        runs: list[Any] = []
        norms, strangers = 0, []
        for module in block.modules():
            if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
                norms += 1
                _known_norm(module)
            elif isinstance(module, torch.nn.Conv2d):
                kernel = by_shape.get(tuple(module.weight.shape))
                if kernel is None:
                    strangers.append(list(module.weight.shape))
                    continue
                module.weight.data = tensor(kernel)
                if module.bias is not None:
                    module.bias.data.zero_()
        yield "convolutions of another shape than asked", strangers
        yield "batch norms", norms
        for module in block.modules():
            module.register_forward_hook(lambda m, given, out: runs.append(m))
        given = input_for(block, x)
        out = block.eval()(given)
        yield "the input is left alone", said(bool(torch.equal(given, input_for(block, x))))
        yield "layers that ran twice", sorted(type(m).__name__ for m in set(runs) if _weighs(m) and runs.count(m) > 1)
        yield "out", as_array(out)
        leaf = input_for(block, x).requires_grad_()
        out = block(leaf * 1.0)
        ramp = torch.linspace(0.5, 1.5, out.numel()).reshape(out.shape)
        (slope,) = torch.autograd.grad((ramp * out).sum(), leaf)
        yield "gradient of the input", as_array(slope)
        yield "out in training mode", as_array(block.train()(input_for(block, x)))


def _weighs(module: Any) -> bool:
    return bool(list(module.parameters(recurse=False)))


def _known_norm(module: Any) -> None:
    """γ, β, mean and variance that differ from channel to channel, whatever the number of channels."""
    import torch

    c = torch.arange(module.num_features, dtype=torch.float32)
    if module.affine:
        module.weight.data = 1.2 - 0.1 * c
        module.bias.data = 0.15 * c - 0.2
    if module.running_mean is not None:
        module.running_mean.copy_(0.1 * c - 0.1)
        module.running_var.copy_(0.7 + 0.2 * c)


@probe("ch07.augment")
def augment(attempt: Attempt, x: np.ndarray, seeds: list[int], settings: dict[str, Any]) -> Parts:
    """Augment the same images once per seed, NumPy's global generator standing elsewhere each time."""
    (function,) = attempt
    for number, seed in enumerate(seeds, start=1):
        with private_randomness(number):
            out = function(x, np.random.default_rng(seed), **settings)
        yield f"images {number}", out
        if isinstance(out, np.ndarray):
            yield f"shares memory {number}", bool(np.shares_memory(out, x))


@recipe("ch07.camnet")
def camnet(layers: list[dict[str, np.ndarray]], training: bool = False, stale: bool = False) -> Any:
    """conv, ReLU, pool, conv, ReLU, flatten, linear, in float64; with `stale` its parameters carry an old .grad."""
    import torch

    (f1, c1, k1, _), (f2, c2, k2, _), (classes, features) = (layer["w"].shape for layer in layers)
    model = torch.nn.Sequential(
        torch.nn.Conv2d(c1, f1, k1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(c2, f2, k2),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(features, classes),
    ).double()
    put_weights(model, layers)
    for p in model.parameters():
        p.grad = torch.full_like(p, 3.0).detach() if stale else None
    return model.train(training)


@probe("ch07.grad_cam")
def grad_cam(attempt: Attempt, model: Any, layer: int, x: np.ndarray, target: Any) -> Parts:
    """Ask for the map at model[layer], and look at what is left on the model."""
    (function,) = attempt
    training = model.training
    before = [None if p.grad is None else p.grad.clone() for p in model.parameters()]
    aim = tensor(target, "int64") if isinstance(target, np.ndarray) else target
    found = function(model, model[layer], tensor(x, "float64"), aim)
    yield "map", as_array(found)
    yield "the map carries a graph", said(bool(getattr(found, "requires_grad", False)))
    yield "hooks left", sum(len(getattr(m, f"_{kind}_hooks")) for m in model.modules() for kind in _HOOKS)
    same = [_same(p.grad, old) for p, old in zip(model.parameters(), before, strict=True)]
    yield ".grad as found", said(all(same))
    yield "mode as found", said(all(m.training == training for m in model.modules()))
    yield "requires_grad as found", said(all(p.requires_grad for p in model.parameters()))


_HOOKS = ("forward", "forward_pre", "backward", "backward_pre")


def _same(now: Any, before: Any) -> bool:
    import torch

    if now is None or before is None:
        return now is before
    return bool(torch.equal(now, before))


@probe("ch07.train")
def train(
    attempt: Attempt, x: np.ndarray, labels: np.ndarray, epochs: int, seed: int, unseen: np.ndarray, again: bool
) -> Parts:
    """Train, then hand over logits for images never seen, at once and in two halves; `again` trains a second time."""
    import torch

    (function,) = attempt
    with private_randomness(1):
        model = function(x.copy(), labels.copy(), epochs, seed)
        yield "a Module", isinstance(model, torch.nn.Module)
        if not isinstance(model, torch.nn.Module):
            return
        yield "in training mode", bool(model.training)
        yield "logits", predictions(model, unseen)
        halves = [predictions(model, unseen[rows]) for rows in (slice(0, 40), slice(40, None))]
        one_shape = all(isinstance(h, np.ndarray) and h.ndim == 2 for h in halves)
        yield "logits of a second look", np.concatenate(halves) if one_shape else halves[0]
    if again:
        with private_randomness(2):
            yield "logits after training again", predictions(function(x.copy(), labels.copy(), epochs, seed), unseen)
            other = function(x.copy(), labels.copy(), epochs, seed + 1)
            yield "logits of two seeds", [predictions(model, unseen[:5]), predictions(other, unseen[:5])]
