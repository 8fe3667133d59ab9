"""Record a NumPy network: one call a step with its gradients and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import CourseError
from .history import History
from .layers import layer_entry
from .ledger import LayerFacts, Ledger, ParamFacts
from .magnitudes import magnitudes, sampled
from .naming import named_arrays


class Recorder:
    """Keep every `every`-th step of a training loop that you wrote yourself.

        rec = Recorder(every=10)
        for step in range(1000):
            loss, grads = loss_and_grads(params, x, y)
            rec.step(loss=loss, grads=grads, params=params)     # after backward, before the update
            ...update params...
        rec.history.plot_flow()

    `grads` and `params` are dicts or lists of arrays, or a list of (w, b); each call must come at the same
    place of the loop. The update is the change of a parameter until the next call, so the last sampled step
    may have none.
    """

    def __init__(self, every: int = 1) -> None:
        self._every = whole_steps(every)
        self._ledger = Ledger(self._every)
        self._count = 0
        self._before: tuple[int, dict[str, np.ndarray]] | None = None

    @property
    def history(self) -> History:
        """What was recorded so far."""
        return self._ledger.history()

    def step(
        self,
        loss: float | None = None,
        grads: Any = None,
        params: Any = None,
        *,
        raw_grads: Any = None,
        activations: Mapping[str, Any] | None = None,
        activation_grads: Mapping[str, Any] | None = None,
        kinds: Mapping[str, str] | None = None,
        learning_rate: float | None = None,
    ) -> None:
        """Look at one step; nothing is kept by reference and nothing is changed.

        raw_grads         the gradients before clipping, when you clip
        activations       name → (N, units, …) outputs of layers; activation_grads likewise dL/d(output)
        kinds             name → "relu", "sigmoid", "tanh", …: lets dead and saturated units be counted
        Raises CourseError when a gradient and its parameter differ in shape, or something is not an array of
        numbers.
        """
        step, self._count = self._count, self._count + 1
        due = step % self._every == 0
        if self._before is None and not due:
            return
        values = named_arrays(params if params is not None else {}, "params")
        self._finish_update(values)
        if not due:
            return
        gradients = named_arrays(grads if grads is not None else {}, "grads")
        raw = named_arrays(raw_grads, "raw_grads") if raw_grads is not None else gradients
        _check_shapes(gradients, values)
        row = self._ledger.row(step)
        if loss is not None:
            row.scalars["loss"] = _number(loss, "loss")
        for name in dict.fromkeys([*values, *gradients]):
            entry = _gradient_entry(gradients.get(name), raw.get(name))
            if (value := values.get(name)) is not None:
                entry["weight_norm"] = _norm(value)
            if learning_rate is not None:
                entry["learning_rate"] = _number(learning_rate, "learning_rate")
            row.params[name] = entry
            self._remember(name, gradients.get(name), values.get(name), step)
            if (gradient := gradients.get(name)) is not None and gradient.ndim == 1:
                row.silent[name] = (gradient == 0).astype(np.int8)
        self._layers(step, activations or {}, activation_grads or {}, kinds or {})
        self._before = (step, {name: v.copy() for name, v in values.items() if v is not None})

    def _finish_update(self, values: dict[str, np.ndarray | None]) -> None:
        """The parameters have moved since the sampled step: that was its update."""
        if self._before is None:
            return
        step, before = self._before
        self._before = None
        for name, old in before.items():
            new = values.get(name)
            if new is not None and new.shape == old.shape:
                self._ledger.row(step).params[name]["update_norm"] = _norm(new - old)

    def _remember(self, name: str, gradient: np.ndarray | None, value: np.ndarray | None, step: int) -> None:
        array = value if value is not None else gradient
        shape = array.shape if array is not None else ()
        known = self._ledger.params.get(name)
        if known is None:
            self._ledger.params[name] = ParamFacts(shape, optimizer="your update")
        elif array is not None and known.shape != shape:
            if known.shape != ():
                self._ledger.note(f"{name} changed its shape from {known.shape} to {shape} at step {step}.")
            known.shape = shape

    def _layers(
        self, step: int, outputs: Mapping[str, Any], grads: Mapping[str, Any], kinds: Mapping[str, str]
    ) -> None:
        found = named_arrays(outputs, "activations")
        slopes = named_arrays(grads, "activation_grads")
        row = self._ledger.row(step)
        for name in dict.fromkeys([*found, *slopes]):
            kind = kinds.get(name, "")
            self._ledger.layers.setdefault(name, LayerFacts(kind))
            out, slope = found.get(name), slopes.get(name)
            silent: np.ndarray | None = None
            if out is not None and kind.lower().startswith("relu") and out.ndim >= 2:
                units_first = np.moveaxis(out, 1, 0).reshape(out.shape[1], -1)
                silent = np.all(units_first <= 0, axis=1)
                row.silent[name] = np.asarray(silent, dtype=np.int8)
            sample = None if out is None else sampled(out)
            row.layers[name] = layer_entry(
                kind,
                sample=sample,
                facts=None if sample is None else magnitudes(sample),
                rms=np.nan if out is None else _norm(out) / max(out.size, 1) ** 0.5,
                silent=silent,
                gradient_facts=None if slope is None else magnitudes(sampled(slope)),
                gradient_rms=np.nan if slope is None else _norm(slope) / max(slope.size, 1) ** 0.5,
            )


def whole_steps(every: Any) -> int:
    """Return `every` as an int. Raises CourseError unless it is a whole number of at least 1."""
    if isinstance(every, bool) or not isinstance(every, int | np.integer) or every < 1:
        raise CourseError(f"every={every!r}: say every how many steps to record, a whole number of at least 1.")
    return int(every)


def _norm(array: np.ndarray) -> float:
    """L2 norm in float64, so that half precision neither overflows nor rounds away."""
    with np.errstate(all="ignore"):
        flat = array.reshape(-1).astype(float, copy=False)
        return float(np.sqrt(np.dot(flat, flat)))


def _number(value: Any, what: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise CourseError(f"{what} should be one number; it is {type(value).__name__}.") from None


def _gradient_entry(gradient: np.ndarray | None, raw: np.ndarray | None) -> dict[str, Any]:
    if gradient is None:
        return {"grad_missing": 1.0}
    facts = magnitudes(sampled(gradient))
    norm = _norm(gradient)
    bad = facts.nonfinite
    if not np.isfinite(norm) and gradient.size:
        bad = max(bad, float(np.mean(~np.isfinite(gradient))))
    return {
        "grad_missing": 0.0,
        "grad_norm": norm,
        "raw_grad_norm": np.nan if raw is None else _norm(raw),
        "grad_zero": facts.zero,
        "grad_nonfinite": bad,
        "grad_quantiles": facts.quantiles,
        "grad_histogram": facts.histogram,
    }


def _check_shapes(gradients: dict[str, np.ndarray | None], values: dict[str, np.ndarray | None]) -> None:
    for name, gradient in gradients.items():
        value = values.get(name)
        if values and name not in values:
            raise CourseError(f"grads has {name!r}, params has not: it holds {', '.join(values)}.")
        if gradient is not None and value is not None and gradient.shape != value.shape:
            raise CourseError(
                f"The gradient of {name} has shape {gradient.shape}, the parameter has {value.shape}; "
                f"a gradient has its parameter's shape."
            )
