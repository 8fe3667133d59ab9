"""03.Value: a number that remembers how it was made, checked against PyTorch on small expression programs."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise
from .programs import FIXED, WARM_UP, deep_chain, evaluate_with_torch, random_program
from .value_mistakes import MISTAKES


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Each case is a program: named leaves and steps such as ("mul", "a", "b"), the last one is L."""
    for name, draw, steps in FIXED:
        yield Case(name, kwargs={"leaves": draw(rng), "steps": steps})
    yield Case("a long chain, L = (…((a * 0.99 + 0.02) * 0.99 + 0.02) …)", kwargs=deep_chain(rng, 100))
    second = random_program(rng, 6)
    yield Case(
        "two graphs, with .grad set back to 0 in between",
        kwargs={"leaves": second["leaves"], "steps": second["steps"], "first": WARM_UP},
    )
    for size in (8, 14, 20):
        yield Case(f"a random graph of {size} operations", kwargs=random_program(rng, size))


def oracle(leaves: dict[str, float], steps: list[Any], first: list[Any] | None = None) -> dict[str, float]:
    return evaluate_with_torch(leaves, steps)  # an earlier graph must leave no trace


EXERCISE = Exercise(
    id="03.Value",
    title="A number that remembers",
    objects=("Value",),
    points=3,
    cases=cases,
    probe="value_program",
    oracle=oracle,
    mistakes=MISTAKES,
    hints=(
        "What does one operation have to remember? → Two things per input: which node it was, and the local slope, that is how much "
        "the result moves when this input moves. For a * b the slopes are b.data (for a) and a.data (for b).",
        "My gradients are all 0. → Somebody has to start. The slope of L with respect to itself is 1: set self.grad = 1.0 at the "
        "beginning of backward().",
        "A node used twice gets too little. → It receives one share from each use, and the shares add: child.grad += local * node.grad. "
        "With = the last one wins.",
        "One use adds up, but deeper graphs are wrong. → A node may only pass its gradient on once all its consumers have spoken. "
        "Collect the nodes with a depth-first walk that appends a node *after* its inputs, then go through that list reversed.",
        "2 - v gives the wrong sign. → Python asks v for v.__rsub__(2), with the operands swapped: it must be 2 - v, not v - 2. "
        "The same goes for __rtruediv__ and __rpow__. Wrap the 2 in a Value and use the operation you already have.",
        "v ** 3 fails for a negative v. → The slope for the exponent needs log(v). A plain number as exponent needs no slope: "
        "treat it apart, or use the log only for a positive base.",
        "Nearly everything of backward():\n```python\norder, seen = [], set()\ndef visit(node):\n    if id(node) not in seen:\n"
        "        seen.add(id(node))\n        for child, _ in node.inputs:\n            visit(child)\n        order.append(node)\n"
        "visit(self)\nself.grad = 1.0\nfor node in reversed(order):\n    for child, local in node.inputs:\n"
        "        ...   # add this node's share to the child\n```",
    ),
)
