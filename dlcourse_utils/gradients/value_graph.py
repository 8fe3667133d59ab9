"""The graph of a scalar expression, and the backward pass through it, one share at a time.

    graph = trace(lambda a, b: (a * b + a).tanh(), a=2.0, b=-0.5)
    graph.shares[0].sentence            # who sends how much to whom, and why
    graph.replay(Value)                 # the same expression on your own class: its data and grads

`trace` runs the expression on stand-ins that write down every operation, so nothing about the class under study has
to be known but its public contract: the operators, `.exp() .log() .tanh() .relu()`, `.backward()`, `.data`, `.grad`.
The numbers here come from the local slopes alone and are independent of any learner's code.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors import CourseError
from .views.view import View, own_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Number = float | int


@dataclass(frozen=True)
class Node:
    """One number in the graph. `inputs` are indices of earlier nodes; `local` has one slope per input."""

    index: int
    op: str  # "leaf", "number", or the operation: "+", "×", "tanh", …
    name: str
    data: float
    inputs: tuple[int, ...] = ()
    local: tuple[float, ...] = ()

    @property
    def label(self) -> str:
        """What stands on top of the node's box."""
        if self.op in ("leaf", "number"):
            return self.name
        return f"{self.name} ({self.op})" if self.name else self.op


@dataclass(frozen=True)
class Share:
    """One share of gradient on its way from a node to one of its inputs: amount = upstream × local."""

    source: Node
    target: Node
    upstream: float
    local: float
    before: float  # what the target had collected already
    slot: int = 0  # which of the source's inputs the target is: v * v sends two shares to v

    @property
    def amount(self) -> float:
        """What is sent."""
        return self.upstream * self.local

    @property
    def after(self) -> float:
        """The target's gradient with this share."""
        return self.before + self.amount

    @property
    def sentence(self) -> str:
        """The share in words."""
        text = (
            f"{self.source.label} (gradient {in_digits(self.upstream)}) → {self.target.label}: "
            f"upstream {in_digits(self.upstream)} × local slope {in_digits(self.local)} = {in_digits(self.amount)}."
        )
        if self.before:
            before, after = in_digits(self.before), in_digits(self.after)
            text += f" {self.target.label} had {before} from another path; together {after}."
        return text


@dataclass(frozen=True)
class Replay:
    """A traced expression on another class: data and grad of every node (None where the node is a plain number)."""

    data: tuple[float | None, ...]
    grads: tuple[float | None, ...]


