"""08.rnn_step written in other ways; each must pass."""

import numpy as np


def term_by_term(x, h, Wx, Wh, b):
    a = np.dot(x, Wx)
    a = a + np.dot(h, Wh)
    a = a + b
    new = np.tanh(a)
    return new, dict(x=x, h=h, Wx=Wx, Wh=Wh, new=new)


def one_long_input(x, h, Wx, Wh, b):
    joined = np.concatenate([x, h], axis=1)
    new = np.tanh(joined @ np.vstack([Wx, Wh]) + b[None, :])
    return new, None


def sample_by_sample(x, h, Wx, Wh, b):
    new = np.empty_like(h)
    for n in range(len(x)):
        for k in range(h.shape[1]):
            total = b[k]
            for d in range(x.shape[1]):
                total += x[n, d] * Wx[d, k]
            for j in range(h.shape[1]):
                total += h[n, j] * Wh[j, k]
            new[n, k] = np.tanh(total)
    return [new, (x, h)]


def einstein(x, h, Wx, Wh, b):
    a = np.einsum("nd,dh->nh", x, Wx) + np.einsum("nk,kh->nh", h, Wh) + b
    e = np.exp(-2 * np.abs(a))
    return np.sign(a) * (1 - e) / (1 + e), a


VARIANTS = (term_by_term, one_long_input, sample_by_sample, einstein)
