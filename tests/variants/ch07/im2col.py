"""07.im2col written in other ways; each must pass."""

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def sliding_windows(x, kh, kw, stride, pad):
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    windows = sliding_window_view(padded, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    return windows.transpose(0, 1, 4, 5, 2, 3).reshape(len(x), x.shape[1] * kh * kw, -1)


def over_the_kernels_cells(x, kh, kw, stride, pad):
    n, c = x.shape[:2]
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    oh = (padded.shape[2] - kh) // stride + 1
    ow = (padded.shape[3] - kw) // stride + 1
    rows = []
    for channel in range(c):
        for i in range(kh):
            for j in range(kw):
                cells = padded[:, channel, i : i + stride * oh : stride, j : j + stride * ow : stride]
                rows.append(cells.reshape(n, -1))
    return np.stack(rows, axis=1)


def strides_by_hand(x, kh, kw, stride, pad):
    p = np.ascontiguousarray(np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))))
    n, c, h, w = p.shape
    oh, ow = (h - kh) // stride + 1, (w - kw) // stride + 1
    a, b, r, q = p.strides
    view = as_strided(p, (n, c, kh, kw, oh, ow), (a, b, r, q, r * stride, q * stride))
    return view.reshape(n, c * kh * kw, oh * ow).copy()


def fancy_indices(x, kh, kw, stride, pad):
    p = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    oh, ow = (p.shape[2] - kh) // stride + 1, (p.shape[3] - kw) // stride + 1
    k, i, j = (a.reshape(-1, 1) for a in np.indices((x.shape[1], kh, kw)))
    r, q = (a.reshape(1, -1) * stride for a in np.indices((oh, ow)))
    return p[:, k, i + r, j + q]


VARIANTS = (sliding_windows, over_the_kernels_cells, strides_by_hand, fancy_indices)
