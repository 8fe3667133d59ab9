"""Expressions as data, for 03.Value: the same program runs on a learner's class and, independently, on torch.

A program is `leaves`, a dict name → number, and `steps`, a list of tuples (operation, operand[, operand]). An operand
is a leaf's name, the number of an earlier step, or ("const", number). The result L is the last step (or, without
steps, the first leaf).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

Program = dict[str, Any]


def two(n: float) -> tuple[str, float]:
    """A constant operand."""
    return ("const", n)


def _signed(rng: np.random.Generator, names: str = "abc") -> dict[str, float]:
    """Leaves of mixed sign, none near 0 and no two of equal size."""
    sizes = rng.permutation(np.linspace(0.6, 2.0, len(names))) + rng.uniform(0.02, 0.2, len(names))
    signs = np.resize([-1.0, 1.0], len(names))
    return {name: float(s * v) for name, s, v in zip(names, signs, sizes, strict=True)}


def _positive(rng: np.random.Generator) -> dict[str, float]:
    return {name: abs(value) for name, value in _signed(rng).items()}


def _pair(rng: np.random.Generator) -> dict[str, float]:
    return _signed(rng, "ab")


def _single(rng: np.random.Generator) -> dict[str, float]:
    return _signed(rng, "a")


# (name shown to the learner, how the leaves are drawn, steps)
FIXED: tuple[tuple[str, Callable[[np.random.Generator], dict[str, float]], list[Any]], ...] = (
    ("sums and products, L = a * b + c", _signed, [("mul", "a", "b"), ("add", 0, "c")]),
    (
        "numbers on either side, L = (3 + a) * (b * 2) + 1.5",
        _pair,
        [("add", two(3), "a"), ("mul", "b", two(2)), ("mul", 0, 1), ("add", 2, two(1.5))],
    ),
    ("a leaf by itself, L = a", _single, []),
    ("minus, L = (-a) * (b - 4) - c", _signed, [("neg", "a"), ("sub", "b", two(4)), ("mul", 0, 1), ("sub", 2, "c")]),
    ("a number minus a node, L = (2 - a) * b", _pair, [("sub", two(2), "a"), ("mul", 0, "b")]),
    ("division, L = a / b + c / 4", _signed, [("div", "a", "b"), ("div", "c", two(4)), ("add", 0, 1)]),
    ("a number divided by a node, L = (2 / a) * b", _pair, [("div", two(2), "a"), ("mul", 0, "b")]),
    (
        "powers, L = a ** 3 + b ** -2 (a is negative)",
        _pair,
        [("pow", "a", two(3)), ("pow", "b", two(-2)), ("add", 0, 1)],
    ),
    ("a number to the power of a node, L = (2 ** a) * b", _pair, [("pow", two(2), "a"), ("mul", 0, "b")]),
    ("a node to the power of a node, L = (a ** b) * c", _positive, [("pow", "a", "b"), ("mul", 0, "c")]),
    ("the same node twice, L = a * a + b", _pair, [("mul", "a", "a"), ("add", 0, "b")]),
    (
        "the same node twice, L = (a + a) * (b / b) - (c - c)",
        _signed,
        [("add", "a", "a"), ("div", "b", "b"), ("mul", 0, 1), ("sub", "c", "c"), ("sub", 2, 3)],
    ),
    ("a fork, L = a * b + a", _pair, [("mul", "a", "b"), ("add", 0, "a")]),
    (
        "a diamond, y = a * b, L = (y + 2) * (y - c)",
        _signed,
        [("mul", "a", "b"), ("add", 0, two(2)), ("sub", 0, "c"), ("mul", 1, 2)],
    ),
    (
        "a shortcut, y = a * b, z = 3 * y + c, L = y * z",
        _signed,
        [("mul", "a", "b"), ("mul", two(3), 0), ("add", 1, "c"), ("mul", 0, 2)],
    ),
    (
        "exp and log, L = exp(a) * log(b) + log(c)",
        _positive,
        [("exp", "a"), ("log", "b"), ("mul", 0, 1), ("log", "c"), ("add", 2, 3)],
    ),
    ("tanh, L = tanh(a) * tanh(b) * 3", _pair, [("tanh", "a"), ("tanh", "b"), ("mul", 0, 1), ("mul", 2, two(3))]),
    (
        "relu on both sides of 0, L = relu(a) * b + relu(b) * 3 + relu(c * b)",
        _signed,
        [
            ("relu", "a"), ("mul", 0, "b"), ("relu", "b"), ("mul", 2, two(3)),
            ("add", 1, 3), ("mul", "c", "b"), ("relu", 5), ("add", 4, 6),
        ],
    ),
)  # fmt: skip

# The first of the "two graphs": any leaf a random program may have, used so that every gradient moves.
WARM_UP: list[Any] = [("mul", "a", "b"), ("add", 0, "a"), ("mul", 1, "c"), ("tanh", 2)]


def deep_chain(rng: np.random.Generator, links: int) -> Program:
    """A chain of 2·links operations: deep, but below 500 nodes even when constants are nodes too."""
    steps: list[Any] = [("mul", "a", two(0.99)), ("add", 0, two(0.02))]
    for _ in range(links - 1):
        steps.append(("mul", len(steps) - 1, two(0.99)))
        steps.append(("add", len(steps) - 1, two(0.02)))
    return {"leaves": _single(rng), "steps": steps}


_ONE: dict[str, Callable[[float], float]] = {
    "neg": lambda u: -u,
    "exp": math.exp,
    "log": math.log,
    "tanh": math.tanh,
    "relu": lambda u: max(u, 0.0),
}
_TWO: dict[str, Callable[[float, float], float]] = {
    "add": lambda u, v: u + v,
    "sub": lambda u, v: u - v,
    "mul": lambda u, v: u * v,
    "div": lambda u, v: u / v,
    "pow": lambda u, v: u**v,
}


def _is_tame(name: str, u: float, v: float, v_is_const: bool) -> bool:
    """Away from kinks, poles and the edges of the domain, so that only wrong slopes can differ."""
    if name == "log":
        return u > 0.2
    if name == "relu":
        return abs(u) > 0.1
    if name == "div":
        return abs(v) > 0.3
    if name == "pow":
        whole = v_is_const and float(v).is_integer()
        return (u > 0.2 or (whole and u < -0.2)) and abs(v) < 3.5
    return True


def random_program(rng: np.random.Generator, size: int) -> Program:
    """Draw `size` operations on earlier results, then add up whatever nobody used, so that everything counts."""
    leaves = _signed(rng)
    values: dict[Any, float] = dict(leaves)
    steps: list[Any] = []
    unused: set[Any] = set(leaves)
    while len(steps) < size:
        name = str(rng.choice(["add", "sub", "mul", "div", "pow", "mul", "neg", "exp", "log", "tanh", "relu"]))
        pool = sorted(values, key=str)
        left: Any = pool[rng.integers(len(pool))]
        right: Any = pool[rng.integers(len(pool))]
        if name in _TWO and rng.random() < 0.3:
            constant = two(int(rng.integers(2, 4)))
            left, right = (constant, right) if rng.random() < 0.5 else (left, constant)
        u, v = (o[1] if isinstance(o, tuple) else values[o] for o in (left, right))
        if not _is_tame(name, u, v, isinstance(right, tuple)):
            continue
        result = _ONE[name](u) if name in _ONE else _TWO[name](u, v)
        if not 0.05 < abs(result) < 6:
            continue
        operands = (left,) if name in _ONE else (left, right)
        unused -= {o for o in operands if not isinstance(o, tuple)}
        values[len(steps)] = result
        unused.add(len(steps))
        steps.append((name, *operands))
    total: Any = len(steps) - 1
    for key in sorted(unused - {total}, key=str):
        steps.append(("add", total, key))
        total = len(steps) - 1
    return {"leaves": leaves, "steps": steps}


def evaluate_with_torch(leaves: dict[str, float], steps: list[Any]) -> dict[str, float]:
    """L and the gradient of every leaf, by PyTorch's autograd in float64."""
    import torch

    nodes: dict[Any, Any] = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True) for name, value in leaves.items()
    }
    named: dict[str, Callable[..., Any]] = {"sub": torch.sub, "mul": torch.mul, "div": torch.div, "add": torch.add, "pow": torch.pow}
    for number, (name, *operands) in enumerate(steps):
        values = [torch.tensor(float(o[1]), dtype=torch.float64) if isinstance(o, tuple) else nodes[o] for o in operands]
        function: Callable[..., Any] = named[name] if name in named else getattr(torch, name)
        nodes[number] = function(*values)
    result = nodes[len(steps) - 1] if steps else nodes[next(iter(leaves))]
    grads = torch.autograd.grad(result, [nodes[name] for name in leaves], allow_unused=True)
    answer = {"L.data": result.item()}
    for name, grad in zip(leaves, grads, strict=True):
        answer[f"{name}.grad"] = 0.0 if grad is None else grad.item()
    return answer
