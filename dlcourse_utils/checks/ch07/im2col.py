"""07.im2col: every window as a column, laid out as torch.nn.functional.unfold does, which is the oracle."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise
from ..exercise import DEEP_LIBRARIES


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, shape: tuple[int, ...], *settings: int) -> Case:
        return Case(title, args=(rng.normal(size=shape), *settings))

    yield case("x (2, 3, 5, 4), windows (2, 3)", (2, 3, 5, 4), 2, 3, 1, 0)
    yield case("stride 2", (3, 2, 7, 6), 3, 2, 2, 0)
    yield case("padding 1", (2, 2, 4, 5), 3, 2, 1, 1)
    yield case("one image, stride 3, padding 2", (1, 4, 6, 8), 2, 4, 3, 2)


def oracle(x: np.ndarray, kh: int, kw: int, stride: int, pad: int) -> np.ndarray:
    import torch

    return torch.nn.functional.unfold(torch.tensor(x), (kh, kw), padding=pad, stride=stride).numpy()


def _windows(x, kh, kw, stride, pad):
    """Return all windows as (N, C, KH, KW, OH, OW)."""
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    oh, ow = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    out = np.zeros((*x.shape[:2], kh, kw, oh, ow), dtype=x.dtype)
    for i in range(kh):
        for j in range(kw):
            out[:, :, i, j] = x[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride]
    return out


def _columns(windows):
    n, c, kh, kw, oh, ow = windows.shape
    return windows.reshape(n, c * kh * kw, oh * ow)


def channels_last_in_a_column(x, kh, kw, stride, pad):
    """Inside a column your channels vary fastest. The order is channel, row, column, as in w.reshape(F, -1): otherwise the kernel's numbers meet the wrong pixels."""
    return _columns(_windows(x, kh, kw, stride, pad).transpose(0, 2, 3, 1, 4, 5))


def positions_down_the_columns(x, kh, kw, stride, pad):
    """Your positions run down the columns of the image. They should run along its rows, (0, 0), (0, 1), …, so that a reshape to (OH, OW) puts them back."""
    return _columns(_windows(x, kh, kw, stride, pad).swapaxes(4, 5))


def kernel_turned_on_its_side(x, kh, kw, stride, pad):
    """Inside a column your window is read column by column. The order is channel, row, column of the window, as in w.reshape(F, -1)."""
    return _columns(_windows(x, kh, kw, stride, pad).swapaxes(2, 3))


def each_window_a_row(x, kh, kw, stride, pad):
    """Your windows are the rows. Here each window is a column: swap the last two axes to get (N, C·KH·KW, OH·OW)."""
    return _columns(_windows(x, kh, kw, stride, pad)).swapaxes(1, 2)


def padding_forgotten(x, kh, kw, stride, pad):
    """You leave the padding out. First put `pad` zeros around each image: np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))."""
    return _columns(_windows(x, kh, kw, stride, 0))


def stride_forgotten(x, kh, kw, stride, pad):
    """You take every window whatever the stride is. Only those that start at multiples of the stride are wanted."""
    return _columns(_windows(x, kh, kw, 1, pad))


def height_and_width_swapped(x, kh, kw, stride, pad):
    """Your windows are kw high and kh wide: height comes first."""
    return _columns(_windows(x, kw, kh, stride, pad))


def images_glued_together(x, kh, kw, stride, pad):
    """Your reshape mixes images: the numbers are all there, but some stand in another image's columns. Reshape may only join axes that are neighbours; move them together with transpose first."""
    windows = _windows(x, kh, kw, stride, pad)
    n, c, kh, kw, oh, ow = windows.shape
    return windows.transpose(1, 2, 3, 0, 4, 5).reshape(n, c * kh * kw, oh * ow)


def layout_of_cs231n(x, kh, kw, stride, pad):
    """This is the layout of CS231n's im2col: (C·KH·KW, OH·OW·N), the images side by side in one matrix, position by position. It works there because its col2im knows it. Here the images stay apart, (N, C·KH·KW, OH·OW), as in torch's unfold."""
    windows = _windows(x, kh, kw, stride, pad)
    return windows.transpose(1, 2, 3, 4, 5, 0).reshape(windows.shape[1] * kh * kw, -1)


def layout_of_deep_learning_from_scratch(x, kh, kw, stride, pad):
    """This is the layout of Saitoh's "Deep Learning from Scratch": (N·OH·OW, C·KH·KW), a row for each window of each image. Here each window is a column and the images stay apart: (N, C·KH·KW, OH·OW), as in torch's unfold."""
    windows = _windows(x, kh, kw, stride, pad)
    return windows.transpose(0, 4, 5, 1, 2, 3).reshape(-1, windows.shape[1] * kh * kw)


EXERCISE = Exercise(
    id="07.im2col",
    title="Windows as columns",
    objects=("im2col",),
    points=2,
    cases=cases,
    oracle=oracle,
    mistakes=(
        channels_last_in_a_column,
        positions_down_the_columns,
        kernel_turned_on_its_side,
        each_window_a_row,
        padding_forgotten,
        stride_forgotten,
        height_and_width_swapped,
        images_glued_together,
    ),
    conventions=(layout_of_cs231n, layout_of_deep_learning_from_scratch),
    builds_on=("07.conv_output_size",),
    forbids=DEEP_LIBRARIES,
    hints=(
        "Where do I start? → With one column: padded[:, :, i*stride : i*stride+kh, j*stride : j*stride+kw].reshape(N, -1) is the window at (i, j) "
        "of all images, already in the right order.",
        "Where does it go? → Column number i·OW + j: cols[:, :, i*OW + j] = …",
        "How large is cols? → (N, C·kh·kw, OH·OW), with OH and OW from conv_output_size.",
        "Nearly everything:\n```python\nx = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))\ncols = np.zeros((N, C * kh * kw, OH * OW), dtype=x.dtype)\n"
        "for i in range(OH):\n    for j in range(OW):\n        window = x[:, :, i*stride : i*stride+kh, j*stride : j*stride+kw]\n        cols[:, :, ...] = window.reshape(N, -1)\n"
        "return cols\n```",
    ),
)
