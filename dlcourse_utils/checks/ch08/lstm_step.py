"""08.lstm_step: one step of an LSTM (Hochreiter and Schmidhuber 1997, with Gers' forget gate), against torch.nn.LSTMCell."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise
from ..exercise import DEEP_LIBRARIES
from .cells import loaded, random_params


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, n: int, d: int, h: int, scale: float = 1.0, weight: float = 1.0) -> Case:
        states = rng.uniform(-0.9, 0.9, size=(n, h)), 1.5 * rng.normal(size=(n, h))
        return Case(title, (scale * rng.normal(size=(n, d)), *states, random_params(rng, 4, d, h)), weight=weight)

    yield case("3 sequences, D = 4, H = 5", 3, 4, 5)
    yield case("a single sequence, D = 2, H = 3", 1, 2, 3)
    yield case("as many inputs as hidden units", 2, 4, 4)
    yield case("large inputs: gates nearly open or shut", 3, 3, 2, scale=5.0, weight=0.5)


def oracle(x, h, c, params):
    import torch

    cell = loaded(torch.nn.LSTMCell(x.shape[1], h.shape[1]), params)
    return tuple(t.numpy() for t in cell(torch.tensor(x), (torch.tensor(h), torch.tensor(c))))


def _sigmoid(a):
    return 0.5 * (1 + np.tanh(a / 2))


def _sums(x, h, params):
    return x @ params["weight_ih"].T + params["bias_ih"] + h @ params["weight_hh"].T + params["bias_hh"]


def _finish(c, i, f, g, o):
    c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(c), c


def gates_in_cs231n_order(x, h, c, params):
    """Your gates stand in the order i, f, o, g, as in the CS231n course. PyTorch's weights hold them as i, f, g, o: the candidate comes third."""
    i, f, o, g = np.split(_sums(x, h, params), 4, axis=1)
    return _finish(c, i, f, g, o)


def gates_in_tensorflow_order(x, h, c, params):
    """Your gates stand in the order i, g, f, o, as in TensorFlow 1's BasicLSTMCell. PyTorch's weights hold them as i, f, g, o."""
    i, g, f, o = np.split(_sums(x, h, params), 4, axis=1)
    return _finish(c, i, f, g, o)


def forget_gate_first(x, h, c, params):
    """Your gates stand in the order f, i, g, o, in which many drawings show them. PyTorch's weights hold them as i, f, g, o: the input gate first."""
    f, i, g, o = np.split(_sums(x, h, params), 4, axis=1)
    return _finish(c, i, f, g, o)


def forget_bias_of_one(x, h, c, params):
    """You add 1 to the forget gate. That is a good way to *start* its bias, but here the bias is given: use it as it stands."""
    i, f, g, o = np.split(_sums(x, h, params), 4, axis=1)
    return _finish(c, i, f + 1, g, o)


def one_bias_only(x, h, c, params):
    """You use one of the two biases. PyTorch keeps two, bias_ih and bias_hh, and adds both."""
    i, f, g, o = np.split(_sums(x, h, params) - params["bias_hh"], 4, axis=1)
    return _finish(c, i, f, g, o)


def candidate_with_a_sigmoid(x, h, c, params):
    """Your candidate g goes through a sigmoid, so it can only add to the memory. g is no gate but content: tanh, which can be negative."""
    i, f, g, o = np.split(_sums(x, h, params), 4, axis=1)
    c = _sigmoid(f) * c + _sigmoid(i) * _sigmoid(g)
    return _sigmoid(o) * np.tanh(c), c


def gates_with_a_tanh(x, h, c, params):
    """Your gates go through tanh. A gate lets a share through, between 0 and 1: sigmoid. Only the candidate g is a tanh."""
    i, f, g, o = np.tanh(np.split(_sums(x, h, params), 4, axis=1))
    c = f * c + i * g
    return o * np.tanh(c), c


def output_without_tanh(x, h, c, params):
    """Your h is o · c. The memory is bent before it is shown: h = o · tanh(c)."""
    i, f, g, o = np.split(_sums(x, h, params), 4, axis=1)
    c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * c, c