@dataclass(frozen=True)
class ValueGraph(View):
    """Nodes in the order in which they were computed; the last one is the result, L.

    Cures: "the gradient flows along one path". A number that is used twice collects a share from every user, and
    passes nothing on before the last one has arrived.
    """

    how_to_read: ClassVar[str] = (
        "a box a number: its name or operation, its value, and its gradient, which is how many times as far the last "
        "box moves as this one does. Arrows point forward; read the gradients from right to left."
    )

    nodes: tuple[Node, ...]

    def draw(self, ax: Axes) -> None:
        from .value_graph_figure import draw_value_graph

        draw_value_graph(self, ax=ax)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the graph with all gradients and return the Axes; a figure of its own grows with the graph."""
        from .value_graph_figure import figure_size, layout

        if ax is None:
            width, height = figure_size(layout(self))
            ax = own_axes((max(width, 5.5), height + 0.7), self.how_to_read)
        self.draw(ax)
        return ax

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """All shares in backward order: a node sends only when all of its consumers have sent theirs."""
        grads = [0.0] * len(self.nodes)
        grads[-1] = 1.0
        sent: list[Share] = []
        for node in reversed(self.nodes):
            for slot, (index, local) in enumerate(zip(node.inputs, node.local, strict=True)):
                target = self.nodes[index]
                if target.op == "number":
                    continue
                sent.append(Share(node, target, grads[node.index], local, grads[index], slot))
                grads[index] += grads[node.index] * local
        return tuple(sent)

    def grads_after(self, steps: int | None = None) -> tuple[float | None, ...]:
        """The gradient of every node after `steps` shares (None: after all); None where nothing has arrived yet."""
        grads: list[float | None] = [None] * len(self.nodes)
        grads[-1] = 1.0
        for share in self.shares[:steps]:
            grads[share.target.index] = share.after
        return tuple(grads)

    def replay(self, cls: Callable[[float], Any]) -> Replay:
        """Build the same expression from `cls`, call `.backward()` on the result and read `.data` and `.grad`.

        Whatever `cls` raises passes through; an unsolved class raises NotImplementedError.
        """
        built: list[Any] = []
        for node in self.nodes:
            given = [built[i] for i in node.inputs]
            if node.op == "number":
                built.append(node.data)
            elif node.op == "leaf":
                built.append(cls(node.data))
            else:
                built.append(_APPLY[node.op](*given))
        built[-1].backward()
        own = [None if node.op == "number" else thing for node, thing in zip(self.nodes, built, strict=True)]
        return Replay(
            tuple(None if thing is None else float(thing.data) for thing in own),
            tuple(None if thing is None else float(thing.grad) for thing in own),
        )


def trace(f: Callable[..., Any], **leaves: Number) -> ValueGraph:
    """Return the graph of f(**leaves), a scalar expression of the named leaves.

    Inside f a result may be given a name with `.named("y")`. Raises CourseError when f gives back something that
    does not depend on its arguments, or leaves the domain of log or a power.
    """
    tape: list[Node] = []
    stand_ins = {name: _write(tape, "leaf", name, float(value)) for name, value in leaves.items()}
    result = f(**stand_ins)
    if not isinstance(result, Traced):
        names = ", ".join(leaves)
        raise CourseError(f"The expression gave a {type(result).__name__}, which does not depend on {names}.")
    return ValueGraph(_only_what_counts(tape, result.index))


class Traced:
    """Stands in for a number while an expression is traced."""

    def __init__(self, tape: list[Node], index: int) -> None:
        self._tape = tape
        self.index = index

    @property
    def data(self) -> float:
        """The number it stands for."""
        return self._tape[self.index].data

    def named(self, name: str) -> Traced:
        """Give this node a name for figures and sentences."""
        node = self._tape[self.index]
        self._tape[self.index] = Node(node.index, node.op, name, node.data, node.inputs, node.local)
        return self

    def _with(self, op: str, left: Any, right: Any) -> Traced:
        u, v = _lift(self._tape, left), _lift(self._tape, right)
        a, b = u.data, v.data
        try:
            data, local = _BINARY[op](a, b)
        except (ValueError, ZeroDivisionError, OverflowError) as error:
            raise CourseError(f"{a:g} {op} {b:g} is not a number one can work with ({error}).") from error
        if op == "**" and self._tape[v.index].op != "number" and a <= 0:
            raise CourseError(f"{a:g} ** a node needs a positive base.")
        return _write(self._tape, op, "", data, (u.index, v.index), local)

    def _alone(self, op: str) -> Traced:
        try:
            data, slope = _UNARY[op](self.data)
        except (ValueError, OverflowError) as error:
            raise CourseError(f"{op}({self.data:g}) is not a number one can work with ({error}).") from error
        return _write(self._tape, op, "", data, (self.index,), (slope,))

    def __add__(self, other: Any) -> Traced:
        return self._with("+", self, other)

    def __radd__(self, other: Any) -> Traced:
        return self._with("+", other, self)

    def __sub__(self, other: Any) -> Traced:
        return self._with("−", self, other)

    def __rsub__(self, other: Any) -> Traced:
        return self._with("−", other, self)

    def __mul__(self, other: Any) -> Traced:
        return self._with("×", self, other)

    def __rmul__(self, other: Any) -> Traced:
        return self._with("×", other, self)

    def __truediv__(self, other: Any) -> Traced:
        return self._with("/", self, other)

    def __rtruediv__(self, other: Any) -> Traced:
        return self._with("/", other, self)

    def __pow__(self, other: Any) -> Traced:
        return self._with("**", self, other)

    def __rpow__(self, other: Any) -> Traced:
        return self._with("**", other, self)

    def __neg__(self) -> Traced:
        return self._alone("neg")

    def exp(self) -> Traced:
        """e to the power of this number."""
        return self._alone("exp")

    def log(self) -> Traced:
        """The natural logarithm."""
        return self._alone("log")

    def tanh(self) -> Traced:
        """The hyperbolic tangent."""
        return self._alone("tanh")

    def relu(self) -> Traced:
        """The larger of this number and 0."""
        return self._alone("relu")


# op → (value, one local slope per input)
_BINARY: dict[str, Callable[[float, float], tuple[float, tuple[float, float]]]] = {
    "+": lambda a, b: (a + b, (1.0, 1.0)),
    "−": lambda a, b: (a - b, (1.0, -1.0)),
    "×": lambda a, b: (a * b, (b, a)),
    "/": lambda a, b: (a / b, (1 / b, -a / b**2)),
    "**": lambda a, b: (math.pow(a, b), (b * math.pow(a, b - 1), math.pow(a, b) * math.log(a) if a > 0 else 0.0)),
}
_UNARY: dict[str, Callable[[float], tuple[float, float]]] = {
    "neg": lambda a: (-a, -1.0),
    "exp": lambda a: (math.exp(a), math.exp(a)),
    "log": lambda a: (math.log(a), 1 / a),
    "tanh": lambda a: (math.tanh(a), 1 - math.tanh(a) ** 2),
    "relu": lambda a: (max(a, 0.0), float(a > 0)),
}
_APPLY: dict[str, Callable[..., Any]] = {
    "+": lambda u, v: u + v,
    "−": lambda u, v: u - v,
    "×": lambda u, v: u * v,
    "/": lambda u, v: u / v,
    "**": lambda u, v: u**v,
    "neg": lambda u: -u,
    "exp": lambda u: u.exp(),
    "log": lambda u: u.log(),
    "tanh": lambda u: u.tanh(),
    "relu": lambda u: u.relu(),
}


def _write(
    tape: list[Node], op: str, name: str, data: float, inputs: tuple[int, ...] = (), local: tuple[float, ...] = ()
) -> Traced:
    tape.append(Node(len(tape), op, name, data, inputs, local))
    return Traced(tape, len(tape) - 1)


def _lift(tape: list[Node], value: Any) -> Traced:
    return value if isinstance(value, Traced) else _write(tape, "number", in_digits(value), float(value))


def _only_what_counts(tape: list[Node], root: int) -> tuple[Node, ...]:
    """Leave out what the result does not depend on, and number the rest anew; the result comes last."""
    wanted, todo = {root}, [root]
    while todo:
        for index in tape[todo.pop()].inputs:
            if index not in wanted:
                wanted.add(index)
                todo.append(index)
    kept = sorted(wanted)
    new = {old: i for i, old in enumerate(kept)}
    nodes = [tape[old] for old in kept]
    return tuple(Node(new[n.index], n.op, n.name, n.data, tuple(new[i] for i in n.inputs), n.local) for n in nodes)


def in_digits(x: float) -> str:
    """Return three significant digits with a real minus sign."""
    return f"{x:.3g}".replace("-", "−")
