"""How chapter 08's exercises are run beside the learner's code: sequences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .registry import probe, recipe
from .torch_parts import as_array, gradients_arrive, private_randomness, said, tensor

Parts = Iterator[tuple[str, Any]]
Attempt = tuple[Any, ...]


def _parts(value: Any, names: str, what: str) -> tuple[Any, ...]:
    """Take a tuple apart. Raises TypeError in words where Python would unpack the rows of an array."""
    count = len(names.split(", "))
    if not isinstance(value, (tuple, list)) or len(value) != count:
        given = "nothing" if value is None else f"a {type(value).__name__}"
        if isinstance(value, (tuple, list)):
            given += f" of {len(value)}"
        raise TypeError(f"{what} should return ({names}); yours returns {given}")
    return tuple(value)


@probe("ch08.rnn_step")
def rnn_step(attempt: Attempt, *args: np.ndarray) -> Parts:
    """Run one step; what stands in the cache is the learner's affair."""
    (step,) = attempt
    h, _ = _parts(step(*args), "h, cache", "rnn_step")
    yield "h", h


@probe("ch08.rnn")
def rnn(
    attempt: Attempt,
    x: np.ndarray,
    h0: np.ndarray,
    Wx: np.ndarray,
    Wh: np.ndarray,
    b: np.ndarray,
    dh: np.ndarray,
    between: tuple[np.ndarray, ...] | None = None,
) -> Parts:
    """Run a sequence forward and back; `between` sends another one forward before the first goes back."""
    forward, backward = attempt
    h, cache = _parts(forward(x, h0, Wx, Wh, b), "h, cache", "rnn_forward")
    yield "h", h
    if between is not None:
        forward(*between)
    names = "dx, dh0, dWx, dWh, db"
    yield from zip(names.split(", "), _parts(backward(dh, cache), names, "rnn_backward"), strict=True)


@probe("ch08.masked_loss")
def masked_loss(attempt: Attempt, logits: np.ndarray, targets: np.ndarray, mask: np.ndarray) -> Parts:
    """Compute the loss and go backward through it."""
    import torch

    (function,) = attempt
    leaf = torch.tensor(logits, requires_grad=True)
    given = torch.tensor(targets), torch.tensor(mask)
    loss = function(leaf, *given)
    untouched = bool((given[0].numpy() == targets).all() and (given[1].numpy() == mask).all())
    yield "targets and mask are as they were", said(untouched)
    is_number = isinstance(loss, torch.Tensor) and loss.dim() == 0
    yield "loss", loss.item() if is_number else as_array(loss)
    if not isinstance(loss, torch.Tensor) or not loss.requires_grad:
        raise TypeError(
            "training goes backward from this loss, so it should be a tensor that remembers how it was made; "
            f"yours is a {type(loss).__name__} without that memory"
        )
    (dlogits,) = torch.autograd.grad(loss.sum(), leaf)
    yield "dlogits", as_array(dlogits)


@probe("ch08.classifier")
def classifier(
    attempt: Attempt, sizes: dict[str, int], ids: np.ndarray, mask: np.ndarray, seed: int, named: bool = True
) -> Parts:
    """Build the classifier, give it known weights where they fit, and ask it the same batch in several guises.

    ids, mask: (N, T). Padding is lengthened, filled with other ids, left out; real tokens are exchanged.
    """
    import torch

    (cls,) = attempt
    vocab = sizes["vocab"]
    rng = np.random.default_rng(seed)
    with private_randomness(seed), torch.no_grad():
        model = cls(**sizes) if named else cls(vocab, sizes["embed"], sizes["hidden"], sizes["classes"])
        yield "a Module", isinstance(model, torch.nn.Module)
        if not isinstance(model, torch.nn.Module):
            return
        model.eval()
        yield "shapes", [list(p.shape) for p in model.parameters()]
        weights = [_known(tuple(p.shape), rng) for p in model.parameters()]
        for p, values in zip(model.parameters(), weights, strict=True):
            p.copy_(torch.tensor(values))
        yield "weights", weights
        ask = _Asker(model)
        yield "logits", ask(ids, mask)
        yield "the same again", ask(ids, mask)
        wide = np.concatenate([ids, np.zeros((len(ids), 4), dtype=ids.dtype)], axis=1)
        yield "four more columns of padding", ask(wide, np.pad(mask, ((0, 0), (0, 4))))
        other = np.where(mask, ids, rng.integers(1, vocab, size=ids.shape))
        yield "other ids under the padding", ask(other, mask)
        lengths = mask.sum(axis=1)
        alone = [ask(ids[i : i + 1, :n], mask[i : i + 1, :n]) for i, n in enumerate(lengths)]
        arrays = all(isinstance(a, np.ndarray) for a in alone)
        yield "each sequence alone", np.concatenate(alone) if arrays else alone[0]
        for name, column in (("another first token", np.zeros_like(lengths)), ("another last token", lengths - 1)):
            changed = ids.copy()
            rows = np.arange(len(ids))
            changed[rows, column] = 2 + (changed[rows, column] - 2 + 1) % (vocab - 2)
            yield name, ask(changed, mask)
        with torch.enable_grad():
            out = model(tensor(ids, "int64"), tensor(mask, "bool"))
            yield "a gradient for every parameter", gradients_arrive(model, out)


