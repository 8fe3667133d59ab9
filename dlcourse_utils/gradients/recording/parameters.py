"""Gradient, weight and update of every parameter of one optimizer, around one step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ..ledger import Row
from ..magnitudes import Magnitudes
from .fetch import Basket
from .sampling import Sampler, dense, norm, norms

if TYPE_CHECKING:
    import torch

_UNIT_LIMIT = 4096
"""Longer vectors are no biases of units worth following one by one."""


class ParameterProbe:
    """For one sampled step: `arm` hooks the parameters, `before_step` and `after_step` enclose the update."""

    def __init__(
        self, named: dict[str, torch.nn.Parameter], sampler: Sampler, buffers: dict[str, torch.Tensor], basket: Basket
    ) -> None:
        self._named = named
        self._sampler = sampler
        self._buffers = buffers  # kept from step to step: fresh memory costs more than the copy itself
        self._handles: list[Any] = []
        self._raw: dict[str, torch.Tensor] = {}
        self._tagged: dict[tuple[str, str], torch.Tensor] = {}
        self._old: dict[str, torch.Tensor] = {}
        self._grads: dict[str, torch.Tensor | None] = {}
        self._samples: dict[str, torch.Tensor] = {}
        self._basket = basket
        self._tag_tickets: dict[tuple[str, str], int] = {}
        self._tickets: dict[str, dict[str, int]] = {}

    def arm(self) -> None:
        """Watch each gradient as it is accumulated: the last look before the step is the raw one."""

        def watch(name: str, parameter: torch.nn.Parameter) -> None:
            def accumulated(p: torch.Tensor) -> None:
                if p.grad is not None:
                    self._raw[name] = norm(dense(p.grad))

            self._handles.append(parameter.register_post_accumulate_grad_hook(accumulated))

        for name, parameter in self._named.items():
            if parameter.requires_grad:
                watch(name, parameter)

    def disarm(self) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles.clear()

    def tag(self, tag: str) -> list[Any]:
        """Add up the gradients that arrive from now on under `tag`; return the handles that end it."""

        def watch(name: str, parameter: torch.nn.Parameter) -> Any:
            def arrived(grad: torch.Tensor) -> None:
                so_far = self._tagged.get((tag, name))
                # a copy, because autograd may hand this very memory to .grad, where clipping changes it
                self._tagged[tag, name] = grad.detach().clone() if so_far is None else so_far + grad.detach()

            return parameter.register_hook(arrived)

        return [watch(name, p) for name, p in self._named.items() if p.requires_grad]

    def before_step(self, with_gradients: bool) -> None:
        """Look at gradients and weights as the optimizer finds them; nothing is waited for.

        A step with a closure makes its gradients itself (LBFGS): those are looked at afterwards.
        """
        weights = {name: p.detach() for name, p in self._named.items()}
        self._old = self._copies({n: w for n, w in weights.items() if self._named[n].requires_grad})
        seen = weights | self._old  # the copy is still in the cache
        self._tickets = {
            name: {"weight": self._basket.number(length)}
            for name, length in zip(seen, norms(list(seen.values())), strict=True)
        }
        if with_gradients:  # some optimizers change .grad while they step
            self._look_at_gradients()

    def _copies(self, weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        import torch

        copies = {name: self._buffer(name, w) for name, w in weights.items()}
        if copies:
            torch._foreach_copy_(list(copies.values()), list(weights.values()))
        return copies

    def _buffer(self, name: str, weights: torch.Tensor) -> torch.Tensor:
        import torch

        kept = self._buffers.get(name)
        if kept is None or (kept.shape, kept.dtype, kept.device) != (weights.shape, weights.dtype, weights.device):
            kept = self._buffers[name] = torch.empty_like(weights)
        return kept

    def _look_at_gradients(self) -> None:
        self._grads = {n: None if p.grad is None else dense(p.grad) for n, p in self._named.items()}
        found = {name: g for name, g in self._grads.items() if g is not None}
        for (name, gradient), length in zip(found.items(), norms(list(found.values())), strict=True):
            self._tickets[name]["grad"] = self._basket.number(length)
            self._samples[name] = self._sampler(gradient)

    def after_step(self, fused_scale: float) -> None:
        """Look at what the step changed, and put everything seen into the basket."""
        import torch

        if not self._grads:
            self._look_at_gradients()
        basket, tickets = self._basket, self._tickets
        moved = list(self._old.values())
        if moved:  # these are our own copies, so the difference needs no third array of its size
            torch._foreach_sub_(moved, [self._named[name].detach() for name in self._old])
        for name, length in zip(self._old, norms(moved), strict=True):
            tickets[name]["update"] = basket.number(length)
        for name, raw in self._raw.items():
            tickets[name]["raw"] = basket.number(raw)
        for name, sample in self._samples.items():
            tickets[name]["sample"] = basket.sample([sample], fused_scale)
        self._tag_tickets = {key: basket.number(norm(dense(g))) for key, g in self._tagged.items()}

    @property
    def saw_gradients(self) -> bool:
        return bool(self._raw)

    def write(self, row: Row, rates: dict[str, float], scale: float, fused_scale: float) -> None:
        """Write this step into the row, once the basket was read.

        Raw and tagged gradients are divided by the AMP scale.
        """
        basket = self._basket
        for name, ticket in self._tickets.items():
            row.params[name] = entry = {
                "weight_norm": basket.value(ticket["weight"]),
                "update_norm": basket.value(ticket.get("update")),
                "learning_rate": rates[name],
                "grad_missing": 1.0,
            }
            gradient = self._grads[name]
            if gradient is None:
                continue
            length, facts = basket.value(ticket["grad"]), basket.facts(ticket["sample"])
            entry |= _gradient_entry(gradient, length, facts, fused_scale)
            entry["raw_grad_norm"] = basket.value(ticket.get("raw")) / scale
            if gradient.dim() == 1 and gradient.numel() <= _UNIT_LIMIT:
                row.silent[name] = (basket.array(ticket["sample"]) == 0).astype(np.int8)
        for key, number in self._tag_tickets.items():
            row.tagged[key] = basket.value(number) / scale


def _gradient_entry(gradient: torch.Tensor, length: float, facts: Magnitudes, fused_scale: float) -> dict[str, Any]:
    bad = facts.nonfinite
    # rare, so a second look is cheap: too large for single precision, or really broken?
    if not math.isfinite(length):
        length = float(gradient.double().norm())
        if not math.isfinite(length):
            bad = max(bad, 1.0 / max(gradient.numel(), 1))
    return {
        "grad_missing": 0.0,
        "grad_norm": length / fused_scale,
        "grad_zero": facts.zero,
        "grad_nonfinite": bad,
        "grad_quantiles": facts.quantiles,
        "grad_histogram": facts.histogram,
    }
