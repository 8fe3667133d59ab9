"""06.torch_loss_and_grads: chapter 03's loss and gradients once more, by autograd; the oracle is NumPy.

Float64 agrees to about fourteen digits and float32 to about seven, so comparing to nine tells the two apart.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from ..authoring import Case, Exercise
from .networks import loss_and_gradients


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, sizes: tuple[int, ...], n: int) -> Case:
        params = [(rng.normal(size=(d, m)) / np.sqrt(d), rng.normal(size=m)) for d, m in pairwise(sizes)]
        return Case(title, args=(params, rng.normal(size=(n, sizes[0])), rng.integers(0, sizes[-1], size=n)))

    yield case("two layers, 4 → 6 → 3", (4, 6, 3), 5)
    yield case("all layers 5 wide: a missing transpose raises no error", (5, 5, 5, 5), 7)
    yield case("four layers, 3 → 8 → 4 → 6 → 2", (3, 8, 4, 6, 2), 6)
    yield case("one layer, one sample", (6, 4), 1)


def oracle(params: Any, x: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    loss, grads = loss_and_gradients([{"w": w.T, "b": b} for w, b in params], x, labels)
    pairs = [(g["w"].T, g["b"]) for g in grads]
    return {"loss": loss, "grads": pairs, "loss when called again": loss, "grads when called again": pairs, "computed with torch": "yes"}


def _tensors(params, dtype=torch.float64):
    return [[torch.tensor(p, dtype=dtype, requires_grad=True) for p in pair] for pair in params]


def _logits(layers, x):
    for w, b in layers[:-1]:
        x = torch.relu(x @ w + b)
    w, b = layers[-1]
    return x @ w + b


def _answer(layers, loss):
    loss.backward()
    return loss.item(), [tuple(p.grad.numpy() for p in pair) for pair in layers]


def float32_throughout(params, x, labels):
    """Your numbers agree only to about seven digits: they went through float32. Comparing two frameworks to 1e-6 needs float64 all the way: torch.tensor(w, dtype=torch.float64), or from_numpy, which keeps the type."""
    layers = _tensors(params, torch.float32)
    loss = F.cross_entropy(_logits(layers, torch.tensor(x, dtype=torch.float32)), torch.tensor(labels))
    return _answer(layers, loss)


def weights_not_transposed(params, x, labels):
    """Your weights lie on their side. Chapter 03 keeps them as (in, out) and computes x @ w; torch's linear keeps (out, in) and computes x @ w.T. Copy w.T. (With square layers nothing raises; that is what makes this one dangerous.)"""
    layers = _tensors(params)
    out = torch.tensor(x)
    for w, b in layers[:-1]:
        out = torch.relu(F.linear(out, w, b))
    return _answer(layers, F.cross_entropy(F.linear(out, *layers[-1]), torch.tensor(labels)))


def gradients_not_turned_back(params, x, labels):
    """Your weight gradients have torch's layout, (out, in). They should have the shape of chapter 03's w, (in, out): turn them back with .T."""
    layers = _tensors(params)
    loss, grads = _answer(layers, F.cross_entropy(_logits(layers, torch.tensor(x)), torch.tensor(labels)))
    return loss, [(dw.T, db) for dw, db in grads]


def loss_summed(params, x, labels):
    """Your loss is the sum over the batch; chapter 03's is the mean."""
    layers = _tensors(params)
    return _answer(layers, F.cross_entropy(_logits(layers, torch.tensor(x)), torch.tensor(labels), reduction="sum"))


def relu_after_the_last_layer(params, x, labels):
    """A ReLU follows the last layer too. The last layer's output are the logits, as they are."""
    layers = _tensors(params)
    return _answer(layers, F.cross_entropy(torch.relu(_logits(layers, torch.tensor(x))), torch.tensor(labels)))


_KEPT: dict = {}


def gradients_pile_up(params, x, labels):
    """Called a second time, your gradients are twice as large: you keep the tensors between calls, and backward adds to their .grad. Make new tensors in each call."""
    key = tuple(np.asarray(p).tobytes() for pair in params for p in pair)
    if _KEPT.get("key") != key:
        _KEPT.update(key=key, layers=_tensors(params))
    layers = _KEPT["layers"]
    loss, grads = _answer(layers, F.cross_entropy(_logits(layers, torch.tensor(x)), torch.tensor(labels)))
    return loss, [tuple(np.array(p) for p in pair) for pair in grads]


