"""Right ways to write `Value`."""

import itertools
import math


class closures:
    """Each node keeps a function that sends its gradient on; order by depth-first search."""

    def __init__(self, data, children=()):
        self.data = data
        self.grad = 0.0
        self._send = lambda: None
        self._prev = tuple(children)

    @staticmethod
    def _of(other):
        return other if isinstance(other, closures) else closures(float(other))

    def __add__(self, other):
        other = self._of(other)
        out = closures(self.data + other.data, (self, other))

        def send():
            self.grad += out.grad
            other.grad += out.grad

        out._send = send
        return out

    def __mul__(self, other):
        other = self._of(other)
        out = closures(self.data * other.data, (self, other))

        def send():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._send = send
        return out

    def __pow__(self, other):
        other = self._of(other)
        out = closures(self.data**other.data, (self, other))

        def send():
            self.grad += other.data * self.data ** (other.data - 1) * out.grad
            if self.data > 0:
                other.grad += out.data * math.log(self.data) * out.grad

        out._send = send
        return out

    def _unary(self, value, slope):
        out = closures(value, (self,))

        def send():
            self.grad += slope * out.grad

        out._send = send
        return out

    def exp(self):
        return self._unary(math.exp(self.data), math.exp(self.data))

    def log(self):
        return self._unary(math.log(self.data), 1 / self.data)

    def tanh(self):
        t = math.tanh(self.data)
        return self._unary(t, 1 - t * t)

    def relu(self):
        return self._unary(self.data if self.data > 0 else 0.0, 1.0 if self.data > 0 else 0.0)

    def __neg__(self):
        return self * -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __truediv__(self, other):
        return self * self._of(other) ** -1

    def __rtruediv__(self, other):
        return other * self**-1

    def __rpow__(self, other):
        return closures(float(other)) ** self

    def backward(self):
        topo, seen = [], set()

        def build(v):
            if v not in seen:
                seen.add(v)
                for child in v._prev:
                    build(child)
                topo.append(v)

        build(self)
        self.grad = 1.0
        for v in reversed(topo):
            v._send()


class serial_numbers:
    """A node is always younger than its inputs: sort by a serial number, no search order needed."""

    _serial = itertools.count()

    def __init__(self, data, edges=()):
        self.data, self.grad, self.edges = float(data), 0, list(edges)
        self.number = next(serial_numbers._serial)

    def _make(self, data, *edges):
        return serial_numbers(data, edges)

    def __add__(self, o):
        o = _lift(o)
        return self._make(self.data + o.data, (self, 1), (o, 1))

    __radd__ = __add__

    def __mul__(self, o):
        o = _lift(o)
        return self._make(self.data * o.data, (self, o.data), (o, self.data))

    __rmul__ = __mul__

    def __sub__(self, o):
        o = _lift(o)
        return self._make(self.data - o.data, (self, 1), (o, -1))

    def __rsub__(self, o):
        return _lift(o) - self

    def __neg__(self):
        return 0 - self

    def __truediv__(self, o):
        o = _lift(o)
        return self._make(self.data / o.data, (self, 1 / o.data), (o, -self.data / o.data**2))

    def __rtruediv__(self, o):
        return _lift(o) / self

    def __pow__(self, o):
        if isinstance(o, (int, float)):
            return self._make(self.data**o, (self, o * self.data ** (o - 1)))
        return (self.log() * o).exp()

    def __rpow__(self, o):
        return (self * math.log(o)).exp()

    def exp(self):
        return self._make(math.exp(self.data), (self, math.exp(self.data)))

    def log(self):
        return self._make(math.log(self.data), (self, 1 / self.data))

    def tanh(self):
        return self._make(math.tanh(self.data), (self, 1 / math.cosh(self.data) ** 2))

    def relu(self):
        return self._make(max(0.0, self.data), (self, int(self.data > 0)))

    def backward(self):
        found, todo = {self.number: self}, [self]
        while todo:
            for child, _ in todo.pop().edges:
                if child.number not in found:
                    found[child.number] = child
                    todo.append(child)
        for node in found.values():
            node.grad = 0.0
        self.grad = 1.0
        for number in sorted(found, reverse=True):
            for child, local in found[number].edges:
                child.grad += local * found[number].grad


def _lift(o):
    return o if isinstance(o, serial_numbers) else serial_numbers(o)


