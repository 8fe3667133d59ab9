"""Known-wrong convolutions, written as one taught solution with one thing changed in each."""

import numpy as np


def _windows(padded, w, stride, out_shape):
    """Yield (i, j, rows, columns) for every output cell."""
    for i in range(out_shape[0]):
        for j in range(out_shape[1]):
            yield i, j, slice(i * stride, i * stride + w.shape[2]), slice(j * stride, j * stride + w.shape[3])


def _forward(x, w, b, stride=1, pad=0):
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    oh = (padded.shape[2] - w.shape[2]) // stride + 1
    ow = (padded.shape[3] - w.shape[3]) // stride + 1
    out = np.zeros((len(x), len(w), oh, ow), dtype=x.dtype)
    for i, j, rows, cols in _windows(padded, w, stride, (oh, ow)):
        out[:, :, i, j] = np.einsum("nchw,fchw->nf", padded[:, :, rows, cols], w) + b
    return out, (x, w, padded, stride, pad)


def _backward(dout, cache):
    x, w, padded, stride, pad = cache
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i, j, rows, cols in _windows(padded, w, stride, dout.shape[2:]):
        d = dout[:, :, i, j]
        dw += np.einsum("nf,nchw->fchw", d, padded[:, :, rows, cols])
        dpadded[:, :, rows, cols] += np.einsum("nf,fchw->nchw", d, w)
    dx = dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]
    return dx, dw, dout.sum(axis=(0, 2, 3))


class flips_the_kernel:
    """You turn the kernel around before sliding it. That is the convolution of mathematics; what deep learning calls convolution is cross-correlation, without the flip. (A learned kernel does not care, but ready-made weights do.)"""

    def conv2d_forward(x, w, b, stride=1, pad=0):
        return _forward(x, np.ascontiguousarray(w[:, :, ::-1, ::-1]), b, stride, pad)

    def conv2d_backward(dout, cache):
        dx, dw, db = _backward(dout, cache)
        return dx, np.ascontiguousarray(dw[:, :, ::-1, ::-1]), db


class padding_left_on_dx:
    """Your dx still has the padding around it. The padding was added inside the layer, and nobody outside has a use for its gradient: cut it off, so that dx has x's shape."""

    conv2d_forward = _forward

    def conv2d_backward(dout, cache):
        _, w, padded, stride, _ = cache
        return _backward(dout, (padded, w, padded, stride, 0))


class padding_cut_from_one_side:
    """Your dx is cut out of the padded gradient at the wrong corner. The image starts `pad` cells in: dx = dpadded[:, :, pad : pad+H, pad : pad+W]."""

    conv2d_forward = _forward

    def conv2d_backward(dout, cache):
        x, w, padded, stride, _ = cache
        dx, dw, db = _backward(dout, (padded, w, padded, stride, 0))
        return dx[:, :, : x.shape[2], : x.shape[3]], dw, db


class stride_ignored_backwards:
    """Your backward pass moves one cell per step whatever the stride is. The window of output cell (i, j) starts at (i·stride, j·stride), there and back."""

    conv2d_forward = _forward

    def conv2d_backward(dout, cache):
        x, w, padded, _, pad = cache
        return _backward(dout, (x, w, padded, 1, pad))


class db_for_each_image:
    """Your db has a row for each image. The bias of a filter is added to every image and every position, so its gradient is the sum over all of them: dout.sum(axis=(0, 2, 3)), shape (F,)."""

    conv2d_forward = _forward

    def conv2d_backward(dout, cache):
        dx, dw, _ = _backward(dout, cache)
        return dx, dw, dout.sum(axis=(2, 3))


class db_over_the_batch_only:
    """Your db is summed over the batch but not over the positions. The bias stands in every cell of its map: dout.sum(axis=(0, 2, 3)), shape (F,)."""

    conv2d_forward = _forward

    def conv2d_backward(dout, cache):
        dx, dw, _ = _backward(dout, cache)
        return dx, dw, dout.sum(axis=0)


class overlaps_overwritten:
    """Where windows overlap your dx keeps only the last one's share. A cell that was read by several windows gets a share from each, and the shares add: += in place of =."""

    conv2d_forward = _forward

    def conv2d_backward(dout, cache):
        x, w, padded, stride, pad = cache
        dpadded = np.zeros_like(padded)
        for i, j, rows, cols in _windows(padded, w, stride, dout.shape[2:]):
            dpadded[:, :, rows, cols] = np.einsum("nf,fchw->nchw", dout[:, :, i, j], w)
        _, dw, db = _backward(dout, cache)
        return dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, db


class dw_divided_by_the_batch:
    """Your dw is the mean over the batch. If the loss is a mean, its 1/N is already inside dout: sum over the images, do not average."""

    conv2d_forward = _forward

    def conv2d_backward(dout, cache):
        dx, dw, db = _backward(dout, cache)
        return dx, dw / dout.dtype.type(len(dout)), db


class channels_not_summed:
    """Your output uses the first channel only. A filter has a slice for each input channel, and their results are added up."""

    def conv2d_forward(x, w, b, stride=1, pad=0):
        out, _ = _forward(x[:, :1], w[:, :1], b, stride, pad)
        return out, _forward(x, w, b, stride, pad)[1]

    conv2d_backward = _backward


class bias_forgotten:
    """Your forward pass leaves the bias out: + b[f] in every cell of map f."""

    def conv2d_forward(x, w, b, stride=1, pad=0):
        return _forward(x, w, np.zeros_like(b), stride, pad)

    conv2d_backward = _backward


