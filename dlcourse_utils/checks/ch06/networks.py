"""Networks as plain arrays, and their losses and updates worked out in NumPy: an oracle without autograd."""

from itertools import pairwise
from typing import Any

import numpy as np
from scipy.special import log_softmax

Layers = list[dict[str, np.ndarray]]
Batches = list[tuple[np.ndarray, np.ndarray]]


def random_layers(rng: np.random.Generator, sizes: tuple[int, ...]) -> Layers:
    """Weights as torch lays them out, (out, in), with biases that are not zero."""
    return [
        {"w": rng.normal(size=(m, d)) / np.sqrt(d), "b": rng.normal(size=m)}
        for d, m in pairwise(sizes)
    ]


def random_batches(rng: np.random.Generator, features: int, classes: int, sizes: tuple[int, ...]) -> Batches:
    """Inputs (N, features) and labels (N,) for each size."""
    return [(rng.normal(size=(n, features)) + 0.3, rng.integers(0, classes, size=n)) for n in sizes]


def forward(layers: Layers, x: np.ndarray) -> list[np.ndarray]:
    """Return x and each layer's output after its ReLU; the last are the logits."""
    outs = [x]
    for number, layer in enumerate(layers, start=1):
        z = outs[-1] @ layer["w"].T + layer["b"]
        outs.append(z if number == len(layers) else np.maximum(z, 0))
    return outs


def loss_and_gradients(layers: Layers, x: np.ndarray, labels: np.ndarray) -> tuple[float, Layers]:
    """Mean cross-entropy and its gradients, by the chain rule on paper."""
    outs = forward(layers, x)
    log_p = log_softmax(outs[-1], axis=1)
    rows = np.arange(len(labels))
    d = np.exp(log_p)
    d[rows, labels] -= 1
    d /= len(labels)
    grads: Layers = []
    for layer, before in zip(reversed(layers), reversed(outs[:-1]), strict=True):
        grads.insert(0, {"w": d.T @ before, "b": d.sum(axis=0)})
        d = (d @ layer["w"]) * (before > 0)
    return float(-log_p[rows, labels].mean()), grads


def sgd(
    layers: Layers, grads: Layers, velocity: Layers | None, lr: float, momentum: float, weight_decay: float = 0.0
) -> tuple[Layers, Layers]:
    """One update as torch.optim.SGD makes it: v = momentum · v + g + weight_decay · p, p − lr · v."""
    grads = [{k: g[k] + weight_decay * p[k] for k in g} for p, g in zip(layers, grads, strict=True)]
    velocity = velocity or [{k: np.zeros_like(v) for k, v in g.items()} for g in grads]
    velocity = [{k: momentum * v[k] + g[k] for k in g} for v, g in zip(velocity, grads, strict=True)]
    return [{k: p[k] - lr * v[k] for k in p} for p, v in zip(layers, velocity, strict=True)], velocity


def flat(layers: Layers) -> list[Any]:
    """Return the arrays in the order in which a model lists its parameters."""
    return [array for layer in layers for array in (layer["w"], layer["b"])]