class counts_consumers:
    """Kahn's way: a node's turn comes when its count of waiting consumers reaches zero."""

    def __init__(self, data, parents=(), slopes=()):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.slopes = slopes

    def _binary(self, other, f, df):
        if not isinstance(other, counts_consumers):
            other = counts_consumers(other)
        return counts_consumers(f(self.data, other.data), (self, other), df(self.data, other.data))

    def __add__(self, other):
        return self._binary(other, lambda a, b: a + b, lambda a, b: (1.0, 1.0))

    def __radd__(self, other):
        return self._binary(other, lambda a, b: b + a, lambda a, b: (1.0, 1.0))

    def __sub__(self, other):
        return self._binary(other, lambda a, b: a - b, lambda a, b: (1.0, -1.0))

    def __rsub__(self, other):
        return self._binary(other, lambda a, b: b - a, lambda a, b: (-1.0, 1.0))

    def __mul__(self, other):
        return self._binary(other, lambda a, b: a * b, lambda a, b: (b, a))

    def __rmul__(self, other):
        return self._binary(other, lambda a, b: b * a, lambda a, b: (b, a))

    def __truediv__(self, other):
        return self._binary(other, lambda a, b: a / b, lambda a, b: (1 / b, -a / b / b))

    def __rtruediv__(self, other):
        return self._binary(other, lambda a, b: b / a, lambda a, b: (-b / a / a, 1 / a))

    def __pow__(self, other):
        return self._binary(
            other, lambda a, b: a**b, lambda a, b: (b * a ** (b - 1), a**b * math.log(a) if a > 0 else 0.0)
        )

    def __rpow__(self, other):
        return self._binary(other, lambda a, b: b**a, lambda a, b: (b**a * math.log(b), a * b ** (a - 1)))

    def __neg__(self):
        return counts_consumers(-self.data, (self,), (-1.0,))

    def exp(self):
        e = math.exp(self.data)
        return counts_consumers(e, (self,), (e,))

    def log(self):
        return counts_consumers(math.log(self.data), (self,), (1.0 / self.data,))

    def tanh(self):
        e = math.exp(-2 * self.data)
        t = (1 - e) / (1 + e)
        return counts_consumers(t, (self,), (1 - t**2,))

    def relu(self):
        on = self.data > 0
        return counts_consumers(self.data * on, (self,), (float(on),))

    def backward(self):
        waiting, stack, seen = {}, [self], {id(self)}
        while stack:
            for parent in stack.pop().parents:
                waiting[id(parent)] = waiting.get(id(parent), 0) + 1
                if id(parent) not in seen:
                    seen.add(id(parent))
                    stack.append(parent)
        self.grad = 1.0
        ready = [self]
        while ready:
            node = ready.pop()
            for parent, slope in zip(node.parents, node.slopes, strict=True):
                parent.grad = parent.grad + slope * node.grad
                waiting[id(parent)] -= 1
                if waiting[id(parent)] == 0:
                    ready.append(parent)


class one_tape:
    """All nodes stand on one tape in the order in which they were made; backward reads it from the end."""

    tape: list = []

    def __init__(self, data):
        self.data = data
        self.grad = 0.0

    def _record(self, data, *pairs):
        out = one_tape(data)
        one_tape.tape.append((out, pairs))
        return out

    def _as(self, v):
        return v if isinstance(v, one_tape) else one_tape(v)

    def __add__(self, v):
        v = self._as(v)
        return self._record(self.data + v.data, (self, 1.0), (v, 1.0))

    def __mul__(self, v):
        v = self._as(v)
        return self._record(self.data * v.data, (self, v.data), (v, self.data))

    def exp(self):
        e = math.exp(self.data)
        return self._record(e, (self, e))

    def log(self):
        return self._record(math.log(self.data), (self, 1 / self.data))

    def relu(self):
        return self._record(max(self.data, 0.0), (self, 0.0 if self.data < 0 else 1.0))

    def tanh(self):
        e = (self * 2).exp()
        return (e - 1) / (e + 1)

    def __pow__(self, v):
        if isinstance(v, one_tape):
            return (v * self.log()).exp()
        return self._record(self.data**v, (self, v * self.data ** (v - 1)))

    def __rpow__(self, v):
        return self._as(v) ** self

    def __neg__(self):
        return self * -1.0

    def __sub__(self, v):
        return self + self._as(v) * -1.0

    def __rsub__(self, v):
        return self * -1.0 + v

    def __truediv__(self, v):
        return self * self._as(v) ** -1.0

    def __rtruediv__(self, v):
        return self**-1.0 * v

    __radd__ = __add__
    __rmul__ = __mul__

    def backward(self):
        self.grad = 1.0
        for out, pairs in reversed(one_tape.tape):
            for node, slope in pairs:
                node.grad += slope * out.grad
        one_tape.tape.clear()


VARIANTS = (closures, serial_numbers, counts_consumers, one_tape)
