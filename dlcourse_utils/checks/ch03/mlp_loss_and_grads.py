"""03.mlp_loss_and_grads: loss and every gradient of a whole network, against PyTorch's autograd."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from ..authoring import Case, Exercise


def _network(rng: np.random.Generator, sizes: tuple[int, ...]) -> list[tuple[np.ndarray, np.ndarray]]:
    return [
        (rng.normal(size=(d, m)) / np.sqrt(d), rng.normal(size=m) * 0.5)
        for d, m in pairwise(sizes)
    ]


def _near_a_kink(params: list[tuple[np.ndarray, np.ndarray]], x: np.ndarray) -> bool:
    for w, b in params[:-1]:
        z = x @ w + b
        if np.abs(z).min() < 1e-3 or not (z > 0).any() or not (z < 0).any():
            return True
        x = np.maximum(z, 0)
    return False


def _case(rng: np.random.Generator, name: str, sizes: tuple[int, ...], n: int) -> Case:
    while True:
        params, x = _network(rng, sizes), rng.normal(size=(n, sizes[0]))
        if not _near_a_kink(params, x):
            break
    labels = rng.permutation(np.resize(np.arange(sizes[-1]), n))
    return Case(name, args=(params, x, labels))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield _case(rng, "no hidden layer, 4 → 3", (4, 3), 6)
    yield _case(rng, "one hidden layer, 5 → 7 → 3", (5, 7, 3), 8)
    yield _case(rng, "two hidden layers, 3 → 6 → 5 → 4", (3, 6, 5, 4), 7)
    yield _case(rng, "a single sample, 4 → 6 → 3", (4, 6, 3), 1)
    for sizes, n in (((4, 4, 4, 4), 5), ((5, 5, 5), 6), ((6, 6, 6, 6), 7)):  # a mix-up gives numbers here, not a crash
        yield _case(rng, f"layers of equal width, {' → '.join(map(str, sizes))}", sizes, n)


def oracle(params: list[Any], x: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    import torch

    leaves = [[torch.tensor(a, requires_grad=True) for a in layer] for layer in params]
    h = torch.tensor(x)
    for i, (w, b) in enumerate(leaves):
        h = h @ w + b
        if i < len(leaves) - 1:
            h = torch.relu(h)
    loss = torch.nn.functional.cross_entropy(h, torch.tensor(labels).long())
    grads = [tuple(g.numpy() for g in torch.autograd.grad(loss, layer, retain_graph=True)) for layer in leaves]
    return {"loss": loss.item(), "grads": grads}


def _forward(params, x):
    """Inputs of every layer, and the logits."""
    inputs = []
    h = x
    for i, (w, b) in enumerate(params):
        inputs.append(h)
        h = h @ w + b
        if i < len(params) - 1:
            h = np.maximum(h, 0)
    return inputs, h


def _loss(logits, labels):
    """Mean cross-entropy and its gradient."""
    n = np.arange(len(labels))
    z = logits - logits.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    dlogits = np.exp(logp)
    dlogits[n, labels] -= 1
    return float(-logp[n, labels].mean()), dlogits / len(labels)


def _grads(params, inputs, dout, gated=True):
    grads = []
    for (w, _), h in zip(reversed(params), reversed(inputs), strict=True):
        grads.append((h.T @ dout, dout.sum(axis=0)))
        dout = dout @ w.T
        if gated:
            dout = dout * (h > 0)
    return grads[::-1]


def reads_changed_activations(params, x, labels):
    """Your backward pass turns an activation into a 0/1 mask in place and then reads it again for dw. Take what you need from an array before you change it, or make the mask a new array."""
    inputs, logits = _forward(params, x)
    inputs = [h.copy() for h in inputs]
    loss, dout = _loss(logits, labels)
    grads = []
    for i in reversed(range(len(params))):
        w, h = params[i][0], inputs[i]
        below = dout @ w.T
        if i > 0:
            h[h > 0] = 1
            below = below * h
        grads.append((h.T @ dout, dout.sum(axis=0)))
        dout = below
    return loss, grads[::-1]


def gradients_in_reverse_order(params, x, labels):
    """Your gradients come back in the order in which backward computes them, last layer first. grads[i] must belong to params[i]: turn the list around."""
    inputs, logits = _forward(params, x)
    loss, dout = _loss(logits, labels)
    return loss, _grads(params, inputs, dout)[::-1]


def misses_the_last_bias(params, x, labels):
    """The bias of the last layer gets no gradient. It stands right before the loss: its gradient is dlogits summed over the batch."""
    inputs, logits = _forward(params, x)
    loss, dout = _loss(logits, labels)
    grads = _grads(params, inputs, dout)
    grads[-1] = (grads[-1][0], np.zeros_like(params[-1][1]))
    return loss, grads


def misses_the_first_bias(params, x, labels):
    """The bias of the first layer gets no gradient. Every layer has one, also the one that sees the data."""
    inputs, logits = _forward(params, x)
    loss, dout = _loss(logits, labels)
    grads = _grads(params, inputs, dout)
    grads[0] = (grads[0][0], np.zeros_like(params[0][1]))
    return loss, grads


def no_gate_on_the_way_back(params, x, labels):
    """The gradient walks back through ReLU as if it were not there. Multiply by the gate: pass it only where the layer's input to ReLU was positive."""
    inputs, logits = _forward(params, x)
    loss, dout = _loss(logits, labels)
    return loss, _grads(params, inputs, dout, gated=False)


