"""05.he_init written in other ways; each must pass."""

import numpy as np


def normal(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_in, fan_out))


def uniform(fan_in, fan_out, rng):
    a = (6 / fan_in) ** 0.5
    return rng.uniform(low=-a, high=a, size=(fan_in, fan_out))


def float32_normal(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out), dtype=np.float32) * np.float32(np.sqrt(2 / fan_in))


def truncated_normal(fan_in, fan_out, rng):
    w = rng.normal(size=(fan_in, fan_out))
    while (far := np.abs(w) > 2).any():
        w[far] = rng.normal(size=far.sum())
    return w / 0.8796 * np.sqrt(2 / fan_in)  # a normal cut at 2 has this standard deviation


VARIANTS = (normal, uniform, float32_normal, truncated_normal)
