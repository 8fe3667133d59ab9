"""How chapter 09's exercises are run beside the learner's code: attention, blocks, a small GPT.

torch is imported inside the functions: this module is loaded in the NumPy chapters too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .registry import probe, recipe
from .torch_parts import as_array, gradients_arrive, private_randomness, said, tensor

Parts = Iterator[tuple[str, Any]]
Attempt = tuple[Any, ...]
PROJECTIONS = ("q_proj", "k_proj", "v_proj", "out_proj")


@probe("ch09.attention")
def attention(attempt: Attempt, q: Any, k: Any, v: Any, *mask: Any) -> Parts:
    """Call once for the numbers, and once more for the slopes of Σ cos(n)·outₙ along q, k and v.

    No slopes are asked for where a query may look at nothing: a softmax of −∞ alone has none.
    """
    import torch

    (function,) = attempt
    result = function(q, k, v, *mask)
    yield "result", result
    out = result[0] if isinstance(result, (tuple, list)) and len(result) == 2 else None
    if not isinstance(out, torch.Tensor) or any(not bool(m.any(dim=-1).all()) for m in mask):
        return
    leaves = [t.detach().clone().requires_grad_() for t in (q, k, v)]
    out = function(*leaves, *mask)[0]
    rates = torch.cos(torch.arange(out.numel(), dtype=out.dtype)).reshape(out.shape)
    known = out.requires_grad
    slopes = torch.autograd.grad((rates * out).sum(), leaves, allow_unused=True) if known else [None] * 3
    yield "slopes", {name: slope for name, slope in zip("qkv", slopes, strict=True) if slope is not None}


@probe("ch09.multi_head")
def multi_head(
    attempt: Attempt,
    d_model: int,
    heads: int,
    weights: dict[str, np.ndarray],
    query: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    mask: np.ndarray | None = None,
) -> Parts:
    """Build the layer, copy known weights into its four projections, and run it."""
    import torch

    (cls,) = attempt
    with private_randomness():
        model = cls(d_model, heads)
        yield from _a_module(model)
        unfit = _put_projections(model, weights)
        yield "layers", unfit or "as asked"
        if unfit:
            return
        given = [tensor(a) for a in (query, key, value)]
        result = model.eval()(*given) if mask is None else model.eval()(*given, tensor(mask, "bool"))
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            yield "result", f"a {type(result).__name__}"
            return
        yield "out", as_array(result[0])
        yield "weights", as_array(result[1])
        yield "can learn", gradients_arrive(model, result[0])
        leaves = [t.clone().requires_grad_() for t in given]
        again = model(*leaves)[0]
        if again.requires_grad:
            slopes = torch.autograd.grad(again.sum(), leaves, allow_unused=True)
            yield "deaf", [n for n, g in zip(("query", "key", "value"), slopes, strict=True) if g is None]


def _a_module(model: Any) -> Parts:
    """Name the ready-made attention that stands in a module. Raises TypeError when it is no module."""
    from torch import nn

    if not isinstance(model, nn.Module):
        raise TypeError(f"this should be an nn.Module; yours is a {type(model).__name__}")
    kinds = (nn.MultiheadAttention, nn.TransformerEncoderLayer, nn.TransformerDecoderLayer, nn.Transformer)
    yield "ready-made", sorted({type(m).__name__ for m in model.modules() if isinstance(m, kinds)})


def _put_projections(model: Any, weights: dict[str, np.ndarray]) -> str:
    """Copy "q_proj.weight", "q_proj.bias" … into the layer; return "" or what does not fit."""
    import torch

    own = dict(model.named_parameters())
    for name, values in weights.items():
        if name not in own:
            return f"there is no parameter {name}"
        if tuple(own[name].shape) != values.shape:
            return f"{name} should have the shape {values.shape}, yours has {tuple(own[name].shape)}"
        with torch.no_grad():
            own[name].copy_(torch.tensor(values))
    extra = [name for name in own if name not in weights]
    return f"there are more parameters than the four projections have: {', '.join(extra)}" if extra else ""


@probe("ch09.block")
def block(
    attempt: Attempt, d_model: int, heads: int, seed: int, x: np.ndarray, mask: np.ndarray | None = None
) -> Parts:
    """Build the block, put known weights into its attention, its norms and its two linear layers, and run it.

    Both norms get the same γ and β, so it makes no difference which of them was made first.
    """
    import torch
    from torch import nn

    (cls,) = attempt
    rng = np.random.default_rng(seed)
    with private_randomness():
        model = cls(d_model, heads)
        yield from _a_module(model)
        attention = next((m for m in model.modules() if _has_projections(m)), None)
        yield "attention", said(attention is not None)
        if attention is None:
            return
        inside = set(attention.modules())
        norms = [m for m in model.modules() if isinstance(m, nn.LayerNorm) and m not in inside]
        linear = [m for m in model.modules() if isinstance(m, nn.Linear) and m not in inside]
        yield "norms", len(norms)
        yield "linear layers", [list(m.weight.shape) for m in linear]
        gamma, beta = 1 + 0.3 * rng.normal(size=d_model), 0.3 * rng.normal(size=d_model)
        for norm in norms:
            norm.weight.data, norm.bias.data = tensor(gamma), tensor(beta)
        for m in [*(getattr(attention, name) for name in PROJECTIONS), *linear]:
            m.weight.data = tensor(rng.normal(size=m.weight.shape) / np.sqrt(m.weight.shape[1]) * 1.3)
            m.bias.data = tensor(rng.normal(size=len(m.bias)) / 2)
        yield "gamma", gamma
        yield "beta", beta
        yield "projections", {n: _weight_and_bias(getattr(attention, n)) for n in PROJECTIONS}
        yield "mlp", [_weight_and_bias(m) for m in linear]
        given = tensor(x)
        rest = () if mask is None else (tensor(mask, "bool"),)
        with torch.no_grad():
            out = model.eval()(given, *rest)
        yield "out", as_array(out) if isinstance(out, torch.Tensor) else f"a {type(out).__name__}"
        yield "x untouched", np.array_equal(as_array(given), x)
        if isinstance(out, torch.Tensor) and out.shape == given.shape:
            leaf = tensor(x).requires_grad_()
            yield "idle", _idle(model, model(leaf * 1.0, *rest))
            out = model(leaf * 1.0, *rest)
            if out.requires_grad:
                (slope,) = torch.autograd.grad(out.sum(), leaf, allow_unused=True)
                yield "slope", None if slope is None else as_array(slope)


def _idle(model: Any, out: Any) -> list[str]:
    """Name the parameters that get no gradient from the output."""
    import torch

    own = dict(model.named_parameters())
    if not out.requires_grad:
        return list(own)
    rates = torch.linspace(0.5, 1.5, out.numel()).reshape(out.shape)
    found = torch.autograd.grad((rates * out).sum(), list(own.values()), allow_unused=True)
    return [name for name, g in zip(own, found, strict=True) if g is None]


def _has_projections(module: Any) -> bool:
    from torch import nn

    return all(isinstance(getattr(module, name, None), nn.Linear) for name in PROJECTIONS)


def _weight_and_bias(linear: Any) -> list[np.ndarray]:
    return [as_array(linear.weight), as_array(linear.bias)]


@probe("ch09.gpt")
def gpt(
    attempt: Attempt, sizes: dict[str, int], seed: int, ids: np.ndarray, full: np.ndarray, named: bool = True
) -> Parts:
    """Build a GPT, give it weights that matter, and ask it about texts that differ in one place.

    ids: (N, T), the first two columns different. full: (1, context), the longest text it can take.
    """
    import torch

    (cls,) = attempt
    rng = np.random.default_rng(seed)
    with private_randomness(seed), torch.no_grad():
        model = cls(**sizes) if named else cls(*sizes.values())
        yield from _a_module(model)
        yield "context", getattr(model, "context", None)
        yield "parameters", sum(p.numel() for p in model.parameters())
        yield "tensors", sum(1 for _ in model.parameters())
        _shake(model, rng)
        ask = _Asker(model.eval())
        yield "logits", ask(ids)
        yield "the same again", ask(ids)
        yield "alone", ask(ids[:1])
        yield "beginnings", [ask(ids[:, :t]) for t in range(1, ids.shape[1])]
        yield "full", ask(full)
        other = 1 + ids.max()  # an id that stands nowhere in the text
        yield "changed", [ask(np.where(np.arange(ids.shape[1]) == t, other, ids)) for t in range(ids.shape[1])]
        yield "one id throughout", ask(np.full_like(ids, other))
        yield "attention layers", sum(_has_projections(m) for m in model.modules())
        yield "heads", _heads_seen(model, ask, ids)
        with torch.enable_grad():
            out = model(tensor(ids, "int64"))
            idle = _idle(model, out) if isinstance(out, torch.Tensor) else []
        yield "idle", idle
        norms = {name for name, m in model.named_modules() if "Norm" in type(m).__name__}
        yield "norms", len(norms - {name.rpartition(".")[0] for name in idle})  # those that are used
        for m in model.modules():
            if isinstance(m, torch.nn.Embedding):
                m.weight.mul_(1000.0)
        yield "loud", ask(ids)


def _heads_seen(model: Any, ask: Any, ids: np.ndarray) -> list[int]:
    """Return with how many heads each attention layer looks while the model reads, where it shows its weights."""
    seen: list[int] = []

    def listen(_module: Any, _given: Any, result: Any) -> None:
        if isinstance(result, (tuple, list)) and len(result) == 2 and getattr(result[1], "ndim", 0) == 4:
            seen.append(int(result[1].shape[1]))

    hooks = [m.register_forward_hook(listen) for m in model.modules() if _has_projections(m)]
    ask(ids)
    for hook in hooks:
        hook.remove()
    return seen


class _Asker:
    """Asks a model and takes the tensor's numbers; anything else is named by the judge."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def __call__(self, ids: np.ndarray) -> Any:
        out = self.model(tensor(ids, "int64"))
        return as_array(out) if hasattr(out, "detach") else f"a {type(out).__name__}"


