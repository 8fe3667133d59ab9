"""How chapter 03's exercises are run beside the learner's code: backprop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .registry import Attempt, Parts, probe, recipe


@probe("value_program")
def value_program(
    attempt: Attempt, leaves: dict[str, float], steps: list[Any], first: list[Any] | None = None
) -> Parts:
    """Build an expression from the learner's `Value`, go backward, and hand over L and every leaf's gradient.

    first: another program to run before, on the same leaves; their .grad is then set back to 0.
    """
    (cls,) = attempt
    nodes = {name: cls(number) for name, number in leaves.items()}
    if first is not None:
        _run_program(nodes, first).backward()
        for leaf in nodes.values():
            leaf.grad = 0.0
    result = _run_program(nodes, steps)
    result.backward()  # before the first part: a class whose backward is unwritten has shown nothing yet
    yield "L.data", result.data
    for name, leaf in nodes.items():
        yield f"{name}.grad", leaf.grad


_OPERATIONS: dict[str, tuple[str, Callable[..., Any]]] = {
    "add": ("{} + {}", lambda u, v: u + v),
    "sub": ("{} - {}", lambda u, v: u - v),
    "mul": ("{} * {}", lambda u, v: u * v),
    "div": ("{} / {}", lambda u, v: u / v),
    "pow": ("{} ** {}", lambda u, v: u**v),
    "neg": ("-{}", lambda u: -u),
    "exp": ("{}.exp()", lambda u: u.exp()),
    "log": ("{}.log()", lambda u: u.log()),
    "tanh": ("{}.tanh()", lambda u: u.tanh()),
    "relu": ("{}.relu()", lambda u: u.relu()),
}


def _run_program(leaves: dict[str, Any], steps: list[Any]) -> Any:
    """Return the node of the last step. See `checks/ch03/programs.py` for the form of a program."""
    nodes: dict[Any, Any] = dict(leaves)
    for number, (name, *operands) in enumerate(steps):
        text, operation = _OPERATIONS[name]
        given = [o[1] if isinstance(o, (tuple, list)) else nodes[o] for o in operands]
        result = operation(*given)
        if not hasattr(result, "backward"):
            words = [str(g) if isinstance(g, (int, float)) else "v" for g in given]
            raise TypeError(f"{text.format(*words)} gave {_named(result)}, not a Value. Is a `return` missing?")
        nodes[number] = result
    return nodes[len(steps) - 1] if steps else next(iter(leaves.values()))


def _named(result: Any) -> str:
    return "None" if result is None else f"a {type(result).__name__}"


@probe("forward_backward")
def forward_backward(
    attempt: Attempt,
    x: np.ndarray,
    w: np.ndarray,
    b: np.ndarray,
    dout: np.ndarray,
    between: tuple[np.ndarray, ...] | None = None,
) -> Parts:
    """Run a linear layer forward and back; `between` sends another layer forward before the first goes back."""
    forward, backward = attempt
    out, cache = forward(x, w, b)
    yield "out", out
    if between is not None:
        forward(*between)
    dx, dw, db = backward(dout, cache)
    yield "dx", dx
    yield "dw", dw
    yield "db", db


@probe("relu_forward_backward")
def relu_forward_backward(attempt: Attempt, x: np.ndarray, dout: np.ndarray, overwrite: bool = False) -> Parts:
    """Run ReLU forward and back; with `overwrite` the caller reuses the array `out` in between, as it may."""
    forward, backward = attempt
    out, cache = forward(x)
    yield "out", out
    if overwrite and isinstance(out, np.ndarray) and out.flags.writeable and not np.shares_memory(out, x):
        out[...] = np.where(out > 0, -1.0, 1.0)
    yield "dx", backward(dout, cache)


@probe("array_of")
def array_of(attempt: Attempt, *args: Any) -> Any:
    """Call the one function; a NumPy scalar counts as the 0-d array it stands for."""
    (function,) = attempt
    result = function(*args)
    return np.asarray(result) if isinstance(result, (np.generic, float, int)) else result


@probe("loss_and_dlogits")
def loss_and_dlogits(attempt: Attempt, logits: np.ndarray, labels: np.ndarray) -> Parts:
    """Call softmax_cross_entropy and hand over its two results by name."""
    (function,) = attempt
    loss, dlogits = function(logits, labels)
    yield "loss", loss
    yield "dlogits", dlogits


@probe("mlp_loss_and_grads")
def mlp_loss_and_grads(attempt: Attempt, params: Any, x: np.ndarray, labels: np.ndarray) -> Parts:
    """Call mlp_loss_and_grads and hand over its two results by name."""
    (function,) = attempt
    loss, grads = function(params, x, labels)
    yield "loss", loss
    yield "grads", grads


@probe("train_runs")
def train_runs(attempt: Attempt, runs: list[dict[str, Any]]) -> Parts:
    """Train once per entry of `runs` (keywords of train_mlp) and hand over the weights."""
    (train,) = attempt
    for number, run in enumerate(runs, start=1):
        yield f"run {number}", train(run["x"], run["labels"], run["hidden"], run["lr"], run["steps"], run["seed"])


@recipe("cubic")
def cubic(weights: np.ndarray) -> Callable[[np.ndarray], float]:
    """f(x) = Σ w·x³/3, so the slope at each element is w·x²."""
    return lambda x: float((weights * x**3).sum() / 3)


@recipe("steep")
def steep(weights: np.ndarray) -> Callable[[np.ndarray], float]:
    """f(x) = Σ w·exp(40x)/40: slopes that change quickly, where a one-sided difference is visibly off."""
    return lambda x: float((weights * np.exp(40 * x)).sum() / 40)
