"""07.conv2d_forward written in other ways; each must pass."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class every_loop_written_out:
    def conv2d_forward(x, w, b, stride=1, pad=0):
        N, C, H, W = x.shape
        F, _, KH, KW = w.shape
        xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=x.dtype)
        xp[:, :, pad : pad + H, pad : pad + W] = x
        OH, OW = 1 + (H + 2 * pad - KH) // stride, 1 + (W + 2 * pad - KW) // stride
        out = np.empty((N, F, OH, OW), dtype=x.dtype)
        for n in range(N):
            for f in range(F):
                for i in range(OH):
                    for j in range(OW):
                        patch = xp[n, :, i * stride : i * stride + KH, j * stride : j * stride + KW]
                        out[n, f, i, j] = (patch * w[f]).sum() + b[f]
        return out, (x, w, b, stride, pad)

    def conv2d_backward(dout, cache):
        x, w, b, stride, pad = cache
        KH, KW = w.shape[2:]
        xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
        dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros_like(b)
        for n, f, i, j in np.ndindex(*dout.shape):
            g = dout[n, f, i, j]
            r, c = i * stride, j * stride
            dw[f] += g * xp[n, :, r : r + KH, c : c + KW]
            dxp[n, :, r : r + KH, c : c + KW] += g * w[f]
            db[f] += g
        return (dxp[:, :, pad:-pad, pad:-pad] if pad else dxp), dw, db


class sliding_windows:
    def conv2d_forward(x, w, b, stride=1, pad=0):
        xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        win = sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
        out = np.tensordot(win, w, axes=([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2) + b[:, None, None]
        return out, {"win": win, "w": w, "shape": x.shape, "padded": xp.shape, "stride": stride, "pad": pad}

    def conv2d_backward(dout, cache):
        w, s, p = cache["w"], cache["stride"], cache["pad"]
        dw = np.tensordot(dout, cache["win"], axes=([0, 2, 3], [0, 2, 3]))
        dxp = np.zeros(cache["padded"], dtype=dout.dtype)
        for a in range(w.shape[2]):
            for c in range(w.shape[3]):
                part = np.einsum("nfij,fc->ncij", dout, w[:, :, a, c])
                dxp[:, :, a : a + s * dout.shape[2] : s, c : c + s * dout.shape[3] : s] += part
        h, width = cache["shape"][2:]
        return dxp[:, :, p : p + h, p : p + width], dw, np.sum(dout, axis=(0, 2, 3))


def _cols(xp, kh, kw, s):
    oh, ow = (xp.shape[2] - kh) // s + 1, (xp.shape[3] - kw) // s + 1
    parts = [xp[:, :, i : i + s * oh : s, j : j + s * ow : s] for i in range(kh) for j in range(kw)]
    return np.stack(parts, axis=2).reshape(len(xp), -1, oh * ow), oh, ow


class as_a_matrix_product:
    def conv2d_forward(x, w, b, stride=1, pad=0):
        xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        cols, oh, ow = _cols(xp, *w.shape[2:], stride)
        out = (w.reshape(len(w), -1) @ cols + b[:, None]).reshape(len(x), len(w), oh, ow)
        return out, (cols, xp.shape, w, stride, pad)

    def conv2d_backward(dout, cache):
        cols, shape, w, s, pad = cache
        d = dout.reshape(*dout.shape[:2], -1)
        dw = (d @ cols.transpose(0, 2, 1)).sum(axis=0).reshape(w.shape)
        dcols = (w.reshape(len(w), -1).T @ d).reshape(len(d), *w.shape[1:], *dout.shape[2:])
        dxp = np.zeros(shape, dtype=dout.dtype)
        for i in range(w.shape[2]):
            for j in range(w.shape[3]):
                dxp[:, :, i : i + s * dout.shape[2] : s, j : j + s * dout.shape[3] : s] += dcols[:, :, i, j]
        return dxp[:, :, pad : shape[2] - pad, pad : shape[3] - pad], dw, d.sum((0, 2))


VARIANTS = (every_loop_written_out, sliding_windows, as_a_matrix_product)
