"""08.truncated_bptt_steps: a long text in chunks, the state carried and its past cut off.

The oracle unrolls the cells itself and takes the gradients of each chunk by autograd.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from ..authoring import Case, Exercise, Recipe

GATES = {"rnn": 1, "gru": 3, "lstm": 4}
CELLS = {"rnn": torch.rnn_tanh_cell, "gru": torch.gru_cell}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, kind: str, n: int, t: int, chunk: int, **more: float) -> Case:
        v, e, h = 7, 4, 5
        shapes = {
            "embedding.weight": (v, e),
            "rnn.weight_ih_l0": (GATES[kind] * h, e),
            "rnn.weight_hh_l0": (GATES[kind] * h, h),
            "rnn.bias_ih_l0": (GATES[kind] * h,),
            "rnn.bias_hh_l0": (GATES[kind] * h,),
            "head.weight": (v, h),
            "head.bias": (v,),
        }
        weights = {name: rng.normal(size=s) * 0.6 for name, s in shapes.items()}
        text = rng.integers(0, v, size=(n, t + 1))
        model = Recipe("ch08.language_model", kind=kind, weights=weights)
        parts = {"model": model, "inputs": text[:, :-1], "targets": text[:, 1:], "chunk": chunk}
        return Case(title, kwargs={**parts, "lr": 0.4, **more})

    yield case("12 steps in chunks of 4, a GRU", "gru", 3, 12, 4)
    yield case("10 steps in chunks of 4: the last is shorter", "rnn", 2, 10, 4)
    yield case("an LSTM: its state is a pair of tensors", "lstm", 2, 9, 3, momentum=0.9)
    yield case("old gradients are there on entry", "gru", 2, 6, 5, stale=2.0)
    yield case("one chunk holds everything", "rnn", 3, 5, 8)


def oracle(
    model: Recipe, inputs: np.ndarray, targets: np.ndarray, chunk: int, lr: float, momentum: float = 0.0, stale: float = 0.0
) -> dict[str, Any]:
    kind, weights = model.kwargs["kind"], model.kwargs["weights"]
    values = {name: w.copy() for name, w in weights.items()}
    speed = {name: np.zeros_like(w) for name, w in values.items()}
    state: Any = torch.zeros(len(inputs), values["rnn.weight_hh_l0"].shape[1], dtype=torch.float64)
    memory = state
    losses = []
    for first in range(0, inputs.shape[1], chunk):
        w = {name: torch.tensor(a, requires_grad=True) for name, a in values.items()}
        cell = [w[f"rnn.{part}_l0"] for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        total, count = torch.zeros((), dtype=torch.float64), 0
        for t in range(first, min(first + chunk, inputs.shape[1])):
            x = w["embedding.weight"][torch.tensor(inputs[:, t])]
            if kind == "lstm":
                state, memory = torch.lstm_cell(x, (state, memory), *cell)
            else:
                state = CELLS[kind](x, state, *cell)
            logits = state @ w["head.weight"].T + w["head.bias"]
            total = total + F.cross_entropy(logits, torch.tensor(targets[:, t]), reduction="sum")
            count += len(inputs)
        grads = torch.autograd.grad(total / count, list(w.values()))
        losses.append(total.item() / count)
        for name, g in zip(w, grads, strict=True):
            speed[name] = momentum * speed[name] + g.numpy()
            values[name] = values[name] - lr * speed[name]
        state, memory = state.detach(), memory.detach()
    return {"losses": losses, "parameters": values}


def _cut(state):
    return tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()


def _walk(model, inputs, targets, optimizer, chunk, after=_cut, clear=True, tail=True, number=float, reduction="mean"):
    state, losses = None, []
    for first in range(0, inputs.shape[1], chunk):
        x, y = inputs[:, first : first + chunk], targets[:, first : first + chunk]
        if x.shape[1] < chunk and not tail:
            break
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction=reduction)
        if clear:
            optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(number(loss))
        state = after(state)
    return losses


def not_detached(model, inputs, targets, optimizer, chunk):
    """You hand the state on with its whole past. The second chunk then goes backward through the first one again, whose graph is gone; if you keep it (retain_graph), it grows without bound. state.detach() keeps the numbers and lets go of the past (each tensor of a pair)."""
    return _walk(model, inputs, targets, optimizer, chunk, after=lambda state: state)


def starts_anew_each_chunk(model, inputs, targets, optimizer, chunk):
    """Each of your chunks starts from an empty state, so nothing is remembered across chunks. Hand the state on; only its *gradient* is cut."""
    return _walk(model, inputs, targets, optimizer, chunk, after=lambda state: None)


def one_update_at_the_end(model, inputs, targets, optimizer, chunk):
    """You make one single update at the very end, with the gradient through the whole text. One backward and one step for each chunk."""
    state, losses = None, []
    optimizer.zero_grad()
    for first in range(0, inputs.shape[1], chunk):
        logits, state = model(inputs[:, first : first + chunk], state)
        losses.append(F.cross_entropy(logits.flatten(0, 1), targets[:, first : first + chunk].flatten()))
    torch.stack(losses).mean().backward()
    optimizer.step()
    return [loss.item() for loss in losses]


def detached_but_one_update(model, inputs, targets, optimizer, chunk):
    """You go backward for each chunk but step only once, after the last. One optimizer.step() for each chunk."""
    state, losses = None, []
    optimizer.zero_grad()
    for first in range(0, inputs.shape[1], chunk):
        logits, state = model(inputs[:, first : first + chunk], state)
        loss = F.cross_entropy(logits.flatten(0, 1), targets[:, first : first + chunk].flatten())
        loss.backward()
        losses.append(loss.item())
        state = _cut(state)
    optimizer.step()
    return losses


def no_zero_grad(model, inputs, targets, optimizer, chunk):
    """Old gradients take part in your steps: backward adds to what is in .grad. optimizer.zero_grad() for every chunk."""
    return _walk(model, inputs, targets, optimizer, chunk, clear=False)


def last_chunk_dropped(model, inputs, targets, optimizer, chunk):
    """You drop what is left at the end when it is shorter than a chunk. The last chunk may be shorter; it counts all the same."""
    return _walk(model, inputs, targets, optimizer, chunk, tail=False)


def returns_tensors(model, inputs, targets, optimizer, chunk):
    """Your losses are tensors. A list of them keeps things alive that nobody needs: loss.item() gives the number."""
    return _walk(model, inputs, targets, optimizer, chunk, number=lambda loss: loss)


def summed_loss(model, inputs, targets, optimizer, chunk):
    """Your loss is the sum over the chunk. Use the mean: then the step does not depend on how long a chunk is."""
    return _walk(model, inputs, targets, optimizer, chunk, reduction="sum")


def targets_shifted_again(model, inputs, targets, optimizer, chunk):
    """You shift the targets by one more. They are already the next ids: targets[:, t] belongs to inputs[:, t]."""
    return _walk(model, inputs[:, :-1], targets[:, 1:], optimizer, chunk)


def mean_only(model, inputs, targets, optimizer, chunk):
    """You return one number. Asked for is a list with the loss of each chunk: it shows whether the loss falls."""
    losses = _walk(model, inputs, targets, optimizer, chunk)
    return sum(losses) / len(losses)


EXERCISE = Exercise(
    id="08.truncated_bptt_steps",
    title="A long text in chunks",
    objects=("truncated_bptt_steps",),
    points=2,
    cases=cases,
    probe="ch08.truncated",
    oracle=oracle,
    mistakes=(
        not_detached,
        starts_anew_each_chunk,
        one_update_at_the_end,
        detached_but_one_update,
        no_zero_grad,
        last_chunk_dropped,
        returns_tensors,
        summed_loss,
        targets_shifted_again,
        mean_only,
    ),
    hints=(
        "How do I cut the text? → for first in range(0, T, chunk): inputs[:, first : first + chunk]. A slice past the end is simply shorter.",
        "Trying to backward through the graph a second time. → The state still knows its past. After each update: state = state.detach(); "
        "for a pair, detach both: tuple(s.detach() for s in state).",
        "Which shapes does cross_entropy want? → logits (N, chunk, V) flattened to (N·chunk, V), targets to (N·chunk,): .flatten(0, 1) and .flatten().",
        "Nearly everything:\n```python\nstate, losses = None, []\nfor first in range(0, inputs.shape[1], chunk):\n"
        "    logits, state = model(inputs[:, first : first + chunk], state)\n    loss = F.cross_entropy(...)\n    optimizer.zero_grad()\n"
        "    loss.backward()\n    optimizer.step()\n    losses.append(loss.item())\n    state = ...\nreturn losses\n```",
    ),
)
