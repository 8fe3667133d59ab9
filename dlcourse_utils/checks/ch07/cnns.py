"""Known weights for a CNN's layers, and its logits by PyTorch's functions, layer by layer."""

from typing import Any

import numpy as np

Shapes = tuple[tuple[int, ...], ...]


def random_layers(rng: np.random.Generator, shapes: Shapes) -> list[dict[str, np.ndarray]]:
    """He-scaled weights of the given shapes, with biases that are not zero."""
    return [
        {"w": rng.normal(size=s) * np.sqrt(2 / np.prod(s[1:])), "b": rng.normal(size=s[0]) / 4} for s in shapes
    ]


def parameter_count(shapes: Shapes) -> int:
    """Weights and biases together."""
    return int(sum(np.prod(s) + s[0] for s in shapes))


def logits(layers: list[dict[str, np.ndarray]], x: np.ndarray, pooled_convolutions: int = 2) -> np.ndarray:
    """Convolutions with ReLU, a 2×2 max pool after the first two, then linear layers with ReLU between them."""
    import torch
    import torch.nn.functional as F

    out = torch.tensor(x)
    for number, layer in enumerate(layers, start=1):
        w, b = torch.tensor(layer["w"]), torch.tensor(layer["b"])
        if w.dim() == 4:
            out = torch.relu(F.conv2d(out, w, b))
            out = F.max_pool2d(out, 2) if number <= pooled_convolutions else out
        else:
            out = F.linear(out.flatten(1), w, b)
            out = torch.relu(out) if number < len(layers) else out
    return out.numpy()


def expected(shapes: Shapes, layers: list[dict[str, np.ndarray]], x: np.ndarray) -> dict[str, Any]:
    """Return what the probe "ch07.cnn" reports of a right network."""
    out = logits(layers, x)
    return {
        "an nn.Module": "yes",
        "number of parameters": parameter_count(shapes),
        "layers": "as asked",
        "same input, same output": "yes",
        "logits": out,
        "logits in training mode": out,
        "a gradient for every parameter": "yes",
    }
