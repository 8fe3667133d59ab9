"""02.activation_grads written in other ways; each must pass."""

import numpy as np
from scipy.special import expit


def from_the_outputs(z):
    s, t = 1 / (1 + np.exp(-z)), np.tanh(z)
    return {"sigmoid": s * (1 - s), "tanh": 1 - t**2, "relu": (z > 0).astype(float)}


def through_cosh(z):
    return {"sigmoid": 0.25 / np.cosh(z / 2) ** 2, "tanh": 1 / np.cosh(z) ** 2, "relu": np.where(z > 0, 1, 0)}


def from_both_sides(z):
    tanh_slope = 4 * expit(2 * z) * expit(-2 * z)
    return {"sigmoid": expit(z) * expit(-z), "tanh": tanh_slope, "relu": np.heaviside(z, 0.5)}


def with_booleans_and_other_order(z):
    s = expit(z)
    return dict(relu=z >= 0, tanh=(1 - np.tanh(z)) * (1 + np.tanh(z)), sigmoid=s - s**2)


VARIANTS = (from_the_outputs, through_cosh, from_both_sides, with_booleans_and_other_order)