def relu_on_the_logits(params, x, labels):
    """You put a ReLU after the last layer. The logits must be free to be negative: ReLU stands only *between* layers."""
    inputs, logits = _forward(params, x)
    loss, dout = _loss(np.maximum(logits, 0), labels)
    return loss, _grads(params, inputs, dout * (logits > 0))


def gradients_of_the_sum(params, x, labels):
    """Your loss is a mean but your gradients belong to the sum: they are N times too large. The 1/N belongs into dlogits, once."""
    inputs, logits = _forward(params, x)
    loss, dout = _loss(logits, labels)
    return loss, _grads(params, inputs, dout * len(x))


def uses_the_layers_output(params, x, labels):
    """For dw you multiply by what the layer gave out. dw needs what went *in*: x.T @ dout, with x the layer's input."""
    inputs, logits = _forward(params, x)
    loss, dout = _loss(logits, labels)
    outputs = [*inputs[1:], logits]
    grads = _grads(params, inputs, dout)
    douts = []
    for (w, _), h in zip(reversed(params), reversed(inputs), strict=True):
        douts.append(dout)
        dout = (dout @ w.T) * (h > 0)
    return loss, [(o.T @ d, db) for o, d, (_, db) in zip(outputs, douts[::-1], grads, strict=True)]


def divided_by_n_again(params, x, labels):
    """Your gradients are N times too small: you divide by the batch size, but the 1/N is already in dlogits. Once is enough."""
    inputs, logits = _forward(params, x)
    loss, dout = _loss(logits, labels)
    return loss, _grads(params, inputs, dout / len(x))


def caches_from_the_front(params, x, labels):
    """You take the caches from the front. The last layer goes backward first, and its cache is the last one you put down: take them from the end, caches.pop() or reversed(caches)."""
    inputs, logits = _forward(params, x)
    loss, dout = _loss(logits, labels)
    grads = []
    for i, (w, _) in enumerate(params):
        if i > 0:
            dout = dout * (inputs[i] > 0)
        grads.append((inputs[i].T @ dout, dout.sum(axis=0)))
        dout = dout @ w.T
    return loss, grads[::-1]


def caches_not_reversed(params, x, labels):
    """Your backward loop runs through the caches in the order of the forward pass. The last layer goes backward first: for … in reversed(caches)."""
    inputs, logits = _forward(params, x)
    loss, dout = _loss(logits, labels)
    grads = []
    for i, (w, _) in enumerate(params):
        if i < len(params) - 1:
            dout = dout * (inputs[i + 1] > 0)
        grads.append((inputs[i].T @ dout, dout.sum(axis=0)))
        dout = dout @ w.T
    return loss, grads[::-1]


def dx_not_handed_down(params, x, labels):
    """Every layer of yours receives dlogits. The dx that one layer's backward returns is the dout of the next one below: hand it down."""
    inputs, logits = _forward(params, x)
    loss, dout = _loss(logits, labels)
    grads = []
    for i in reversed(range(len(params))):
        if i < len(params) - 1:
            dout = dout * (inputs[i + 1] > 0)
        grads.append((inputs[i].T @ dout, dout.sum(axis=0)))
    return loss, grads[::-1]


EXERCISE = Exercise(
    id="03.mlp_loss_and_grads",
    title="A whole network, forwards and backwards",
    objects=("mlp_loss_and_grads",),
    points=3,
    cases=cases,
    probe="mlp_loss_and_grads",
    oracle=oracle,
    mistakes=(
        reads_changed_activations,
        gradients_in_reverse_order,
        misses_the_last_bias,
        misses_the_first_bias,
        no_gate_on_the_way_back,
        relu_on_the_logits,
        gradients_of_the_sum,
        uses_the_layers_output,
        divided_by_n_again,
        caches_from_the_front,
        caches_not_reversed,
        dx_not_handed_down,
    ),
    builds_on=("03.linear_forward", "03.relu_forward", "03.softmax_cross_entropy"),
    hints=(
        "Where do I begin? → Forward: a loop over params. Keep every cache that linear_forward and relu_forward give you in a list. "
        "Only then backward: the same loop, reversed, taking caches from the end.",
        "How do I know whether a layer has a ReLU after it? → All have one except the last: i < len(params) - 1.",
        "My grads are in the wrong order. → The loop goes from the last layer to the first. Put each new pair in front, or reverse the list "
        "at the end, so that grads[i] belongs to params[i].",
        "Nearly everything:\n```python\ncaches = []\nh = x\nfor i, (w, b) in enumerate(params):\n    h, linear = linear_forward(h, w, b)\n"
        "    gate = None\n    if i < len(params) - 1:\n        h, gate = relu_forward(h)\n    caches.append((linear, gate))\n"
        "loss, dout = softmax_cross_entropy(h, labels)\ngrads = []\nfor linear, gate in reversed(caches):\n    if gate is not None:\n"
        "        dout = relu_backward(dout, gate)\n    ...   # linear_backward, and keep (dw, db)\nreturn loss, grads[::-1]\n```",
    ),
)
