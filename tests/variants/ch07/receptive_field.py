"""07.receptive_field written in other ways; each must pass."""

import numpy as np


def from_the_output_back(layers):
    field = 1
    for layer in reversed(layers):
        kernel, stride = layer[0], layer[1]
        dilation = layer[2] if len(layer) > 2 else 1
        field = (field - 1) * stride + dilation * (kernel - 1) + 1
    return field


def with_a_product_of_strides(layers):
    padded = [(*layer, 1)[:3] for layer in layers]
    steps = np.cumprod([1] + [s for _, s, _ in padded])
    return 1 + sum((k - 1) * d * step for (k, _, d), step in zip(padded, steps))


def recursive(layers):
    if not layers:
        return 1
    (kernel, stride, *rest), *later = layers
    (dilation,) = rest or (1,)
    return (kernel - 1) * dilation + 1 + (recursive(later) - 1) * stride


VARIANTS = (from_the_output_back, with_a_product_of_strides, recursive)
