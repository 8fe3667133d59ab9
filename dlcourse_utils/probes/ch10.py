"""How chapter 10's exercises are run beside the learner's code: two networks and their game.

torch is imported inside the functions: this module is loaded in the NumPy chapters too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from .registry import probe, recipe
from .torch_parts import as_array, parameter_values, private_randomness, put_weights, said, tensor

Parts = Iterator[tuple[str, Any]]
Attempt = tuple[Any, ...]


@probe("ch10.loss")
def loss_of_logits(attempt: Attempt, *logits: np.ndarray) -> Parts:
    """Compute a loss of one or two batches of logits, and go backward through it."""
    import torch

    (function,) = attempt
    leaves = [torch.tensor(values, requires_grad=True) for values in logits]
    loss = function(*leaves)
    is_number = isinstance(loss, torch.Tensor) and loss.dim() == 0
    yield "loss", loss.item() if is_number else as_array(loss)
    if not isinstance(loss, torch.Tensor) or not loss.requires_grad:
        raise TypeError(
            "training goes backward from this loss, so it should be a tensor that remembers how it was made; "
            f"yours is a {type(loss).__name__} without that memory"
        )
    slopes = torch.autograd.grad(loss.sum(), leaves, allow_unused=True)
    for number, (leaf, slope) in enumerate(zip(leaves, slopes, strict=True), start=1):
        yield f"slopes, logits {number}", as_array(torch.zeros_like(leaf) if slope is None else slope)


@recipe("ch10.player")
def player(
    layers: list[dict[str, np.ndarray]],
    norm: bool = False,
    training: bool = True,
    stale: float = 0.0,
    frozen: int = 0,
) -> Any:
    """Linear, tanh, …, linear in float64 with the given weights; a single output comes as (N,).

    norm: a batch norm without scale and shift in front of the first tanh. stale: gradients of that size lie on the
    parameters. frozen: so many parameters, from the first on, have requires_grad off.
    """
    import torch
    from torch import nn

    parts: list[Any] = []
    for number, layer in enumerate(layers):
        m, d = layer["w"].shape
        parts += ([nn.Tanh()] if number else []) + [nn.Linear(d, m, dtype=torch.float64)]
        if norm and number == 0:
            parts.append(nn.BatchNorm1d(m, affine=False, dtype=torch.float64))
    if len(layers[-1]["w"]) == 1:
        parts.append(nn.Flatten(0))
    model = nn.Sequential(*parts)
    put_weights(model, layers)
    for number, p in enumerate(model.parameters()):
        p.grad = torch.full_like(p, stale).detach() if stale else None
        p.requires_grad_(number >= frozen)
    return model.train(training)


class _Found:
    """A network as it was found, to be laid beside what is left of it."""

    def __init__(self, name: str, model: Any) -> None:
        self.name, self.model = name, model
        self.before = self._now()

    def _now(self) -> dict[str, list[Any]]:
        parameters = list(self.model.parameters())
        return {
            "parameters": [p.detach().clone() for p in parameters],
            ".grad": [None if p.grad is None else p.grad.detach().clone() for p in parameters],
            "requires_grad": [p.requires_grad for p in parameters],
            "mode": [m.training for m in self.model.modules()],
        }

    def said(self, *what: str) -> Parts:
        now = self._now()
        for name in what:
            pairs = zip(self.before[name], now[name], strict=True)
            yield f"{self.name}'s {name} as found", said(all(_same(a, b) for a, b in pairs))


def _same(a: Any, b: Any) -> bool:
    import torch

    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        return bool(torch.equal(a, b))
    return not isinstance(a, torch.Tensor) and not isinstance(b, torch.Tensor) and a == b


def _optimizer(model: Any, lr: float, momentum: float = 0.0) -> Any:
    import torch

    return torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=lr, momentum=momentum)


@probe("ch10.discriminator_step")
def discriminator_step(
    attempt: Attempt, G: Any, D: Any, reals: list[np.ndarray], zs: list[np.ndarray], lr: float, momentum: float = 0.0
) -> Parts:
    """One of D's moves per batch, and a look at what is left of both."""
    (step,) = attempt
    found = _Found("G", G), _Found("D", D)
    optimizer = _optimizer(D, lr, momentum)
    for number, (real, z) in enumerate(zip(reals, zs, strict=True), start=1):
        yield f"loss {number}", step(G, D, optimizer, tensor(real, "float64"), tensor(z, "float64"))
        yield f"D after step {number}", parameter_values(D)
    yield from found[0].said("parameters", ".grad", "requires_grad", "mode")
    yield from found[1].said("requires_grad", "mode")


