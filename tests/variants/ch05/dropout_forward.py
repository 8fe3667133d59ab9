"""05.dropout_forward written in other ways; each must pass."""

import numpy as np


class scaled_mask:
    def dropout_forward(x, p_drop, train, rng):
        if not train:
            return x, 1.0
        mask = (rng.random(x.shape) >= p_drop) / (1 - p_drop)
        return x * mask, mask

    def dropout_backward(dout, cache):
        return dout * cache


class binomial_and_a_dict:
    def dropout_forward(x, p_drop, train, rng):
        if not train or p_drop == 0.0:
            return x.copy(), {"train": False}
        keep = rng.binomial(1, 1 - p_drop, size=x.shape)
        return np.where(keep == 1, x / (1 - p_drop), 0.0), {"train": True, "keep": keep, "p": p_drop}

    def dropout_backward(dout, cache):
        if not cache["train"]:
            return dout.copy()
        return dout * cache["keep"] / (1 - cache["p"])


class zeroed_by_index:
    def dropout_forward(x, p_drop, train, rng):
        out, gone = np.array(x, dtype=float), None
        if train:
            gone = rng.uniform(size=x.shape) < p_drop
            out[gone] = 0
            out /= 1 - p_drop
        return out, (gone, p_drop)

    def dropout_backward(dout, cache):
        gone, p = cache
        if gone is None:
            return dout
        dx = dout / (1 - p)
        dx[gone] = 0
        return dx


class choice_of_two:
    def dropout_forward(x, p_drop, train, rng):
        factor = np.ones(x.shape)
        if train:
            factor = rng.choice([0.0, 1 / (1 - p_drop)], p=[p_drop, 1 - p_drop], size=x.shape)
        return factor * x, [factor]

    def dropout_backward(dout, cache):
        return cache[0] * dout


VARIANTS = (scaled_mask, binomial_and_a_dict, zeroed_by_index, choice_of_two)
