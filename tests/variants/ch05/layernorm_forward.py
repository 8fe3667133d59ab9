"""05.layernorm_forward written in other ways; each must pass."""

import numpy as np


class with_keepdims:
    def layernorm_forward(x, gamma, beta, eps=1e-5):
        std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
        xhat = (x - x.mean(axis=1, keepdims=True)) / std
        return gamma * xhat + beta, (xhat, gamma, std)

    def layernorm_backward(dout, cache):
        xhat, gamma, std = cache
        d = dout * gamma
        dx = (d - d.mean(axis=1, keepdims=True) - xhat * (d * xhat).mean(axis=1, keepdims=True)) / std
        return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)


class on_its_side:
    def layernorm_forward(x, gamma, beta, eps=1e-5):
        t = x.T
        inverse = (t.var(axis=0) + eps) ** -0.5
        that = (t - t.mean(axis=0)) * inverse
        return (that * gamma[:, None]).T + beta, (that, gamma, inverse)

    def layernorm_backward(dout, cache):
        that, gamma, inverse = cache
        d = dout.T * gamma[:, None]
        dx = inverse * (d - d.mean(0) - that * np.mean(d * that, 0))
        return dx.T, (dout.T * that).sum(1), dout.sum(0)


class row_by_row:
    def layernorm_forward(x, gamma, beta, eps=1e-5):
        rows = [(row - row.mean()) / np.sqrt(row.var() + eps) for row in x]
        return np.array([gamma * row + beta for row in rows]), (x, np.array(rows), gamma, eps)

    def layernorm_backward(dout, cache):
        x, rows, gamma, eps = cache
        d, dx = x.shape[1], np.zeros(x.shape)
        for i, row in enumerate(rows):
            jacobian = (np.eye(d) - 1 / d - np.outer(row, row) / d) / np.sqrt(x[i].var() + eps)
            dx[i] = jacobian @ (gamma * dout[i])
        return dx, sum(dout * rows), sum(dout)


VARIANTS = (with_keepdims, on_its_side, row_by_row)
