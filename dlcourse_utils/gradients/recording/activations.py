"""What flows out of each layer on the way forward, and what comes back into it on the way backward."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..layers import layer_entry
from ..ledger import Row
from .fetch import Basket
from .hooks import ForwardHook
from .sampling import Sampler, norm

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
    largest: torch.Tensor | None = None  # each unit's largest output, (units,)
    slope_norms: list[torch.Tensor] = field(default_factory=list)
    slope_samples: list[torch.Tensor] = field(default_factory=list)
    slope_size: int = 0


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
        self._tickets: dict[str, list[list[int]]] = {}

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
            value = out.detach()
            seen.norms.append(norm(value))
            seen.samples.append(self._sampler(value))
            seen.size += value.numel()
            if is_rectifier(module) and value.dim() >= 2 and value.numel():
                largest = self._largest_of_each_unit(value)
                if seen.largest is None or seen.largest.shape != largest.shape:
                    seen.largest = largest
                else:
                    seen.largest = torch.maximum(seen.largest, largest)
        if out.requires_grad and not isinstance(module, torch.nn.RNNBase):
            self._watch_gradient(out, seen)

    def _largest_of_each_unit(self, value: torch.Tensor) -> torch.Tensor:
        # (N, units), (N, channels, H, W), and (N, T, units) unless a 1-D convolution came before
        unit = 1 if value.dim() != 3 or self._channels_first else 2
        return value.amax(dim=tuple(d for d in range(value.dim()) if d != unit))

    def _watch_gradient(self, out: torch.Tensor, seen: _Seen) -> None:
        generation = self._generation

        def back(grad: torch.Tensor) -> None:
            if generation != self._generation or len(seen.slope_norms) >= CALLS:
                return
            self._came_back = True
            seen.slope_norms.append(norm(grad.detach()))
            seen.slope_samples.append(self._sampler(grad))
            seen.slope_size += grad.numel()

        self._handles.append(out.register_hook(back))

    def collect(self, basket: Basket) -> None:
        """Put everything seen into the basket."""
        self._basket = basket
        self._tickets = {
            name: [
                [basket.put(t) for t in group]
                for group in (
                    seen.norms,
                    seen.samples,
                    seen.slope_norms,
                    seen.slope_samples,
                    [] if seen.largest is None else [seen.largest],
                )
            ]
            for name, seen in self._seen.items()
        }

    def write(self, row: Row, scale: float) -> None:
        """Write what was seen, once the basket was read; gradients are divided by the AMP scale."""
        basket = self._basket
        for name, groups in self._tickets.items():
            seen = self._seen[name]
            norms, samples, slope_norms, slope_samples, largest = [[basket.array(i) for i in g] for g in groups]
            silent = largest[0] <= 0 if largest else None
            if silent is not None:
                row.silent[name] = silent.astype(np.int8)
            row.layers[name] = layer_entry(
                seen.kind,
                sample=_joined(samples),
                rms=_rms(norms, seen.size),
                silent=silent,
                gradient_sample=_joined(slope_samples, scale),
                gradient_rms=_rms(slope_norms, seen.slope_size) / scale,
            )


def _joined(samples: list[np.ndarray], scale: float = 1.0) -> np.ndarray | None:
    if not samples:
        return None
    together = samples[0] if len(samples) == 1 else np.concatenate(samples)
    return together if scale == 1.0 else together / scale


def _rms(norms: list[np.ndarray], size: int) -> float:
    total = math.hypot(*(float(n[0]) for n in norms)) if norms else math.nan
    return total / max(size, 1) ** 0.5


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