def gradients_as_one_flat_list(params, x, labels):
    """Your gradients stand in one flat list. Give them the structure of params: a list of pairs (dw, db)."""
    layers = _tensors(params)
    loss, grads = _answer(layers, F.cross_entropy(_logits(layers, torch.tensor(x)), torch.tensor(labels)))
    return loss, [part for pair in grads for part in pair]


def loss_is_a_tensor(params, x, labels):
    """Your loss is still a tensor. Hand out a number: loss.item()."""
    layers = _tensors(params)
    loss = F.cross_entropy(_logits(layers, torch.tensor(x)), torch.tensor(labels))
    return loss, _answer(layers, loss)[1]


def numpy_once_more(params, x, labels):
    """These are chapter 03's own NumPy formulas once more; torch computed nothing. Here autograd is asked: make tensors of params, go forward, loss.backward(), and hand out their .grad."""
    outs = [x]
    for i, (w, b) in enumerate(params):
        z = outs[-1] @ w + b
        outs.append(z if i == len(params) - 1 else np.maximum(z, 0))
    z = outs[-1] - outs[-1].max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(labels))
    d = np.exp(log_p)
    d[rows, labels] -= 1
    d /= len(labels)
    grads = []
    for (w, _), h in zip(reversed(params), reversed(outs[:-1]), strict=True):
        grads.insert(0, (h.T @ d, d.sum(axis=0)))
        d = (d @ w.T) * (h > 0)
    return float(-log_p[rows, labels].mean()), grads


def softmax_before_the_loss(params, x, labels):
    """You put the logits through a softmax before cross_entropy, which applies log-softmax itself. Hand it the logits."""
    layers = _tensors(params)
    return _answer(layers, F.cross_entropy(torch.softmax(_logits(layers, torch.tensor(x)), dim=1), torch.tensor(labels)))


def no_relu_between(params, x, labels):
    """There is no ReLU between your layers. Chapter 03's network has one after every layer but the last."""
    layers = _tensors(params)
    out = torch.tensor(x)
    for w, b in layers:
        out = out @ w + b
    return _answer(layers, F.cross_entropy(out, torch.tensor(labels)))


def last_layer_first(params, x, labels):
    """Your gradients come in the order of the way back, last layer first. Hand them out in the order of params."""
    layers = _tensors(params)
    loss, grads = _answer(layers, F.cross_entropy(_logits(layers, torch.tensor(x)), torch.tensor(labels)))
    return loss, grads[::-1]


def gradients_stay_tensors(params, x, labels):
    """Your gradients are tensors. NumPy arrays are asked for: .grad.cpu().numpy()."""
    layers = _tensors(params)
    loss = F.cross_entropy(_logits(layers, torch.tensor(x)), torch.tensor(labels))
    return _answer(layers, loss)[0], [tuple(p.grad for p in pair) for pair in layers]


EXERCISE = Exercise(
    id="06.torch_loss_and_grads",
    title="The same gradients, twice",
    objects=("torch_loss_and_grads",),
    points=2,
    cases=cases,
    probe="ch06.torch_loss_and_grads",
    oracle=oracle,
    rtol=1e-9,
    mistakes=(
        float32_throughout,
        weights_not_transposed,
        gradients_not_turned_back,
        loss_summed,
        relu_after_the_last_layer,
        gradients_pile_up,
        gradients_as_one_flat_list,
        loss_is_a_tensor,
        numpy_once_more,
        softmax_before_the_loss,
        no_relu_between,
        last_layer_first,
        gradients_stay_tensors,
    ),
    hints=(
        "Do I need nn.Module here? → No. Tensors and the formula of chapter 03 will do: torch.relu(x @ w + b), layer after layer. With "
        "your MLP it works too; then copy w.T, and turn the gradients back.",
        "How do I get tensors that autograd follows? → torch.tensor(w, dtype=torch.float64, requires_grad=True).",
        "How do I hand back NumPy arrays? → .grad.cpu().numpy() (on the CPU, .cpu() does nothing).",
        "Nearly everything:\n```python\nlayers = [[torch.tensor(p, dtype=torch.float64, device=device, requires_grad=True) for p in pair]\n"
        "          for pair in params]\nout = torch.tensor(x, dtype=torch.float64, device=device)\nfor w, b in layers[:-1]:\n"
        "    out = torch.relu(out @ w + b)\nw, b = layers[-1]\nloss = F.cross_entropy(out @ w + b, torch.tensor(labels, device=device))\n"
        "loss.backward()\nreturn loss.item(), ...\n```",
    ),
    builds_on=("06.MLP",),
)
