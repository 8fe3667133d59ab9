"""Right ways to write unbroadcast."""

import numpy as np


def pads_the_shape(grad, shape):
    padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
    axes = tuple(i for i, n in enumerate(padded) if n == 1)
    return grad.sum(axis=axes, keepdims=True).reshape(shape)


def one_axis_at_a_time(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis in range(len(shape)):
        if shape[axis] == 1 and grad.shape[axis] != 1:
            grad = np.expand_dims(grad.sum(axis=axis), axis)
    return grad


def from_the_right(grad, shape):
    """Walk the axes from the right, as broadcasting does."""
    for back in range(1, grad.ndim + 1):
        if back > len(shape) or shape[-back] == 1:
            grad = np.add.reduce(grad, axis=-back, keepdims=True)
    return np.reshape(grad, shape)


def by_scattering(grad, shape):
    """Ask NumPy where each copy came from, and add it there."""
    size = int(np.prod(shape, dtype=int))
    origin = np.broadcast_to(np.arange(size).reshape(shape), grad.shape)
    return np.bincount(origin.ravel(), weights=grad.ravel(), minlength=size).reshape(shape)


VARIANTS = (pads_the_shape, one_axis_at_a_time, from_the_right, by_scattering)
