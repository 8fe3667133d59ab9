"""Probes and recipes of chapter 04: optimizers run over several steps, gradients and steps built by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

from .data import to_data
from .registry import probe, recipe

Arrays = dict[str, Any]
Step = Callable[..., Any]


@probe("optimizer_steps")
def optimizer_steps(
    attempt: tuple[Any, ...],
    params: Arrays,
    grads: Sequence[Arrays],
    hypers: Sequence[dict[str, float]],
    twice: bool = False,
    other: Sequence[Any] | None = None,
) -> Iterator[tuple[str, Any]]:
    """Take one step per gradient, the state handed from step to step as it came, and yield the parameters.

    twice: make every call a second time with the same params, grads and state; nothing may have changed.
    other: (params, grads) of a second network, trained in turn with the first.
    """
    (step,) = attempt
    state: Any = {}
    second: Any = other[0] if other else None
    second_state: Any = {}
    for number, (g, hyper) in enumerate(zip(grads, hypers, strict=True), start=1):
        before = params, state
        outcome = step(params, g, state, **hyper)
        if not _is_pair(outcome):
            yield f"parameters after step {number}", _not_a_pair(outcome)
            return
        params, state = outcome
        yield f"parameters after step {number}", params
        if twice:
            again = step(before[0], g, before[1], **hyper)
            yield f"a second call of step {number}", again[0] if _is_pair(again) else again
        if other:
            outcome = step(second, other[1][number - 1], second_state, **hyper)
            second, second_state = outcome if _is_pair(outcome) else (outcome, second_state)
            yield f"the second network after step {number}", second


def _is_pair(outcome: Any) -> bool:
    return isinstance(outcome, (tuple, list)) and len(outcome) == 2


def _not_a_pair(outcome: Any) -> Any:
    """What stands in for the parameters when (params, state) did not come back."""
    return outcome if outcome is None else f"not the pair (params, state) but a {type(outcome).__name__}"


@probe("schedule")
def schedule(attempt: tuple[Any, ...], steps: Sequence[int], **kwargs: Any) -> Any:
    """Ask for the learning rate at each of `steps`."""
    (function,) = attempt
    rates = [to_data(function(step, **kwargs)) for step in steps]
    return rates if any(not isinstance(r, (int, float)) for r in rates) else np.array(rates, dtype=float)


@probe("two_epochs")
def two_epochs(
    attempt: tuple[Any, ...], x: np.ndarray, y: np.ndarray, batch_size: int, seed: int
) -> Iterator[tuple[str, Any]]:
    """Run two epochs on one generator, and the first again from a fresh generator of the same seed."""
    (function,) = attempt
    limit = 2 * len(x) + 5  # an iterable that never ends must not hang the check
    rng = np.random.default_rng(seed)
    np.random.seed(1)
    yield "first", _batches(function(x, y, batch_size, rng), limit)
    yield "second", _batches(function(x, y, batch_size, rng), limit)
    np.random.seed(2)
    yield "first again", _batches(function(x, y, batch_size, np.random.default_rng(seed)), limit)


def _batches(iterable: Any, limit: int) -> list[Any]:
    return [to_data(batch) for batch in islice(iter(iterable), limit)]


@recipe("bowl_gradient")
def bowl_gradient(a: np.ndarray, centre: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Gradient of f(x) = ½ (x - centre)ᵀ A (x - centre), A symmetric."""

    def gradient(x: np.ndarray) -> np.ndarray:
        return a @ (np.asarray(x, dtype=float) - centre)

    return gradient


@recipe("bound_step")
def bound_step(rule: str, **hyper: float) -> Step:
    """A step (params, grads, state) -> (params, state) with its settings bound: "sgd", "momentum" … "adamw"."""

    def step(params: Arrays, grads: Arrays, state: dict[str, Any]) -> tuple[Arrays, dict[str, Any]]:
        t = state.get("t", 0) + 1
        moments = state.get("moments", {})
        new, kept = {}, {}
        for key, p in params.items():
            kept[key], change = _RULES[rule](p, grads[key], moments.get(key, (0.0, 0.0)), t, **hyper)
            new[key] = np.asarray(p, dtype=float) + change
        return new, {"t": t, "moments": kept}

    return step


def _sgd(p: Any, g: Any, m: Any, t: int, lr: float) -> Any:
    return m, -lr * g


def _momentum(p: Any, g: Any, m: Any, t: int, lr: float, beta: float = 0.9) -> Any:
    v = beta * m[0] + g
    return (v, 0.0), -lr * v


