"""08.rnn_forward and rnn_backward written in other ways; each must pass."""

import numpy as np


class step_by_step:
    def rnn_forward(x, h0, Wx, Wh, b):
        h, out, caches = h0, [], []
        for t in range(x.shape[1]):
            before = h
            h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
            out.append(h)
            caches.append((x[:, t], before, h))
        return np.stack(out, axis=1), (caches, Wx, Wh)

    def rnn_backward(dh, cache):
        caches, Wx, Wh = cache
        dx, dWx, dWh, db = [], 0, 0, 0
        carried = np.zeros_like(dh[:, 0])
        for t in range(len(caches) - 1, -1, -1):
            x, before, h = caches[t]
            da = (dh[:, t] + carried) * (1 - h * h)
            dx.insert(0, da @ Wx.T)
            dWx = dWx + x.T @ da
            dWh = dWh + before.T @ da
            db = db + da.sum(axis=0)
            carried = da @ Wh.T
        return np.stack(dx, axis=1), carried, dWx, dWh, db


class weights_at_the_end:
    def rnn_forward(x, h0, Wx, Wh, b):
        n, steps, _ = x.shape
        h = np.zeros((n, steps + 1, len(b)))
        h[:, 0] = h0
        for t in range(steps):
            h[:, t + 1] = np.tanh(x[:, t].dot(Wx) + h[:, t].dot(Wh) + b)
        return h[:, 1:], {"x": x, "h": h, "Wx": Wx, "Wh": Wh}

    def rnn_backward(dh, cache):
        x, h, Wx, Wh = cache["x"], cache["h"], cache["Wx"], cache["Wh"]
        da = np.zeros_like(dh)
        gathered = 0.0
        for t in reversed(range(dh.shape[1])):
            da[:, t] = (dh[:, t] + gathered) * (1 - h[:, t + 1] ** 2)
            gathered = da[:, t] @ Wh.T
        dWx = np.einsum("ntd,nth->dh", x, da)
        dWh = np.einsum("ntk,nth->kh", h[:, :-1], da)
        return da @ Wx.T, gathered, dWx, dWh, da.sum(axis=(0, 1))


class sums_kept_for_the_slope:
    def rnn_forward(x, h0, Wx, Wh, b):
        sums, h = [], h0
        for step in np.swapaxes(x, 0, 1):
            sums.append(step @ Wx + h @ Wh + b)
            h = np.tanh(sums[-1])
        out = np.tanh(np.array(sums)).transpose(1, 0, 2)
        return out, (x, h0, np.array(sums), Wx, Wh)

    def rnn_backward(dh, cache):
        x, h0, sums, Wx, Wh = cache
        total = dh.copy()
        dx, dWx, dWh, db = np.zeros(x.shape), np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(len(Wh))
        for t in range(len(sums) - 1, -1, -1):
            da = total[:, t] / np.cosh(sums[t]) ** 2
            back = da @ Wh.T
            if t > 0:
                total[:, t - 1] += back
            before = np.tanh(sums[t - 1]) if t > 0 else h0
            dx[:, t] = da @ Wx.T
            dWx += x[:, t].T @ da
            dWh += before.T @ da
            db += da.sum(0)
        return [dx, back, dWx, dWh, db]


class by_recursion:
    def rnn_forward(x, h0, Wx, Wh, b):
        if x.shape[1] == 0:
            return np.zeros((len(x), 0, len(b))), (x, h0, Wx, Wh, b, None)
        h = np.tanh(x[:, 0] @ Wx + h0 @ Wh + b)
        later, cache = by_recursion.rnn_forward(x[:, 1:], h, Wx, Wh, b)
        return np.concatenate([h[:, None], later], axis=1), (x, h0, Wx, Wh, b, cache)

    def rnn_backward(dh, cache):
        x, h0, Wx, Wh, b, rest = cache
        if rest is None:
            return np.zeros_like(x), np.zeros_like(h0), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)
        dx, carried, dWx, dWh, db = by_recursion.rnn_backward(dh[:, 1:], rest)
        h = rest[1]
        da = (dh[:, 0] + carried) * (1 - h**2)
        dx = np.concatenate([(da @ Wx.T)[:, None], dx], axis=1)
        return dx, da @ Wh.T, dWx + x[:, 0].T @ da, dWh + h0.T @ da, db + da.sum(axis=0)


VARIANTS = (step_by_step, weights_at_the_end, sums_kept_for_the_slope, by_recursion)
