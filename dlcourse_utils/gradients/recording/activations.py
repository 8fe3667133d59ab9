"""What flows out of each layer on the way forward, and what comes back into it on the way backward."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..layers import layer_entry
from ..ledger import Row
from .fetch import Basket
from .hooks import ForwardHook
from .sampling import Sampler, norm, norm_of_rows

if TYPE_CHECKING:
    import torch

CALLS = 64
"""A cell called at each of a thousand time steps is looked at this often."""


@dataclass
class _Seen:
    """The passes through one layer in one step: a reused module has several."""

    kind: str = ""
    norms: list[torch.Tensor] = field(default_factory=list)
    samples: list[torch.Tensor] = field(default_factory=list)
    size: int = 0
    loudest: torch.Tensor | None = None  # (units,) 0 where a unit gave nothing in any pass
    slope_norms: list[torch.Tensor] = field(default_factory=list)
    slope_samples: list[torch.Tensor] = field(default_factory=list)
    slope_size: int = 0


class _Tickets(NamedTuple):
    """Where one layer's numbers and samples lie in the basket."""

    norms: list[int]
    slope_norms: list[int]
    sample: int
    slope_sample: int | None
    loudest: int | None


class ActivationProbe:
    """Forward hooks on the layers; the gradient comes from a hook on the output tensor itself.

    A tensor hook costs a few microseconds and sees the value before an in-place ReLU overwrites it, where
    `register_full_backward_hook` costs 6–10 % of a step and fails.
    """

    def __init__(self, named: dict[str, torch.nn.Module], sampler: Sampler, last_pass_only: bool = False) -> None:
        self._named = named
        self._sampler = sampler
        self._last_pass_only = last_pass_only
        self._handles: list[Any] = []
        self._seen: dict[str, _Seen] = {}
        self._generation = 0
        self._channels_first = False
        self._came_back = False
        self._basket = Basket()
        self._tickets: dict[str, _Tickets] = {}

    def arm(self) -> None:
        for name, module in self._named.items():
            self._handles.append(module.register_forward_hook(ForwardHook(self._forward, name)))

    def disarm(self) -> None:
        """Take every hook off, also those on tensors that are still alive."""
        for handle in self._handles:
            handle.remove()
        self._handles.clear()
        self._restart()

    def _restart(self) -> None:
        self._generation += 1
        self._seen = {}
        self._came_back = False

    def _forward(self, name: str, module: torch.nn.Module, output: Any) -> None:
        import torch

        out = first_tensor(output)
        if out is None or not torch.is_grad_enabled():  # a pass without gradients is evaluation, not training
            return
        if self._came_back and self._last_pass_only:
            self._restart()  # the loss scaler skipped a step: what it saw does not belong to the next one
        seen = self._seen.setdefault(name, _Seen(kind=type(module).__name__))
        if len(seen.norms) >= CALLS:
            return
        if isinstance(module, torch.nn.modules.conv._ConvNd):
            self._channels_first = True
        elif isinstance(module, torch.nn.Linear):
            self._channels_first = False
        with torch.no_grad():
            self._look(module, seen, out.detach())
        if out.requires_grad and not isinstance(module, torch.nn.RNNBase):
            self._watch_gradient(out, seen)

    def _look(self, module: torch.nn.Module, seen: _Seen, value: torch.Tensor) -> None:
        import torch

        seen.samples.append(self._sampler(value))
        seen.size += value.numel()
        if not (is_rectifier(module) and value.dim() >= 2 and value.numel()):
            seen.norms.append(norm(value))
            return
        length, loudest = self._rectified(value)
        seen.norms.append(length)
        if seen.loudest is not None and seen.loudest.shape == loudest.shape:
            loudest = torch.maximum(seen.loudest, loudest)
        seen.loudest = loudest

    def _rectified(self, value: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return a rectifier's whole norm and, for each unit, a number that is 0 where it was silent."""
        # (N, units), (N, channels, H, W), and (N, T, units) unless a 1-D convolution came before
        unit = 1 if value.dim() != 3 or self._channels_first else 2
        if unit == value.dim() - 1 or not value.is_contiguous():
            return norm(value), value.amax(dim=tuple(d for d in range(value.dim()) if d != unit))
        # Nothing is below 0, so each map's norm serves both, and the values are read once.
        of_maps = norm_of_rows(value.flatten(2))
        return norm(of_maps), of_maps.amax(dim=0)

    def _watch_gradient(self, out: torch.Tensor, seen: _Seen) -> None:
        generation = self._generation

        def back(grad: torch.Tensor) -> None:
            if generation != self._generation or len(seen.slope_norms) >= CALLS:
                return
            self._came_back = True
            slope = grad.detach()
            seen.slope_norms.append(norm(slope))
            seen.slope_samples.append(self._sampler(slope))
            seen.slope_size += slope.numel()

        self._handles.append(out.register_hook(back))

    @property
    def saw_nothing(self) -> bool:
        """Whether there are layers to watch, and not one of them was called."""
        return bool(self._named) and not self._seen

    def collect(self, basket: Basket, scale: float) -> None:
        """Put everything seen into the basket; gradients are too large by the AMP scale."""
        self._basket = basket
        self._tickets = {
            name: _Tickets(
                [basket.number(t) for t in seen.norms],
                [basket.number(t) for t in seen.slope_norms],
                basket.sample(seen.samples),
                basket.sample(seen.slope_samples, scale) if seen.slope_samples else None,
                None if seen.loudest is None else basket.plain(seen.loudest),
            )
            for name, seen in self._seen.items()
        }

    def write(self, row: Row, scale: float) -> None:
        """Write what was seen, once the basket was read."""
        basket = self._basket
        for name, tickets in self._tickets.items():
            seen = self._seen[name]
            silent = None if tickets.loudest is None else basket.plain_array(tickets.loudest) <= 0
            if silent is not None:
                row.silent[name] = silent.astype(np.int8)
            row.layers[name] = layer_entry(
                seen.kind,
                sample=basket.array(tickets.sample),
                rms=_rms([basket.value(i) for i in tickets.norms], seen.size),
                silent=silent,
                gradient_rms=_rms([basket.value(i) for i in tickets.slope_norms], seen.slope_size) / scale,
                facts=basket.facts(tickets.sample),
                gradient_facts=None if tickets.slope_sample is None else basket.facts(tickets.slope_sample),
            )


def _rms(norms: list[float], size: int) -> float:
    return math.hypot(*norms) / max(size, 1) ** 0.5 if norms else math.nan


def first_tensor(output: Any) -> torch.Tensor | None:
    """Return the tensor that a layer puts out: itself, or the first floating one in a tuple, list or dict."""
    import torch

    if isinstance(output, torch.Tensor):
        return output if output.is_floating_point() and not output.is_sparse else None
    children = output.values() if isinstance(output, dict) else output if isinstance(output, tuple | list) else ()
    return next((t for child in children if (t := first_tensor(child)) is not None), None)


def is_rectifier(module: Any) -> bool:
    """Whether a silent unit of this layer passes no gradient back."""
    import torch

    return isinstance(module, torch.nn.ReLU | torch.nn.ReLU6)
