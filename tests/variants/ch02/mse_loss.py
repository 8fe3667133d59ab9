"""02.mse_loss written in other ways; each must pass."""

import numpy as np


def mean_of_squares(pred, target):
    return np.mean((pred - target) ** 2)


def dot_with_itself(pred, target):
    difference = (target - pred).ravel()
    return float(difference @ difference / difference.size)


def through_the_norm(pred, target):
    return np.linalg.norm(pred - target) ** 2 / pred.size


def with_a_loop(pred, target):
    pairs = list(zip(pred.flat, target.flat, strict=True))
    return sum((float(p) - float(t)) ** 2 for p, t in pairs) / len(pairs)


def one_axis_after_the_other(pred, target):
    errors = np.square(np.subtract(pred, target, dtype=float))
    while errors.ndim:
        errors = errors.mean(axis=0)
    return errors


VARIANTS = (mean_of_squares, dot_with_itself, through_the_norm, with_a_loop, one_axis_after_the_other)