def output_from_the_old_memory(x, h, c, params):
    """Your h is made from the memory *before* this step. First renew c, then h = o · tanh(c) of the new one."""
    i, f, g, o = np.split(_sums(x, h, params), 4, axis=1)
    return _sigmoid(o) * np.tanh(c), _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)


def forgets_with_one_minus_input(x, h, c, params):
    """You keep 1 − i of the old memory. That coupling belongs to other cells (the GRU has one); an LSTM has a forget gate of its own: f · c + i · g."""
    i, _, g, o = np.split(_sums(x, h, params), 4, axis=1)
    c = (1 - _sigmoid(i)) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(c), c


def memory_bent_at_each_step(x, h, c, params):
    """You return tanh(c) as the memory. The memory itself is passed on unbent; that is what lets a gradient live long. Only h sees tanh(c)."""
    h, c = _finish(c, *(np.split(_sums(x, h, params), 4, axis=1)[k] for k in range(4)))
    return h, np.tanh(c)


def memory_first(x, h, c, params):
    """You return (c, h). The order is (h, c), as in PyTorch."""
    i, f, g, o = np.split(_sums(x, h, params), 4, axis=1)
    return _finish(c, i, f, g, o)[::-1]


def gates_left_raw(x, h, c, params):
    """Your gates are used as they come, without a sigmoid. A gate lets a share through, between 0 and 1: σ(i), σ(f), σ(o)."""
    i, f, g, o = np.split(_sums(x, h, params), 4, axis=1)
    c = f * c + i * np.tanh(g)
    return _sigmoid(o) * np.tanh(c), c


def state_not_read(x, h, c, params):
    """Your gates look at x only: h @ weight_hh.T is missing, so the cell does not know what it has shown before."""
    i, f, g, o = np.split(_sums(x, np.zeros_like(h), params), 4, axis=1)
    return _finish(c, i, f, g, o)


def input_with_one_minus_forget(x, h, c, params):
    """You let 1 − f of the new content in. That coupling belongs to other cells; an LSTM has an input gate of its own: f · c + i · g."""
    _, f, g, o = np.split(_sums(x, h, params), 4, axis=1)
    c = _sigmoid(f) * c + (1 - _sigmoid(f)) * np.tanh(g)
    return _sigmoid(o) * np.tanh(c), c


def output_gate_with_a_tanh(x, h, c, params):
    """Your output gate goes through tanh. Only the candidate g is a tanh; a gate lets a share through, between 0 and 1: sigmoid."""
    i, f, g, o = np.split(_sums(x, h, params), 4, axis=1)
    c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return np.tanh(o) * np.tanh(c), c


EXERCISE = Exercise(
    id="08.lstm_step",
    title="One step of an LSTM",
    objects=("lstm_step",),
    points=2,
    cases=cases,
    oracle=oracle,
    mistakes=(
        forget_gate_first,
        forget_bias_of_one,
        one_bias_only,
        candidate_with_a_sigmoid,
        gates_with_a_tanh,
        output_without_tanh,
        output_from_the_old_memory,
        forgets_with_one_minus_input,
        memory_bent_at_each_step,
        memory_first,
        gates_left_raw,
        state_not_read,
        input_with_one_minus_forget,
        output_gate_with_a_tanh,
    ),
    conventions=(gates_in_cs231n_order, gates_in_tensorflow_order),
    forbids=DEEP_LIBRARIES,
    hints=(
        "How do I get four gates out of one matrix? → All four sums at once: x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh is (N, 4H). "
        "np.split(sums, 4, axis=1) cuts it into four (N, H).",
        "Which piece is which? → In PyTorch's order: i (input), f (forget), g (candidate), o (output). Three sigmoids, and tanh for g.",
        "Nearly everything:\n```python\ni, f, g, o = np.split(sums, 4, axis=1)\nc = sigmoid(f) * c + ...\nh = ... * np.tanh(c)\nreturn h, c\n```",
    ),
)