class always_float64:
    """float32 goes in and float64 comes out, probably because np.zeros(...) is float64 unless told. Networks run in float32 to save half of the memory: np.zeros(shape, dtype=x.dtype)."""

    def conv2d_forward(x, w, b, stride=1, pad=0):
        return _forward(x.astype(np.float64), w.astype(np.float64), b, stride, pad)

    def conv2d_backward(dout, cache):
        return _backward(dout.astype(np.float64), cache)


_SHARED: dict = {}


class cache_in_a_global:
    """Your backward pass reads what the *latest* forward pass stored, not the cache it was given. A network runs many layers forward before the first goes backward: return what you need in `cache`."""

    def conv2d_forward(x, w, b, stride=1, pad=0):
        out, cache = _forward(x, w, b, stride, pad)
        _SHARED["cache"] = cache
        return out, None

    def conv2d_backward(dout, cache):
        latest = _SHARED["cache"]
        fits = _forward(latest[0], latest[1], 0.0, latest[3], latest[4])[0].shape == dout.shape
        return _backward(dout, latest) if fits else tuple(np.zeros_like(a) for a in (latest[0], latest[1], latest[1][:, 0, 0, 0]))


class flips_on_the_way_forward_only:
    """You turn the kernel around before sliding it. That is the convolution of mathematics; here it is laid on as it stands, forwards and backwards."""

    def conv2d_forward(x, w, b, stride=1, pad=0):
        return _forward(x, np.ascontiguousarray(w[:, :, ::-1, ::-1]), b, stride, pad)[0], _forward(x, w, b, stride, pad)[1]

    conv2d_backward = _backward


class dw_of_the_last_place_only:
    """Your dw keeps only the last place's share. The same weights are used at every place, and each place adds its share: dw += …, not dw = …."""

    conv2d_forward = _forward

    def conv2d_backward(dout, cache):
        _, w, padded, stride, _ = cache
        dx, dw, db = _backward(dout, cache)
        for i, j, rows, cols in _windows(padded, w, stride, dout.shape[2:]):
            dw = np.einsum("nf,nchw->fchw", dout[:, :, i, j], padded[:, :, rows, cols])
        return dx, dw, db


class empty_without_padding:
    """Without padding your dx is empty: dx[:, :, pad:-pad] with pad = 0 is [0:-0], which holds nothing. Cut by length: [:, :, pad : pad+H, pad : pad+W]."""

    conv2d_forward = _forward

    def conv2d_backward(dout, cache):
        _, w, padded, stride, pad = cache
        dpadded, dw, db = _backward(dout, (padded, w, padded, stride, 0))
        return dpadded[:, :, pad:-pad, pad:-pad], dw, db


class db_is_a_mean:
    """Your db is a mean. The bias stands in every cell of its map and in every image: each adds its share, so db = dout.sum(axis=(0, 2, 3))."""

    conv2d_forward = _forward

    def conv2d_backward(dout, cache):
        dx, dw, _ = _backward(dout, cache)
        return dx, dw, dout.mean(axis=(0, 2, 3))


class everything_divided_by_the_batch:
    """All your gradients are divided by the number of images. If the loss is a mean, its 1/N is already inside dout: sum, do not average."""

    conv2d_forward = _forward

    def conv2d_backward(dout, cache):
        return _backward(dout / dout.dtype.type(len(dout)), cache)


class stride_ignored_forwards:
    """Your output has the right size, but the windows move by one pixel whatever the stride is. The window of output cell (i, j) starts at (i·stride, j·stride)."""

    def conv2d_forward(x, w, b, stride=1, pad=0):
        out, cache = _forward(x, w, b, stride, pad)
        return _forward(x, w, b, 1, pad)[0][:, :, : out.shape[2], : out.shape[3]], cache

    conv2d_backward = _backward


class wrong_order_of_the_gradients:
    """You return the gradients in another order than (dx, dw, db)."""

    conv2d_forward = _forward

    def conv2d_backward(dout, cache):
        dx, dw, db = _backward(dout, cache)
        return dw, dx, db


class border_repeated:
    """You pad with copies of the border pixels. Padding means zeros here: np.pad's default mode."""

    def conv2d_forward(x, w, b, stride=1, pad=0):
        edges = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="edge")
        out, _ = _forward(edges, w, b, stride, 0)
        return out, (x, w, edges, stride, pad)

    conv2d_backward = _backward


class only_the_result_in_float64:
    """float32 goes in, but your output is float64: np.zeros(shape) is float64 unless told. np.zeros(shape, dtype=x.dtype)."""

    def conv2d_forward(x, w, b, stride=1, pad=0):
        out, cache = _forward(x, w, b, stride, pad)
        return out.astype(np.float64), cache

    conv2d_backward = _backward


MISTAKES = (
    flips_the_kernel,
    padding_left_on_dx,
    padding_cut_from_one_side,
    stride_ignored_backwards,
    db_for_each_image,
    db_over_the_batch_only,
    overlaps_overwritten,
    dw_divided_by_the_batch,
    channels_not_summed,
    bias_forgotten,
    always_float64,
    cache_in_a_global,
    flips_on_the_way_forward_only,
    dw_of_the_last_place_only,
    empty_without_padding,
    db_is_a_mean,
    everything_divided_by_the_batch,
    stride_ignored_forwards,
    wrong_order_of_the_gradients,
    border_repeated,
    only_the_result_in_float64,
)