@probe("ch10.generator_step")
def generator_step(
    attempt: Attempt, G: Any, D: Any, zs: list[np.ndarray], lr: float, momentum: float = 0.0
) -> Parts:
    """One of G's moves per batch, and a look at what is left of both."""
    (step,) = attempt
    found = _Found("D", D), _Found("G", G)
    optimizer = _optimizer(G, lr, momentum)
    for number, z in enumerate(zs, start=1):
        yield f"loss {number}", step(G, D, optimizer, tensor(z, "float64"))
        yield f"G after step {number}", parameter_values(G)
    yield from found[0].said("parameters", ".grad", "requires_grad", "mode")
    yield from found[1].said("requires_grad", "mode")


@recipe("ch10.critic")
def critic(layers: list[dict[str, np.ndarray]], stale: float = 0.0, norm: bool = False) -> Any:
    """Flatten and a player: images or points in, (N,) out."""
    from torch import nn

    return nn.Sequential(nn.Flatten(), *player(layers, norm=norm, stale=stale))


@probe("ch10.gradient_penalty")
def gradient_penalty(attempt: Attempt, D: Any, real: np.ndarray, fake: np.ndarray, seed: int) -> Parts:
    """The penalty, its slopes for D, and whether it changes the samples, D or the global generator."""
    import torch

    (function,) = attempt
    found = _Found("D", D)
    images = [torch.tensor(x, requires_grad=True) for x in (real, fake)]
    leaves = [*images, *D.parameters()]
    with private_randomness(seed + 1):
        before = torch.get_rng_state()
        penalty = function(D, images[0] * 1.0, images[1] * 1.0, torch.Generator().manual_seed(seed))
        used = not torch.equal(before, torch.get_rng_state())
    is_number = isinstance(penalty, torch.Tensor) and penalty.dim() == 0
    yield "penalty", penalty.item() if is_number else as_array(penalty)
    graph = isinstance(penalty, torch.Tensor) and penalty.requires_grad
    yield "a number with a graph", said(graph)
    if graph:
        slopes = torch.autograd.grad(penalty.sum(), leaves, allow_unused=True)
        filled = [as_array(torch.zeros_like(p) if s is None else s) for p, s in zip(leaves, slopes, strict=True)]
        yield "slopes for D's parameters", filled[2:]
        yield "pushes the samples", said(any(np.any(s != 0) for s in filled[:2]))
    yield from found.said(".grad", "requires_grad", "mode")
    yield "global generator used", said(used)


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


@recipe("ch10.painter")
def painter(layers: list[dict[str, np.ndarray]], stale: float = 0.0) -> Any:
    """A network that works on each pixel by itself, tanh at the end: images (N, C, H, W) in and out, float64."""
    from torch import nn

    class Painter(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.each = player(layers, stale=stale)
            if len(layers[-1]["w"]) == 1:
                self.each = self.each[:-1]  # the last part flattens

        def forward(self, x: Any) -> Any:
            return self.each(x.movedim(1, -1)).movedim(-1, 1).tanh()

    return Painter()


@probe("ch10.image_to_image")
def image_to_image(
    attempt: Attempt, G: Any, D: Any, pairs: list[tuple[np.ndarray, np.ndarray]], lr: list[float], **weight: float
) -> Parts:
    """One step of both networks for each pair of batches (edges, images)."""
    (step,) = attempt
    found = _Found("G", G), _Found("D", D)
    optimizers = _optimizer(G, lr[0]), _optimizer(D, lr[1])
    for number, (edges, images) in enumerate(pairs, start=1):
        losses = step(G, D, *optimizers, tensor(edges, "float64"), tensor(images, "float64"), **weight)
        if not isinstance(losses, (tuple, list)) or len(losses) != 2:
            given = type(losses).__name__
            raise TypeError(f"image_to_image_step should return (d_loss, g_loss); yours returns a {given}")
        yield f"d_loss {number}", losses[0]
        yield f"g_loss {number}", losses[1]
        yield f"D after step {number}", parameter_values(D)
        yield f"G after step {number}", parameter_values(G)
    for one in found:
        yield from one.said("requires_grad", "mode")


@probe("ch10.train")
def train(attempt: Attempt, data: np.ndarray, steps: int, seed: int, z: np.ndarray, again: bool) -> Parts:
    """Train a generator and hand over what it makes of z, at once and in two halves; `again` trains a second time."""
    import torch

    (function,) = attempt
    with private_randomness(1):
        model = function(data.copy(), steps, seed)
        yield "a Module", isinstance(model, torch.nn.Module)
        if not isinstance(model, torch.nn.Module):
            return
        yield "samples", _samples(model, z)
        half = len(z) // 3
        yield "samples of the first third alone", _samples(model, z[:half])
    if again:
        with private_randomness(2):
            yield "samples after training again", _samples(function(data.copy(), steps, seed), z)


def _samples(model: Any, z: np.ndarray) -> Any:
    import torch

    with torch.no_grad():
        return as_array(model(torch.tensor(z, dtype=torch.float32)))
