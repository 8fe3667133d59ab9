"""Gradient, weight and update of every parameter of one optimizer, around one step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..ledger import Row
from ..magnitudes import magnitudes
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
        self._old = {name: self._copy(name, w) for name, w in weights.items() if self._named[name].requires_grad}
        seen = weights | self._old  # the copy is still in the cache
        self._tickets = {
            name: {"weight": self._basket.put(length)}
            for name, length in zip(seen, norms(list(seen.values())), strict=True)
        }
        if with_gradients:  # some optimizers change .grad while they step
            self._look_at_gradients()

    def _copy(self, name: str, weights: torch.Tensor) -> torch.Tensor:
        old = self._buffers.get(name)
        if old is None or old.shape != weights.shape or old.dtype != weights.dtype or old.device != weights.device:
            self._buffers[name] = weights.clone()
        else:
            old.copy_(weights)
        return self._buffers[name]

    def _look_at_gradients(self) -> None:
        self._grads = {n: None if p.grad is None else dense(p.grad) for n, p in self._named.items()}
        found = {name: g for name, g in self._grads.items() if g is not None}
        for (name, gradient), length in zip(found.items(), norms(list(found.values())), strict=True):
            self._tickets[name]["grad"] = self._basket.put(length)
            self._tickets[name]["sample"] = self._basket.put(self._sampler(gradient))

    def after_step(self) -> None:
        """Look at what the step changed."""
        if not self._grads:
            self._look_at_gradients()
        basket, tickets = self._basket, self._tickets
        # `old` is our own copy, so the difference needs no third array of its size
        moved = {name: old.sub_(self._named[name].detach()) for name, old in self._old.items()}
        for name, length in zip(moved, norms(list(moved.values())), strict=True):
            tickets[name]["update"] = basket.put(length)
        for name, raw in self._raw.items():
            tickets[name]["raw"] = basket.put(raw)
        self._tag_tickets = {key: basket.put(norm(dense(g))) for key, g in self._tagged.items()}

    def write(self, row: Row, rates: dict[str, float], scale: float, fused_scale: float) -> None:
        """Write this step into the row, once the basket was read.

        Raw and tagged gradients are divided by the AMP scale.
        """
        for name, ticket in self._tickets.items():
            row.params[name] = self._entry(name, ticket, scale, fused_scale) | {"learning_rate": rates[name]}
            gradient = self._grads[name]
            if gradient is not None and gradient.dim() == 1 and gradient.numel() <= _UNIT_LIMIT:
                row.silent[name] = (self._basket.array(ticket["sample"]) == 0).astype(np.int8)
        for key, ticket_number in self._tag_tickets.items():
            row.tagged[key] = self._basket.number(ticket_number) / scale

    def _entry(self, name: str, ticket: dict[str, int], scale: float, fused_scale: float) -> dict[str, Any]:
        basket = self._basket
        entry: dict[str, Any] = {
            "weight_norm": basket.number(ticket["weight"]),
            "update_norm": basket.number(ticket.get("update")),
        }
        gradient = self._grads[name]
        if gradient is None:
            return entry | {"grad_missing": 1.0}
        sample = basket.array(ticket["sample"])
        facts = magnitudes(sample / fused_scale)
        length = basket.number(ticket["grad"])
        bad = facts.nonfinite
        if not np.isfinite(
            length
        ):  # rare, so a second look is cheap: too large for single precision, or really broken?
            length = float(gradient.double().norm())
            if not np.isfinite(length):
                bad = max(bad, 1.0 / max(gradient.numel(), 1))
        return entry | {
            "grad_missing": 0.0,
            "grad_norm": length / fused_scale,
            "raw_grad_norm": basket.number(ticket.get("raw")) / scale,
            "grad_zero": facts.zero,
            "grad_nonfinite": bad,
            "grad_quantiles": facts.quantiles,
            "grad_histogram": facts.histogram,
        }
