"""Language models: truncation, sampling, and models of our own that the learner's code drives."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe, recipe
from ..torch_parts import as_array, private_randomness, tensor
from .unpacking import unpacked


@recipe("ch08.language_model")
def language_model(kind: str, weights: dict[str, np.ndarray]) -> Any:
    """A character model with the given weights: embedding, one recurrent layer, one linear layer, all in float64.

    kind: "rnn" or "gru" (the state is one tensor) or "lstm" (the state is a pair of tensors).
    """
    import torch
    from torch import nn

    class LanguageModel(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            (v, e), h = weights["embedding.weight"].shape, weights["rnn.weight_hh_l0"].shape[1]
            self.embedding = nn.Embedding(v, e)
            self.rnn = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[kind](e, h, batch_first=True)
            self.head = nn.Linear(h, v)

        def forward(self, ids: Any, state: Any = None) -> Any:
            out, state = self.rnn(self.embedding(ids), state)
            return self.head(out), state

    model = LanguageModel().double()
    model.load_state_dict({name: torch.tensor(values) for name, values in weights.items()})
    return model


@probe("ch08.truncated")
def truncated(
    attempt: Attempt,
    model: Any,
    inputs: np.ndarray,
    targets: np.ndarray,
    chunk: int,
    lr: float,
    momentum: float = 0.0,
    stale: float = 0.0,
) -> Parts:
    """Walk once through the text; `stale` leaves gradients of that size on the parameters before."""
    import torch

    (steps,) = attempt
    for p in model.parameters():
        p.grad = torch.full_like(p, stale).detach() if stale else None
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
    losses = steps(model, tensor(inputs, "int64"), tensor(targets, "int64"), optimizer, chunk)
    yield "losses", losses
    yield "parameters", {name: as_array(p) for name, p in model.named_parameters()}


@recipe("ch08.dice")
def dice(logits: np.ndarray) -> Any:
    """A model that has one opinion for ever, whatever it reads: independent draws from known odds."""
    import torch

    class Dice(torch.nn.Module):
        def forward(self, ids: Any, state: Any = None) -> Any:
            given = torch.tensor(logits).expand(*ids.shape, len(logits))
            return given, torch.zeros(1, 1, 1)

    return Dice()


@recipe("ch08.clockwork")
def clockwork(vocab: int, modulus: int) -> Any:
    """A model that is sure of each next id, and whose state remembers the order of all that it has read.

    state s becomes (3 s + id + 1) mod modulus at each id read; the next id is s mod vocab.
    """
    import torch

    class Clockwork(torch.nn.Module):
        def forward(self, ids: Any, state: Any = None) -> Any:
            s = 0 if state is None else int(state.reshape(-1)[0])
            rows = []
            for i in ids[0].tolist():
                s = (3 * s + i + 1) % modulus
                rows.append(torch.nn.functional.one_hot(torch.tensor(s % vocab), vocab) * 200.0)
            return torch.stack(rows)[None], torch.full((1, 1, 1), float(s))

    return Clockwork()


@probe("ch08.sample")
def sample(attempt: Attempt, model: Any, start: np.ndarray, length: int, temperature: float, seed: int) -> Parts:
    """Sample a long text, and three short ones: two from one seed, one from another."""
    import torch

    (function,) = attempt
    short = (("a short text", 20, seed, 1), ("again", 20, seed, 2), ("another seed", 20, seed + 1, 1))
    for name, new, own, elsewhere in (("ids", length, seed, 1), *short):
        with private_randomness(elsewhere):
            before = torch.get_rng_state()
            ids = function(model, tensor(start, "int64"), new, temperature, torch.Generator().manual_seed(own))
            yield name, as_array(ids)
            if name == "ids":
                yield "global generator untouched", bool(torch.equal(before, torch.get_rng_state()))


@probe("ch08.characters")
def characters(
    attempt: Attempt, ids: np.ndarray, vocab: int, hidden: int, steps: int, seed: int, unseen: np.ndarray, again: bool
) -> Parts:
    """Train on the ids given; hand over logits for a text never seen, read as a whole and in two halves."""
    import torch

    (train,) = attempt
    with private_randomness(1):
        model = train(tensor(ids, "int64"), vocab, hidden, steps, seed)
        yield "a Module", isinstance(model, torch.nn.Module)
        if not isinstance(model, torch.nn.Module):
            return
        text = tensor(unseen, "int64")[None]
        half = text.shape[1] // 2
        with torch.no_grad():
            yield "logits", _read(model, text, None)[0]
            yield "a second look", _read(model, text, None)[0]
            first, state = _read(model, text[:, :half], None)
            yield "first half, read alone", first
            yield "second half, with the state", _read(model, text[:, half:], state)[0]
    if again:
        with private_randomness(2), torch.no_grad():
            with torch.enable_grad():
                model = train(tensor(ids, "int64"), vocab, hidden, steps, seed)
            yield "trained again", _read(model, text, None)[0]
            with torch.enable_grad():
                model = train(tensor(ids, "int64"), vocab, hidden, steps, seed + 1)
            yield "another seed", _read(model, text, None)[0]


def _read(model: Any, ids: Any, state: Any) -> tuple[Any, Any]:
    logits, state = unpacked(model(ids, state), "logits, state", "model(ids, state)")
    return as_array(logits), state
