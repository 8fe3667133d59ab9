"""04.clip_by_global_norm written in other ways; each must pass."""

import math

import numpy as np


def one_factor(grads, max_norm):
    norm = float(np.sqrt(sum((g**2).sum() for g in grads.values())))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {k: g * scale for k, g in grads.items()}, norm


def one_long_vector(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads.values()]))
    return {k: g / max(1.0, norm / max_norm) for k, g in grads.items()}, norm


def norm_of_the_norms(grads, max_norm):
    norm = np.linalg.norm([np.linalg.norm(g) for g in grads.values()])
    if norm <= max_norm:
        return {k: g.copy() for k, g in grads.items()}, norm
    return {k: max_norm * (g / norm) for k, g in grads.items()}, norm


def as_pytorch_writes_it(grads, max_norm):
    norm = math.hypot(*(v for g in grads.values() for v in g.flat))
    return {k: g * min(1.0, max_norm / (norm + 1e-6)) for k, g in grads.items()}, norm


VARIANTS = (one_factor, one_long_vector, norm_of_the_norms, as_pytorch_writes_it)