class _Asker:
    """Asks a model and takes the tensor's numbers; anything else is named by the judge."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def __call__(self, ids: np.ndarray, mask: np.ndarray) -> Any:
        out = self.model(tensor(ids, "int64"), tensor(mask, "bool"))
        return as_array(out) if hasattr(out, "detach") else f"a {type(out).__name__}"


def _known(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw weights that are neither small nor saturating."""
    scale = 1 / np.sqrt(shape[-1]) if len(shape) > 1 else 0.5
    return (rng.normal(size=shape) * scale).astype(np.float32)


@probe("ch08.clip")
def clip(attempt: Attempt, grads: dict[str, np.ndarray | None], max_norm: float) -> Parts:
    """Clip a module whose parameters carry these gradients (None: no gradient at all)."""
    import torch

    (function,) = attempt
    model = torch.nn.Module()
    for number, (name, g) in enumerate(grads.items()):
        shape = (2, 3) if g is None else g.shape
        p = torch.nn.Parameter(torch.full(shape, 1.0 + number, dtype=torch.float64))
        p.grad = None if g is None else torch.tensor(g)
        model.register_parameter(name, p)
    norm = function(model, max_norm)
    yield "norm", norm
    yield "gradients", {name: "None" if p.grad is None else as_array(p.grad) for name, p in model.named_parameters()}
    yield "weights", {name: as_array(p) for name, p in model.named_parameters()}


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


@probe("ch08.sentiment")
def sentiment(
    attempt: Attempt,
    texts: list[str],
    labels: np.ndarray,
    epochs: int,
    seed: int,
    asked: list[str],
    again: bool = False,
) -> Parts:
    """Train on the reviews given and hand over logits for those asked about.

    `again` trains a second time, and a third time with another seed.
    """
    import torch

    (train,) = attempt
    for turn, own in enumerate((seed, seed, seed + 1) if again else (seed,)):
        with private_randomness(1 + turn):
            names = "model, vocab"
            model, vocab = _parts(train(list(texts), labels.copy(), epochs, own), names, "train_sentiment")
            yield f"a Module{turn}", isinstance(model, torch.nn.Module)
            yield f"a dict{turn}", isinstance(vocab, dict)
            if not isinstance(model, torch.nn.Module) or not isinstance(vocab, dict):
                return
            ids, mask = _as_batch(asked, vocab)
            ask = _Asker(model)
            with torch.no_grad():
                yield f"logits{turn}", ask(ids, mask)
                yield f"a second look{turn}", ask(ids, mask)


def _as_batch(texts: list[str], vocab: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Encode and pad as the chapter does: ids (N, T), mask (N, T)."""
    rows = [[int(vocab.get(word, vocab.get("<unk>", 1))) for word in text.lower().split()] for text in texts]
    mask = np.arange(max(map(len, rows))) < np.array([len(row) for row in rows])[:, None]
    ids = np.zeros(mask.shape, dtype=np.int64)
    ids[mask] = np.concatenate(rows)
    return ids, mask


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
    logits, state = _parts(model(ids, state), "logits, state", "model(ids, state)")
    return as_array(logits), state


@probe("ch08.forecast")
def forecast(
    attempt: Attempt, x: np.ndarray, y: np.ndarray, epochs: int, seed: int, unseen: np.ndarray, again: bool
) -> Parts:
    """Train on windows and hand over forecasts for windows never seen, all at once and the first ones alone.

    `again` trains a second time, and a third time with another seed.
    """
    import torch

    (train,) = attempt
    for turn, own in enumerate((seed, seed, seed + 1) if again else (seed,)):
        with private_randomness(1 + turn):
            predict = train(x.copy(), y.copy(), epochs, own)
            yield f"callable{turn}", callable(predict)
            if not callable(predict):
                return
            with torch.no_grad():
                yield f"forecasts{turn}", as_array(predict(unseen.copy()))
                yield f"the first ten alone{turn}", as_array(predict(unseen[:10].copy()))