def _shake(model: Any, rng: np.random.Generator) -> None:
    """Move every parameter away from a timid start, so that what one token changes is seen in another's logits."""
    from torch import nn

    for module in model.modules():
        for p in module.parameters(recurse=False):
            new = rng.normal(size=tuple(p.shape))
            if isinstance(module, nn.LayerNorm):
                p.copy_(tensor(0.2 * new) + (p is module.weight))
            elif isinstance(module, nn.Embedding):
                p.copy_(tensor(new))
            else:
                p.copy_(tensor(new / np.sqrt(p.shape[-1]) if p.dim() > 1 else 0.2 * new))


@recipe("ch09.dice")
def dice(logits: np.ndarray, context: int, odd: np.ndarray | None = None) -> Any:
    """A model that has one opinion for ever, whatever it reads: independent draws from known odds.

    With `odd` it has this other one of texts that begin with an odd id.
    """
    return _writer(len(logits), context, lambda window: logits if odd is None or window[0] % 2 == 0 else odd)


@recipe("ch09.clockwork")
def clockwork(vocab: int, modulus: int, context: int) -> Any:
    """A model that is sure of each next id; it depends on all ids that it is shown, and on their order.

    s = 0; for each id in the window: s becomes (3 s + id + 1) mod modulus. The next id is s mod vocab.
    """

    def opinion(window: list[int]) -> np.ndarray:
        s = 0
        for i in window:
            s = (3 * s + i + 1) % modulus
        return 200.0 * (np.arange(vocab) == s % vocab)

    return _writer(vocab, context, opinion)


