"""Two small networks as plain arrays, and their slopes by a complex step: an oracle without autograd.

f'(x) = Im f(x + ih) / h has no cancellation, so h = 1e-30 gives slopes to the last digit; it needs f analytic, which
tanh, softplus and batch norm are. W. Squire, G. Trapp, Using complex variables to estimate derivatives of real
functions (SIAM Review 40, 1998).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..authoring import Recipe
from ..ch06.networks import Layers, random_layers

STEP = 1e-30


def player(rng: np.random.Generator, sizes: tuple[int, ...], **facts: Any) -> Recipe:
    """A network of the recipe "ch10.player" with random weights: linear, tanh, …, linear."""
    return Recipe("ch10.player", layers=random_layers(rng, sizes), **facts)


def out(layers: Layers, x: np.ndarray, norm: bool = False) -> np.ndarray:
    """Forward pass; `norm` puts a batch norm without scale and shift in front of the first tanh."""
    for number, layer in enumerate(layers):
        if number:
            x = np.tanh(x)
        x = x @ layer["w"].T + layer["b"]
        if norm and number == 0:
            centred = x - x.mean(axis=0)
            x = centred / np.sqrt((centred**2).mean(axis=0) + 1e-5)
    return x


def softplus(x: np.ndarray) -> np.ndarray:
    """log(1 + eˣ), for complex x too."""
    positive = x.real > 0
    small = np.log1p(np.exp(np.where(positive, -x, x)))
    return np.where(positive, x + small, small)


def d_loss(D: Layers, real: np.ndarray, fake: np.ndarray, norm: bool = False) -> Any:
    """The sum of the two means; each batch passes D by itself."""
    return softplus(-out(D, real, norm)).mean() + softplus(out(D, fake, norm)).mean()


def slopes(loss: Callable[[Layers], Any], layers: Layers) -> Layers:
    """Slope of a real loss with respect to every number of `layers`."""
    grads: Layers = [{k: np.zeros(v.shape) for k, v in layer.items()} for layer in layers]
    for layer, grad in zip(layers, grads, strict=True):
        for key, values in layer.items():
            for at in np.ndindex(*values.shape):
                moved = values.astype(complex)
                moved[at] += 1j * STEP
                kept, layer[key] = values, moved
                grad[key][at] = np.imag(loss(layers)) / STEP
                layer[key] = kept
    return grads


def copied(layers: Layers) -> Layers:
    """Return layers that may be changed."""
    return [{k: v.copy() for k, v in layer.items()} for layer in layers]
