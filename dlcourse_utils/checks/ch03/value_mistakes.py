"""Known-wrong `Value` classes. Each differs from `_Right` in one place, and its docstring says where."""

import math


class _Right:
    """Nodes that hold pairs (input, local slope)."""

    def __init__(self, data, inputs=()):
        self.data = float(data)
        self.grad = 0.0
        self.inputs = inputs

    def _wrap(self, other):
        return other if isinstance(other, _Right) else type(self)(other)

    def _node(self, data, *inputs):
        return type(self)(data, inputs)

    def __add__(self, other):
        other = self._wrap(other)
        return self._node(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        other = self._wrap(other)
        return self._node(self.data * other.data, (self, other.data), (other, self.data))

    def __pow__(self, other):
        if not isinstance(other, _Right):
            return self._node(self.data**other, (self, other * self.data ** (other - 1)))
        out = self.data**other.data
        return self._node(
            out, (self, other.data * self.data ** (other.data - 1)), (other, out * math.log(self.data))
        )

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -self._wrap(other)

    def __truediv__(self, other):
        other = self._wrap(other)
        return self._node(
            self.data / other.data, (self, 1 / other.data), (other, -self.data / other.data**2)
        )

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return self._wrap(other) - self

    def __rtruediv__(self, other):
        return self._wrap(other) / self

    def __rpow__(self, other):
        return self._wrap(other) ** self

    def exp(self):
        out = math.exp(self.data)
        return self._node(out, (self, out))

    def log(self):
        return self._node(math.log(self.data), (self, 1 / self.data))

    def tanh(self):
        out = math.tanh(self.data)
        return self._node(out, (self, 1 - out**2))

    def relu(self):
        return self._node(max(self.data, 0.0), (self, float(self.data > 0)))

    def _order(self):
        """Inputs before the nodes that use them."""
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for child, _ in node.inputs:
                    visit(child)
                order.append(node)

        visit(self)
        return order

    def backward(self):
        self.grad = 1.0
        for node in reversed(self._order()):
            for child, local in node.inputs:
                child.grad += local * node.grad


class overwrites_the_gradient(_Right):
    """Your backward pass overwrites .grad where it should add. A node that is used twice receives one share from each use, and the shares add up: += instead of =."""

    def backward(self):
        self.grad = 1.0
        for node in reversed(self._order()):
            for child, local in node.inputs:
                child.grad = local * node.grad


class visits_before_consumers(_Right):
    """Your backward pass visits a node before all of its consumers have sent their share, so it passes on too little. Append a node to the order *after* its inputs, then walk the list backwards (a topological order)."""

    def _order(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                order.append(node)
                for child, _ in node.inputs:
                    visit(child)

        visit(self)
        return order[::-1]


class visits_level_by_level(_Right):
    """Your backward pass goes level by level from the result (breadth first). With a short and a long way to the same node, the node's turn comes before the long way has arrived. Use a topological order."""

    def _order(self):
        order, seen = [self], {id(self)}
        for node in order:
            for child, _ in node.inputs:
                if id(child) not in seen:
                    seen.add(id(child))
                    order.append(child)
        return order[::-1]


class sends_again_for_every_path(_Right):
    """Your backward pass calls itself for every input, and each time the node passes on all it has collected so far, old shares included. Let every node pass on its gradient exactly once, when it is complete."""

    def backward(self):
        self.grad = 1.0
        self._send()

    def _send(self):
        for child, local in self.inputs:
            child.grad += local * self.grad
            child._send()


class forgets_the_seed(_Right):
    """All your gradients are 0: nobody started. The slope of L with respect to L is 1, so backward() begins with self.grad = 1.0."""

    def backward(self):
        for node in reversed(self._order()):
            for child, local in node.inputs:
                child.grad += local * node.grad


class one_share_per_operation(_Right):
    """When one node is both inputs of an operation, as in v * v, it gets only one of its two shares. A set or a dict of inputs keeps a node once; use a tuple or a list, and add twice."""

    def backward(self):
        self.grad = 1.0
        for node in reversed(self._order()):
            for child, local in {id(child): (child, local) for child, local in node.inputs}.values():
                child.grad += local * node.grad


class number_minus_node_reversed(_Right):
    """2 - v comes out as v - 2. For 2 - v Python calls v.__rsub__(2), with the operands swapped; compute 2 - v there."""

    def __rsub__(self, other):
        return self - other


class number_over_node_reversed(_Right):
    """2 / v comes out as v / 2. For 2 / v Python calls v.__rtruediv__(2), with the operands swapped; compute 2 / v there."""

    def __rtruediv__(self, other):
        return self / other


class number_power_node_reversed(_Right):
    """2 ** v comes out as v ** 2. For 2 ** v Python calls v.__rpow__(2), with the operands swapped; compute 2 ** v there."""

    def __rpow__(self, other):
        return self**other


class exponent_gets_no_slope(_Right):
    """In a ** b your exponent receives no gradient. When the exponent is a node, the result moves with it: its slope is a ** b · log(a)."""

    def __pow__(self, other):
        n = other.data if isinstance(other, _Right) else other
        return self._node(self.data**n, (self, n * self.data ** (n - 1)))


class log_of_a_negative_base(_Right):
    """v ** 3 with a negative v asks for log(v), which does not exist. Only a *node* in the exponent needs that slope; a plain number there needs none."""

    def __pow__(self, other):
        other = self._wrap(other)
        out = self.data**other.data
        return self._node(
            out, (self, other.data * self.data ** (other.data - 1)), (other, out * math.log(self.data))
        )


class denominator_without_minus(_Right):
    """In a / b the slope for b has the wrong sign: when b grows, the quotient shrinks. It is -a / b**2."""

    def __truediv__(self, other):
        other = self._wrap(other)
        return self._node(self.data / other.data, (self, 1 / other.data), (other, self.data / other.data**2))


class minus_without_sign(_Right):
    """In a - b your b receives +1 as its local slope. When b grows, the difference shrinks: its slope is -1."""

    def __sub__(self, other):
        other = self._wrap(other)
        return self._node(self.data - other.data, (self, 1.0), (other, 1.0))


class tanh_slope_from_the_input(_Right):
    """Your tanh slope is 1 - x**2, with the input x. The formula 1 - t**2 is in terms of the *output* t = tanh(x)."""

    def tanh(self):
        return self._node(math.tanh(self.data), (self, 1 - self.data**2))


class relu_passes_everything(_Right):
    """Your relu passes the gradient even where its input was negative. There the output stays 0 whatever the input does, so the local slope is 0."""

    def relu(self):
        return self._node(max(self.data, 0.0), (self, 1.0))


class product_keeps_its_own_value(_Right):
    """In u * v you give u the slope u and v the slope v. Each gets the *other's* value: when u moves, the product moves v times as far."""

    def __mul__(self, other):
        other = self._wrap(other)
        return self._node(self.data * other.data, (self, self.data), (other, other.data))


class sends_the_local_slope_alone(_Right):
    """You send the local slope alone. What an input receives is local slope times what its consumer has received: multiply by node.grad."""

    def backward(self):
        self.grad = 1.0
        for node in reversed(self._order()):
            for child, local in node.inputs:
                child.grad += local


class log_of_a_negative_denominator(_Right):
    """v ** 3, and 2 / v which is 2 * v ** -1, ask for log(v), and for a negative v there is none. The log is needed only when the *exponent* is a Value; a plain number there gets no slope."""

    def __pow__(self, other):
        other = self._wrap(other)
        out = self.data**other.data
        return self._node(
            out, (self, other.data * self.data ** (other.data - 1)), (other, out * math.log(self.data))
        )

    def __truediv__(self, other):
        return self * self._wrap(other) ** -1


MISTAKES = (
    overwrites_the_gradient,
    visits_before_consumers,
    visits_level_by_level,
    sends_again_for_every_path,
    forgets_the_seed,
    one_share_per_operation,
    number_minus_node_reversed,
    number_over_node_reversed,
    number_power_node_reversed,
    exponent_gets_no_slope,
    log_of_a_negative_base,
    denominator_without_minus,
    minus_without_sign,
    tanh_slope_from_the_input,
    relu_passes_everything,
    product_keeps_its_own_value,
    sends_the_local_slope_alone,
    log_of_a_negative_denominator,
)
