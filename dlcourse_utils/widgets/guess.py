"""A typed guess at the next share of gradient, and what a teacher would answer to it."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from dataclasses import dataclass

from ..gradients.value_graph import Share, ValueGraph, in_digits

TOLERANCE = 0.01  # of the right number: three digits are shown, and two are enough to have understood

_OPERATIONS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What is said to a guess. understood: it was a number at all."""

    right: bool
    sentence: str
    understood: bool = True


def question(graph: ValueGraph, step: int) -> str:
    """Ask for the share after `step`; empty at the end."""
    if step >= len(graph.shares):
        return ""
    share = graph.shares[step]
    sender = f"{share.source.label} (gradient {in_digits(share.upstream)})"
    return f"Your turn: how much does {sender} send to {share.target.label}?"


def answer(share: Share, text: str) -> Answer:
    """Judge a guess such as "-3", "−3", "1,5", "2/3" or "4 * -2"."""
    guess = read_number(text)
    if guess is None:
        return Answer(False, f"{text.strip()!r} is no number; try something like -1.5 or 2/3.", understood=False)
    if close(guess, share.amount):
        upstream, local, amount = map(in_digits, (share.upstream, share.local, share.amount))
        return Answer(True, f"Right: {upstream} × {local} = {amount}.")
    return Answer(False, f"{in_digits(guess)} is not it. {_advice(share, guess)}")


def _advice(share: Share, guess: float) -> str:
    if share.before and close(guess, share.after):
        return (
            f"That is the whole gradient of {share.target.label} with this share added. "
            "Here only the share is asked for that travels now."
        )
    if close(guess, share.local):
        return "That is the local slope alone; it still has to be multiplied by the upstream gradient."
    if close(guess, share.upstream):
        return "That is the upstream gradient alone; multiply it by the local slope of the operation."
    if close(guess, -share.amount):
        return "The size is right, the sign is not."
    if close(guess, share.target.data):
        return f"That is the value of {share.target.label}; its gradient says how far L moves when this value moves."
    if share.source.op == "×" and close(guess, share.upstream * share.target.data):
        return "In a product each factor gets the other one's value."
    return "It is the upstream gradient times the local slope: by how much does the result move when this input does?"


def read_number(text: str) -> float | None:
    """Return a typed number, also as a sum, product or quotient of numbers; None for anything else."""
    plain = text.strip().replace("−", "-").replace(",", ".").replace("×", "*").replace("·", "*")
    try:
        value = _evaluate(ast.parse(plain, mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _evaluate(node: ast.AST) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _evaluate(node.operand)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_evaluate(node.left), _evaluate(node.right))
    raise ValueError("not a number")


def close(guess: float, number: float) -> bool:
    """True when a guess is the number but for rounding; 0 has to be 0."""
    return abs(guess - number) <= TOLERANCE * abs(number)