def _rmsprop(p: Any, g: Any, m: Any, t: int, lr: float, beta: float = 0.99, eps: float = 1e-8) -> Any:
    s = beta * m[1] + (1 - beta) * g**2
    return (0.0, s), -lr * g / (np.sqrt(s) + eps)


def _adam(
    p: Any, g: Any, m: Any, t: int, lr: float, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
) -> Any:
    first, second = beta1 * m[0] + (1 - beta1) * g, beta2 * m[1] + (1 - beta2) * g**2
    return (first, second), -lr * (first / (1 - beta1**t)) / (np.sqrt(second / (1 - beta2**t)) + eps)


def _adamw(p: Any, g: Any, m: Any, t: int, lr: float, weight_decay: float = 0.01, **rest: Any) -> Any:
    kept, change = _adam(p, g, m, t, lr, **rest)
    return kept, change - lr * weight_decay * p


_RULES: dict[str, Callable[..., Any]] = {
    "sgd": _sgd, "momentum": _momentum, "rmsprop": _rmsprop, "adam": _adam, "adamw": _adamw,
}


@probe("fit_run")
def fit_run(
    attempt: tuple[Any, ...], params: Arrays, x: np.ndarray, y: np.ndarray, optimizer: str, seed: int, **kwargs: Any
) -> Iterator[tuple[str, Any]]:
    """Train a small network through the learner's loop, and write down what reached the step at every update."""
    (fit,) = attempt
    rates: list[float] = []
    norms: list[float] = []
    sizes: list[int] = []
    handed_on: list[bool] = []
    marks: list[float] = []  # one number per batch, by which two epochs in the same order are known
    rng = np.random.default_rng(seed)
    fresh = rng.bit_generator.state
    free = _free_step(optimizer)

    def loss_and_grads(p: Arrays, xb: np.ndarray, yb: np.ndarray) -> tuple[float, Arrays]:
        sizes.append(len(xb))
        marks.append(float(np.sum(xb)))
        return two_layer_loss(p, xb, yb)

    def step(p: Arrays, g: Arrays, state: dict[str, Any], lr: float) -> tuple[Arrays, dict[str, Any]]:
        rates.append(float(lr))
        norms.append(float(np.sqrt(sum(np.sum(np.square(a)) for a in g.values()))))
        handed_on.append(state.get("t", 0) == len(handed_on))  # a copy of the state is as good
        return free(p, g, state, lr=lr)

    outcome = fit(params, x, y, loss_and_grads, step, rng=rng, **kwargs)
    yield "rates", np.array(rates)
    yield "norms", np.array(norms)
    yield "sizes", np.array(sizes)
    yield "states handed on", handed_on
    yield "marks", np.array(marks)
    yield "rng drawn from", rng.bit_generator.state != fresh
    pair = _is_pair(outcome)
    yield "params", outcome[0] if pair else _not_a_pair(outcome)
    yield "losses", np.asarray(outcome[1], dtype=float) if pair and _numbers(outcome[1]) else None


def _numbers(values: Any) -> bool:
    return isinstance(values, (list, tuple, np.ndarray)) and all(isinstance(v, (int, float, np.number)) for v in values)


def _free_step(rule: str) -> Step:
    """A named step that takes its learning rate at every call, its other settings at their defaults."""

    def step(params: Arrays, grads: Arrays, state: dict[str, Any], lr: float) -> Any:
        return bound_step(rule, lr=lr)(params, grads, state)

    return step


def two_layer_loss(params: Arrays, x: np.ndarray, y: np.ndarray) -> tuple[float, Arrays]:
    """Mean cross-entropy of x → ReLU(x w1 + b1) w2 + b2, and its gradients: chapter 03's network in a dict."""
    hidden = np.maximum(x @ params["w1"] + params["b1"], 0)
    logits = hidden @ params["w2"] + params["b2"]
    logits = logits - logits.max(axis=1, keepdims=True)
    logp = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    rows = np.arange(len(y))
    d = np.exp(logp)
    d[rows, y] -= 1
    d /= len(y)
    dh = (d @ params["w2"].T) * (hidden > 0)
    grads = {"w1": x.T @ dh, "b1": dh.sum(axis=0), "w2": hidden.T @ d, "b2": d.sum(axis=0)}
    return float(-logp[rows, y].mean()), grads


@probe("settings")
def settings(attempt: tuple[Any, ...], **_: Any) -> Any:
    """Ask for the settings that the learner found; what they are tried on stays on the judge's side."""
    (function,) = attempt
    return function()
