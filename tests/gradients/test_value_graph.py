"""The graph of a scalar expression: its gradients against PyTorch, its order, its layout, its picture."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from dlcourse_utils.errors import CourseError
from dlcourse_utils.gradients.value_graph import trace
from dlcourse_utils.gradients.value_graph_figure import BOX_H, BOX_W, draw_value_graph, layout


def shortcut(a, b, c):
    y = (a * b).named("y")
    z = (3 * y + c).named("z")
    return (y * z).named("L")


EXPRESSIONS = {
    "chain": (lambda w: ((w * 3) - 4) ** 2, {"w": 2.0}),
    "fork": (lambda a, b: a * b + a, {"a": 2.0, "b": -3.0}),
    "same node twice": (lambda v: v * v + v / v + (v + v), {"v": 1.7}),
    "shortcut": (shortcut, {"a": 2.0, "b": -1.5, "c": 1.0}),
    "numbers on the left": (lambda a, b: (2 - a) * (2 / b) + 2**b - (-a), {"a": 0.4, "b": 1.3}),
    "functions": (lambda a, b: (a.exp() * b.log()).tanh() + (a - 3).relu() * b + (b**a), {"a": 0.3, "b": 2.2}),
}


def with_torch(f, leaves):
    tensors = {name: torch.tensor(v, dtype=torch.float64, requires_grad=True) for name, v in leaves.items()}
    result = f(**{name: _Torch(t) for name, t in tensors.items()}).t
    result.backward()
    return result.item(), {name: t.grad.item() for name, t in tensors.items()}


class _Torch:
    """A torch scalar with the operators of an expression and `.named`."""

    def __init__(self, t):
        self.t = t

    def named(self, _):
        return self

    def __getattr__(self, name):
        return lambda: _Torch(getattr(torch, name)(self.t))


def _bind(name):
    def method(self, *other):
        values = [o.t if isinstance(o, _Torch) else o for o in other]
        return _Torch(getattr(torch.Tensor, name)(self.t, *values))

    setattr(_Torch, name, method)


for _name in ("__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__truediv__", "__rtruediv__",
              "__pow__", "__rpow__", "__neg__"):  # fmt: skip
    _bind(_name)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_values_and_gradients_are_those_of_pytorch(name):
    f, leaves = EXPRESSIONS[name]
    graph = trace(f, **leaves)
    value, grads = with_torch(f, leaves)
    assert graph.nodes[-1].data == pytest.approx(value, rel=1e-12)
    final = graph.grads_after()
    for node in graph.nodes:
        if node.op == "leaf":
            assert final[node.index] == pytest.approx(grads[node.name], rel=1e-12)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_a_node_sends_only_when_all_its_consumers_have_spoken(name):
    f, leaves = EXPRESSIONS[name]
    shares = trace(f, **leaves).shares
    for i, share in enumerate(shares):
        assert all(later.target != share.source for later in shares[i:])
        assert share.after == pytest.approx(share.before + share.upstream * share.local)


def test_the_same_node_twice_gets_two_shares():
    graph = trace(lambda v: v * v, v=3.0)
    assert [(s.amount, s.before, s.slot) for s in graph.shares] == [(3.0, 0.0, 0), (3.0, 3.0, 1)]


def test_gradients_are_unknown_until_a_share_arrives():
    graph = trace(shortcut, a=2.0, b=-1.5, c=1.0)
    assert [g for g in graph.grads_after(0) if g is not None] == [1.0]
    assert sum(g is None for g in graph.grads_after()) == 1  # the constant 3


def test_the_sentence_says_upstream_times_local_and_what_was_there():
    fork = trace(lambda a, b: a * b + a, a=2.0, b=-3.0)
    assert fork.shares[2].sentence == (
        "× (gradient 1) → a: upstream 1 × local slope −3 = −3. a had 1 from another path; together −2."
    )


def test_what_the_result_does_not_depend_on_is_left_out():
    def f(a, b):
        _ = a.exp()
        return a * 2

    assert [n.label for n in trace(f, a=1.0, b=5.0).nodes] == ["a", "2", "×"]


class Dual:
    """A class that shares nothing with the traced one but the public contract: it measures its gradients."""

    made: list = []  # noqa: RUF012 - one tape for all, as a learner might write it

    def __init__(self, data, how=None):
        self.data, self.grad, self.how = data, 0.0, how or (lambda: self.data)
        Dual.made.append(self)

    def _new(self, how):
        return Dual(how(), how)

    def __mul__(self, other):
        return self._new(lambda: self.how() * other.how())

    def __add__(self, other):
        return self._new(lambda: self.how() + (other.how() if isinstance(other, Dual) else other))

    def tanh(self):
        return self._new(lambda: math.tanh(self.how()))

    def backward(self):
        for node in Dual.made:
            kept, node.how = node.how, (lambda h=node.how: h() + 1e-6)
            up = self.how()
            node.how = lambda h=kept: h() - 1e-6
            node.grad = (up - self.how()) / 2e-6
            node.how = kept


def test_replay_runs_on_any_class_with_the_public_contract():
    graph = trace(lambda a, b: (a * b + a + 0.5).tanh(), a=0.8, b=-0.6)
    replay = graph.replay(Dual)
    number = next(n.index for n in graph.nodes if n.op == "number")
    assert replay.data[number] is None
    assert replay.grads[number] is None
    for mine, theirs in zip(graph.grads_after(), replay.grads, strict=True):
        assert theirs is None or theirs == pytest.approx(mine, rel=1e-6)


@pytest.mark.parametrize(
    ("f", "words"),
    [
        (lambda a: 3.0, "gave a float"),
        (lambda a: (a - 5).log(), "log(-3)"),
        (lambda a: (a - 5) ** a, "positive base"),
        (lambda a: a / (a - 2), "2 / 0"),
    ],
)
def test_what_cannot_be_traced_is_said_in_one_sentence(f, words):
    with pytest.raises(CourseError) as error:
        trace(f, a=2.0)
    assert words in str(error.value)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_arrows_point_right_boxes_do_not_touch_and_no_arrow_runs_through_a_box(name):
    f, leaves = EXPRESSIONS[name]
    graph = trace(f, **leaves)
    plan = layout(graph)
    places = list(plan.at.values())
    for i, (x, y) in enumerate(places):
        for u, v in places[i + 1 :]:
            assert abs(x - u) >= BOX_W or abs(y - v) >= BOX_H
    for (source, target, _), way in plan.ways.items():
        assert plan.at[source][0] < plan.at[target][0]
        assert all(b[0] > a[0] for a, b in pairwise(way))
        assert not set(way[1:-1]) & set(places)


def test_the_picture_shows_every_value_and_marks_the_newest_share_not_by_colour_alone():
    graph = trace(shortcut, a=2.0, b=-1.5, c=1.0)
    ax = draw_value_graph(graph, step=2)
    texts = [t.get_text() for t in ax.texts]
    assert texts.count("grad ?") == 4
    assert "grad −8" in texts
    assert texts[-1] == "−3"
    arrows = [p for p in ax.patches if type(p).__name__ == "FancyArrowPatch"]
    assert sorted(p.get_linewidth() for p in arrows)[-2:] == [1.0, 2.6]


def test_the_picture_can_show_somebody_elses_numbers():
    graph = trace(lambda a: a * a, a=2.0)
    ax = draw_value_graph(graph, data=[2.0, 4.5], grads=[7.0, np.float64(1.0)])
    texts = [t.get_text() for t in ax.texts]
    assert {"grad 7", "value 4.5"} <= set(texts)


def test_a_graph_shows_itself_without_pyplot():
    from matplotlib import pyplot as plt

    before = plt.get_fignums()
    graph = trace(lambda a, b: a * b + a, a=2.0, b=-3.0)
    ax = graph.plot()
    texts = [t.get_text() for t in ax.texts]
    assert {"grad −2", "grad 2"} <= set(texts)
    assert "How to read" in ax.figure._supxlabel.get_text()
    assert graph._repr_png_().startswith(b"\x89PNG")
    assert plt.get_fignums() == before
