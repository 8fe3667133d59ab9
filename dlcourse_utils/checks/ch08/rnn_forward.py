"""08.rnn_forward: backpropagation through time, every gradient beside autograd's through the unrolled graph."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise
from ..exercise import DEEP_LIBRARIES
from .rnn_mistakes import MISTAKES


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def arrays(n: int, t: int, d: int, h: int) -> tuple[np.ndarray, ...]:
        Wx, Wh = rng.normal(size=(d, h)) / np.sqrt(d), 1.2 * rng.normal(size=(h, h)) / np.sqrt(h)
        return rng.normal(size=(n, t, d)), rng.uniform(0.2, 0.9, size=(n, h)), Wx, Wh, rng.normal(size=h) / 3

    def case(title: str, *sizes: int, last: bool = False, between: bool = False, weight: float = 1.0) -> Case:
        n, t, d, h = sizes
        dh = rng.normal(size=(n, t, h))
        if last:
            dh[:, :-1] = 0
        x, h0, Wx, Wh, b = arrays(n, t, d, h)
        kwargs = {"between": arrays(n + 1, t, d, h)} if between else {}
        return Case(title, (x, h0, Wx, Wh, b, dh), kwargs, weight)

    yield case("6 steps, a loss at every step", 3, 6, 4, 5, weight=2.0)
    yield case("7 steps, a loss at the last step only", 4, 7, 6, 3, last=True)
    yield case("a single step", 3, 1, 2, 4)
    yield case("one long sequence of 12", 1, 12, 3, 6)
    yield case("another sequence goes forward before this one goes back", 2, 5, 4, 4, between=True)


def oracle(x, h0, Wx, Wh, b, dh, between=None) -> dict[str, Any]:
    import torch

    given = {"x": x, "h0": h0, "Wx": Wx, "Wh": Wh, "b": b}
    leaves = {name: torch.tensor(array, requires_grad=True) for name, array in given.items()}
    h, states = leaves["h0"], []
    for x_t in leaves["x"].unbind(dim=1):
        h = torch.rnn_tanh_cell(x_t, h, leaves["Wx"].T, leaves["Wh"].T, leaves["b"], torch.zeros_like(leaves["b"]))
        states.append(h)
    out = torch.stack(states, dim=1)
    out.backward(torch.tensor(dh))
    return {"h": out.detach().numpy()} | {f"d{name}": np.asarray(leaf.grad) for name, leaf in leaves.items()}


EXERCISE = Exercise(
    id="08.rnn_forward",
    title="Backpropagation through time",
    objects=("rnn_forward", "rnn_backward"),
    points=3,
    cases=cases,
    probe="ch08.rnn",
    oracle=oracle,
    mistakes=MISTAKES,
    builds_on=("08.rnn_step",),
    forbids=DEEP_LIBRARIES,
    hints=(
        "How do I collect the states? → Walk over t, let h be the newest state, write it to out[:, t], and keep each step's cache in a list.",
        "What is the gradient of one state? → The state at t was used twice: by the loss (that share is dh[:, t]) and by the next step. "
        "The second share is what step t + 1 sends back, da @ Wh.T. Add both.",
        "My dx is right at the last step only. → You don't carry anything back. Before the loop: carried = zeros (N, H). In the loop, from "
        "the last t to the first: total = dh[:, t] + carried, and at its end carried = da @ Wh.T.",
        "dWx has the right shape and the wrong numbers. → It is a sum over all steps (+=), each with the x of its own step. dWh takes the "
        "state *before* the step.",
        "Nearly everything:\n```python\ncarried = np.zeros_like(h0)\nfor t in reversed(range(T)):\n    da = (dh[:, t] + carried) * (1 - h[:, t] ** 2)\n"
        "    dx[:, t] = da @ Wx.T\n    dWx += x[:, t].T @ da\n    dWh += ...\n    db += ...\n    carried = ...\nreturn dx, carried, dWx, dWh, db\n```",
    ),
)
