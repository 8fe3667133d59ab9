"""08.rnn_step: one step of an Elman network, against torch.nn.RNNCell."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise
from ..exercise import DEEP_LIBRARIES


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, n: int, d: int, h: int, scale: float = 1.0, weight: float = 1.0) -> Case:
        arrays = rng.normal(size=(n, d)), rng.normal(size=(n, h)), rng.normal(size=(d, h)), rng.normal(size=(h, h))
        x, state, Wx, Wh = arrays
        return Case(title, (x * scale, state / 2, Wx / np.sqrt(d), Wh / np.sqrt(h), rng.normal(size=h) / 2), weight=weight)

    yield case("3 sequences, D = 4, H = 5", 3, 4, 5)
    yield case("a single sequence, D = 2, H = 6", 1, 2, 6)
    yield case("more inputs than hidden units", 4, 7, 3)
    yield case("as many inputs as hidden units", 2, 4, 4)
    yield case("large inputs", 3, 2, 4, scale=4.0, weight=0.5)


def oracle(x, h, Wx, Wh, b):
    import torch

    cell = torch.nn.RNNCell(x.shape[1], h.shape[1]).double()
    with torch.no_grad():
        for parameter, values in zip(cell.parameters(), (Wx.T, Wh.T, b, np.zeros_like(b)), strict=True):
            parameter.copy_(torch.tensor(values))
        return {"h": cell(torch.tensor(x), torch.tensor(h)).numpy()}


def the_past_forgotten(x, h, Wx, Wh, b):
    """Your new state does not depend on the old one: h @ Wh is missing, so there is no memory. A step looks at the input *and* at the state before it."""
    return np.tanh(x @ Wx + b), None


def no_tanh(x, h, Wx, Wh, b):
    """Your step has no tanh. Without it the state is a straight map of the past, and over many steps it can grow without limit."""
    return x @ Wx + h @ Wh + b, None


def bias_forgotten(x, h, Wx, Wh, b):
    """The bias b is missing. It is added once, to the sum of both products."""
    return np.tanh(x @ Wx + h @ Wh), None


def bias_twice(x, h, Wx, Wh, b):
    """You add the bias twice, once with each product. Here is one b for the sum of both (PyTorch's cell has two biases, this one has not)."""
    return np.tanh(x @ Wx + b + h @ Wh + b), None


def wh_transposed(x, h, Wx, Wh, b):
    """You multiply by Wh.T. Wh is square, so NumPy cannot warn you: the row is the old unit, the column the new one, h @ Wh."""
    return np.tanh(x @ Wx + h @ Wh.T + b), None


def tanh_of_the_parts(x, h, Wx, Wh, b):
    """You bend the two products one by one and add them afterwards. Add first, then one tanh around the whole sum."""
    return np.tanh(x @ Wx + b) + np.tanh(h @ Wh), None


def sigmoid_in_place_of_tanh(x, h, Wx, Wh, b):
    """You use a sigmoid. The state of this network is bent by tanh, which lets it be negative too."""
    return 1 / (1 + np.exp(-(x @ Wx + h @ Wh + b))), None


def relu_in_place_of_tanh(x, h, Wx, Wh, b):
    """You use a ReLU. Here tanh is asked for; it keeps the state between −1 and 1 however long the sequence is."""
    return np.maximum(x @ Wx + h @ Wh + b, 0), None


def old_state_added(x, h, Wx, Wh, b):
    """You add the old state to the new one. The old state enters through h @ Wh, inside the tanh, and nowhere else."""
    return h + np.tanh(x @ Wx + h @ Wh + b), None


EXERCISE = Exercise(
    id="08.rnn_step",
    title="One step of a recurrent network",
    objects=("rnn_step",),
    points=1,
    cases=cases,
    probe="ch08.rnn_step",
    oracle=oracle,
    mistakes=(
        the_past_forgotten,
        no_tanh,
        bias_forgotten,
        bias_twice,
        wh_transposed,
        tanh_of_the_parts,
        sigmoid_in_place_of_tanh,
        relu_in_place_of_tanh,
        old_state_added,
    ),
    forbids=DEEP_LIBRARIES,
    hints=(
        "Which shapes meet? → x (N, D) @ Wx (D, H) and h (N, H) @ Wh (H, H) both give (N, H). b (H,) is added to every row.",
        "What goes into the cache? → Whatever backward will ask for: both inputs, both matrices, and the new state. It is yours alone; nobody looks at it.",
        "Nearly everything:\n```python\nnew = np.tanh(x @ Wx + ... + b)\nreturn new, (x, h, Wx, Wh, new)\n```",
    ),
)
