"""Right ways to write ReLU."""

import numpy as np


class keeps_a_mask:
    def relu_forward(x):
        mask = x > 0
        return x * mask, mask

    def relu_backward(dout, cache):
        return np.where(cache, dout, 0)


class keeps_the_input:
    def relu_forward(x):
        return np.maximum(0, x), x

    def relu_backward(dout, cache):
        dx = np.array(dout, copy=True)
        dx[cache <= 0] = 0
        return dx


class keeps_a_copy_of_the_output:
    def relu_forward(x):
        out = x.clip(min=0)
        return out, out.copy()

    def relu_backward(dout, cache):
        return dout * np.sign(cache)


class half_at_the_kink:
    """Another subgradient at exactly 0."""

    def relu_forward(x):
        return (x + np.abs(x)) / 2, {"x": x}

    def relu_backward(dout, cache):
        return np.heaviside(cache["x"], 0.5) * dout


VARIANTS = (keeps_a_mask, keeps_the_input, keeps_a_copy_of_the_output, half_at_the_kink)
