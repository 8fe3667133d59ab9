"""One optimizer's clock: when its next step is a sampled one, hooks go on; after that step they come off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ledger import Ledger
from .activations import ActivationProbe
from .fetch import Basket
from .parameters import ParameterProbe
from .sampling import Sampler

if TYPE_CHECKING:
    import torch


class Window:
    """Counts the steps of one optimizer and samples every `every`-th, from the end of the step before to its
    own end.

    Each optimizer has its own clock. Two networks that take turns step equally often, so their rows agree; a
    critic that steps five times as often as its generator is sampled on its own steps.
    """

    def __init__(
        self,
        ledger: Ledger,
        optimizer: torch.optim.Optimizer,
        names: dict[int, str],
        layers: dict[str, torch.nn.Module],
        sampler: Sampler,
        scaler: Any,
    ) -> None:
        self._ledger = ledger
        self._optimizer = optimizer
        self._names = names
        self._layers = layers
        self._sampler = sampler
        self._scaler = scaler
        self._count = 0
        self._clock: Any = None
        self._look: Any = None
        self._parameters: ParameterProbe | None = None
        self._activations: ActivationProbe | None = None
        self._scales = (1.0, 1.0)
        self._basket = Basket()
        self._buffers: dict[str, torch.Tensor] = {}
        self.scalars: dict[str, Any] = {}

    @property
    def armed(self) -> bool:
        return self._parameters is not None

    def start(self) -> None:
        self._clock = self._optimizer.register_step_post_hook(self._after)  # the only hook between two samples
        self._arm_if_due()

    def stop(self) -> None:
        if self._clock is not None:
            self._clock.remove()
        self._clock = None
        self._disarm()
        self._buffers.clear()

    def tag(self, tag: str) -> list[Any]:
        return self._parameters.tag(tag) if self._parameters is not None else []

    def _arm_if_due(self) -> None:
        if self._count % self._ledger.every:
            return
        members = (p for group in self._optimizer.param_groups for p in group["params"])
        named = {self._names[id(p)]: p for p in members if id(p) in self._names}
        self._basket = Basket()
        self._parameters = ParameterProbe(named, self._sampler, self._buffers, self._basket)
        self._activations = ActivationProbe(self._layers, self._sampler, last_pass_only=self._scaler is not None)
        self._look = self._optimizer.register_step_pre_hook(self._before)
        self._parameters.arm()
        self._activations.arm()

    def _disarm(self) -> None:
        if self._parameters is not None and self._activations is not None:
            self._parameters.disarm()
            self._activations.disarm()
            self._look.remove()
        self._parameters = self._activations = None
        self.scalars = {}

    def _before(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        if self._parameters is None:
            return
        self._scales = self._amp_scales()
        closure = any(callable(a) for a in (*args[1:], kwargs.get("closure")))  # args[0] is the optimizer
        self._parameters.before_step(with_gradients=not closure)

    def _amp_scales(self) -> tuple[float, float]:
        """The factor in raw gradients, and the one left in .grad: a fused optimizer unscales in its step."""
        if self._scaler is None or not self._scaler.is_enabled():
            return 1.0, 1.0
        scale = float(self._scaler.get_scale())
        return scale, scale if getattr(self._optimizer, "grad_scale", None) is not None else 1.0

    def _after(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        import torch

        if self._parameters is not None and self._activations is not None:
            with torch.no_grad():
                self._write(self._parameters, self._activations)
            self._disarm()
        self._count += 1
        self._arm_if_due()

    def _write(self, parameters: ParameterProbe, activations: ActivationProbe) -> None:
        row = self._ledger.row(self._count)
        rates = {
            self._names[id(p)]: float(group.get("lr", float("nan")))
            for group in self._optimizer.param_groups
            for p in group["params"]
            if id(p) in self._names
        }
        for group in self._optimizer.param_groups:
            for p in group["params"]:
                if id(p) in self._names:  # layers may be unfrozen on the way
                    self._ledger.params[self._names[id(p)]].trainable = p.requires_grad
        scale, fused_scale = self._scales
        parameters.after_step(fused_scale)
        if activations.saw_nothing and parameters.saw_gradients:
            self._ledger.note(
                "No layer was seen at a sampled step, though gradients arrived: no hook runs in a model that was "
                "compiled around the recorded one. Record the model uncompiled to see its activations."
            )
        activations.collect(self._basket, scale)
        self._basket.read()
        parameters.write(row, rates, scale, fused_scale)
        activations.write(row, scale)
        row.scalars.update({name: float(value) for name, value in self.scalars.items()})