def _writer(vocab: int, context: int, opinion: Any) -> Any:
    import torch

    class Writer(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.context = context

        def forward(self, ids: Any) -> Any:
            if ids.shape[1] > context:
                raise IndexError(f"{ids.shape[1]} ids were given to a model whose context is {context}")
            rows = [[opinion(row[: t + 1]) for t in range(len(row))] for row in ids.tolist()]
            return torch.tensor(np.array(rows).reshape(*ids.shape, vocab))

    return Writer()


@probe("ch09.generate")
def generate(
    attempt: Attempt, model: Any, ids: np.ndarray, steps: int, temperature: float, top_k: int | None, seed: int
) -> Parts:
    """Write once, then shortly three times: two from one seed, one from another."""
    import torch

    (function,) = attempt
    model.eval()
    short = (("a short text", 6, seed, 1), ("again", 6, seed, 2), ("another seed", 6, seed + 1, 1))
    for name, new, own, elsewhere in (("ids", steps, seed, 1), *short):
        with private_randomness(elsewhere):
            before = torch.get_rng_state()
            prompt = tensor(ids, "int64")
            text = function(model, prompt, new, temperature, top_k, torch.Generator().manual_seed(own))
            yield name, as_array(text)
            if name == "ids":
                yield "global generator untouched", bool(torch.equal(before, torch.get_rng_state()))
                yield "prompt untouched", bool(np.array_equal(as_array(prompt), ids))
                yield "evaluation mode kept", not model.training


@probe("ch09.pronounce")
def pronounce(
    attempt: Attempt,
    ids: np.ndarray,
    mask: np.ndarray,
    vocab: int,
    steps: int,
    seed: int,
    asked: list[np.ndarray],
    longest: int,
    again: bool = False,
) -> Parts:
    """Train on the words given; let the model say words that it has never seen, taking the likeliest sound each time.

    asked: arrays of prompts (n, L + 1), one for each length of word. longest: how many tokens are drawn.
    """
    import torch

    (train,) = attempt
    for turn in range(3 if again else 1):  # twice with one seed, then with another
        with private_randomness(1 + turn):
            model = train(tensor(ids, "int64"), tensor(mask, "bool"), vocab, steps, seed + turn // 2)
            yield f"a Module{turn}", isinstance(model, torch.nn.Module)
            if not isinstance(model, torch.nn.Module):
                return
            yield f"evaluation mode{turn}", not model.training
            ask = _Asker(model)
            with torch.no_grad():
                for number, prompt in enumerate(asked):
                    yield f"prompt {number}, {turn}", ask(prompt)
                    yield f"a second look {number}, {turn}", ask(prompt)
                    said_aloud = prompt
                    for _ in range(longest):
                        logits = ask(said_aloud)
                        if not isinstance(logits, np.ndarray) or logits.ndim != 3:
                            return
                        said_aloud = np.concatenate([said_aloud, logits[:, -1:].argmax(axis=-1)], axis=1)
                    yield f"said {number}, {turn}", said_aloud[:, prompt.shape[1] :]
                    yield f"looking back {number}, {turn}", ask(said_aloud[:, :-1])
