"""07.maxpool2d_forward: max pooling. At a tie any split of the gradient that adds up to it is right."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict, compare
from ..exercise import DEEP_LIBRARIES

TIES = "equal maxima in a window, as after a ReLU"


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, x: np.ndarray, size: int, stride: int) -> Case:
        shape = (*x.shape[:2], *((n - size) // stride + 1 for n in x.shape[2:]))
        return Case(title, kwargs={"x": x, "size": size, "stride": stride, "dout": rng.normal(size=shape) + 3.0})

    yield case("windows of 2, stride 2", rng.normal(size=(2, 3, 4, 6)), 2, 2)
    yield case("windows of 3, stride 2: they overlap", rng.normal(size=(2, 2, 7, 9)), 3, 2)
    yield case("a row and a column are left over", rng.normal(size=(1, 2, 7, 5)), 2, 2)
    yield case("windows of 2, stride 3: cells between them", rng.normal(size=(3, 1, 8, 5)), 2, 3)
    yield case("all numbers negative", -rng.uniform(0.5, 2, size=(2, 1, 4, 4)), 2, 2)
    yield case(TIES, np.maximum(rng.integers(-3, 3, size=(3, 2, 6, 4)), 0).astype(float), 2, 2)


def _torch(x: np.ndarray, size: int, stride: int, dout: np.ndarray) -> dict[str, np.ndarray]:
    import torch

    leaf = torch.tensor(x, requires_grad=True)
    out = torch.nn.functional.max_pool2d(leaf, size, stride)
    (dx,) = torch.autograd.grad(out, leaf, torch.tensor(dout))
    return {"out": out.detach().numpy(), "dx": dx.numpy()}


def judge(case: Case, observation: Observation) -> Verdict:
    expected: dict[str, Any] = _torch(**case.kwargs)
    got = observation.value or {}
    if case.name != TIES:
        return compare(expected, got)
    first = compare({"out": expected["out"]}, {"out": got.get("out")})
    dx = got.get("dx")
    if not first.passed or not isinstance(dx, np.ndarray) or dx.shape != expected["dx"].shape:
        return first if not first.passed else compare(expected["dx"], dx).at("dx")
    x, dout = case.kwargs["x"], case.kwargs["dout"]
    n, c, oh, ow = dout.shape
    windows = [a.reshape(n, c, oh, 2, ow, 2).transpose(0, 1, 2, 4, 3, 5).reshape(-1, 4) for a in (x, dx)]
    largest = windows[0] == windows[0].max(axis=1, keepdims=True)
    share = windows[1] / dout.reshape(-1, 1)
    if np.allclose(share.sum(axis=1), 1) and np.allclose(share[~largest], 0) and (share > -1e-9).all():
        return Verdict.ok()
    worst = int(np.argmax(np.abs(share.sum(axis=1) - 1)))
    return Verdict.wrong(
        f"A window {windows[0][worst].tolist()} received the gradient {dout.ravel()[worst]:.4g} and hands on {windows[1][worst].sum():.4g} in all. "
        "Give it to one of the largest cells, or split it among them; the parts must add up to it.",
        expected["dx"], dx, where="dx",
    )  # fmt: skip


def _places(x, size, stride):
    for i in range((x.shape[2] - size) // stride + 1):
        for j in range((x.shape[3] - size) // stride + 1):
            yield i, j, slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)


def _forward(x, size, stride):
    shape = (*x.shape[:2], (x.shape[2] - size) // stride + 1, (x.shape[3] - size) // stride + 1)
    out = np.zeros(shape, dtype=x.dtype)
    for i, j, rows, cols in _places(x, size, stride):
        out[:, :, i, j] = x[:, :, rows, cols].max(axis=(2, 3))
    return out, (x, size, stride)


def _first_largest(window):
    """1.0 at the first of the largest cells of each window, 0.0 elsewhere."""
    flat = window.reshape(*window.shape[:2], -1)
    mask = np.zeros_like(flat)
    np.put_along_axis(mask, flat.argmax(axis=2)[:, :, None], 1.0, axis=2)
    return mask.reshape(window.shape)


def _backward(dout, cache):
    x, size, stride = cache
    dx = np.zeros_like(x)
    for i, j, rows, cols in _places(x, size, stride):
        dx[:, :, rows, cols] += _first_largest(x[:, :, rows, cols]) * dout[:, :, i, j, None, None]
    return dx


class every_tied_cell_gets_it_all:
    """At a tie each of the largest cells gets the whole gradient, so more goes out than came in. After a ReLU ties at 0 are common. Give it to one of them (argmax), or split it."""

    maxpool2d_forward = _forward

    def maxpool2d_backward(dout, cache):
        x, size, stride = cache
        dx = np.zeros_like(x)
        for i, j, rows, cols in _places(x, size, stride):
            window = x[:, :, rows, cols]
            dx[:, :, rows, cols] += (window == window.max(axis=(2, 3), keepdims=True)) * dout[:, :, i, j, None, None]
        return dx


class average_pooling:
    """Your output is the mean of each window, and the gradient is spread evenly: that is average pooling. Max pooling keeps the largest cell, and only that cell gets the gradient."""

    def maxpool2d_forward(x, size, stride):
        out, cache = _forward(x, size, stride)
        for i, j, rows, cols in _places(x, size, stride):
            out[:, :, i, j] = x[:, :, rows, cols].mean(axis=(2, 3))
        return out, cache

    def maxpool2d_backward(dout, cache):
        x, size, stride = cache
        dx = np.zeros_like(x)
        for i, j, rows, cols in _places(x, size, stride):
            dx[:, :, rows, cols] += dout[:, :, i, j, None, None] / size**2
        return dx


class overlaps_overwritten:
    """Where windows overlap, the later one wipes out what the earlier wrote into dx. A cell that wins in two windows gets both gradients: += in place of =."""

    maxpool2d_forward = _forward

    def maxpool2d_backward(dout, cache):
        x, size, stride = cache
        dx = np.zeros_like(x)
        for i, j, rows, cols in _places(x, size, stride):
            dx[:, :, rows, cols] = _first_largest(x[:, :, rows, cols]) * dout[:, :, i, j, None, None]
        return dx


class the_whole_window_gets_it:
    """Your backward pass gives the gradient to every cell of the window. Only the largest cell decided the output; the others could change a little and nothing would happen, so their gradient is 0."""

    maxpool2d_forward = _forward

    def maxpool2d_backward(dout, cache):
        x, size, stride = cache
        dx = np.zeros_like(x)
        for i, j, rows, cols in _places(x, size, stride):
            dx[:, :, rows, cols] += dout[:, :, i, j, None, None]
        return dx


class stride_taken_as_size:
    """Your windows lie side by side whatever the stride is. Window (i, j) starts at (i·stride, j·stride) and is `size` cells wide."""

    def maxpool2d_forward(x, size, stride):
        return _forward(x, size, size)

    maxpool2d_backward = _backward


class incomplete_windows_kept:
    """At the edge you also pool windows that hang over it. Incomplete windows are dropped: the output has (H − size) // stride + 1 rows."""

    def maxpool2d_forward(x, size, stride):
        more = [(-(n - size)) % stride for n in x.shape[2:]]
        padded = np.pad(x, ((0, 0), (0, 0), (0, more[0]), (0, more[1])), constant_values=-np.inf)
        return _forward(padded, size, stride)[0], (x, size, stride)

    maxpool2d_backward = _backward


class starts_from_zero:
    """Your maximum never falls below 0: you probably compare with an output that starts at 0. A window of negative numbers has a negative maximum."""

    def maxpool2d_forward(x, size, stride):
        out, cache = _forward(x, size, stride)
        return np.maximum(out, 0), cache

    maxpool2d_backward = _backward


class largest_of_all_channels:
    """You take the largest number over all channels of a window. Pooling treats every channel by itself: max over axis (2, 3) only."""

    def maxpool2d_forward(x, size, stride):
        out, cache = _forward(x, size, stride)
        return np.broadcast_to(out.max(axis=1, keepdims=True), out.shape).copy(), cache

    maxpool2d_backward = _backward


class ones_in_place_of_dout:
    """Your backward pass hands the winner a 1 in place of its gradient. Multiply by dout."""

    maxpool2d_forward = _forward

    def maxpool2d_backward(dout, cache):
        return _backward(np.ones_like(dout), cache)


class shared_winners_counted_once:
    """A cell that wins in two windows gets only one of the two gradients: dx[indices] += … with an index array adds each cell once. np.add.at(dx, indices, …) adds every time."""

    maxpool2d_forward = _forward

    def maxpool2d_backward(dout, cache):
        x, size, stride = cache
        windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))[:, :, ::stride, ::stride]
        best = windows.reshape(*dout.shape, -1).argmax(axis=-1)
        n, c, i, j = np.indices(dout.shape)
        dx = np.zeros_like(x)
        dx[n, c, i * stride + best // size, j * stride + best % size] += dout
        return dx


class nobody_wins_a_tie:
    """At a tie your gradient gets lost: nobody in the window receives it. Give it to one of the largest cells (argmax), or split it; the parts must add up to what came in."""

    maxpool2d_forward = _forward

    def maxpool2d_backward(dout, cache):
        x, size, stride = cache
        dx = np.zeros_like(x)
        for i, j, rows, cols in _places(x, size, stride):
            window = x[:, :, rows, cols]
            best = window == window.max(axis=(2, 3), keepdims=True)
            dx[:, :, rows, cols] += best * (best.sum(axis=(2, 3), keepdims=True) == 1) * dout[:, :, i, j, None, None]
        return dx


EXERCISE = Exercise(
    id="07.maxpool2d_forward",
    title="Max pooling, forwards and backwards",
    objects=("maxpool2d_forward", "maxpool2d_backward"),
    points=2,
    cases=cases,
    probe="ch07.maxpool2d",
    judge=judge,
    mistakes=(
        every_tied_cell_gets_it_all,
        average_pooling,
        overlaps_overwritten,
        the_whole_window_gets_it,
        stride_taken_as_size,
        incomplete_windows_kept,
        starts_from_zero,
        largest_of_all_channels,
        ones_in_place_of_dout,
        shared_winners_counted_once,
        nobody_wins_a_tie,
    ),
    forbids=DEEP_LIBRARIES,
    hints=(
        "Where do I start? → As with the convolution: loop over output cells (i, j); the window is x[:, :, i*stride : i*stride+size, "
        "j*stride : j*stride+size], and .max(axis=(2, 3)) does all images and channels at once.",
        "Who gets the gradient? → Only the cell that won. Find it again with argmax over the flattened window.",
        "My gradient is too large where numbers are equal. → (window == window.max()) marks every tied cell. Divide this mask by the number of "
        "marks, or use argmax, which picks one.",
        "Nearly everything of the backward pass:\n```python\nfor i in range(OH):\n    for j in range(OW):\n        window = x[:, :, i*stride : i*stride+size, "
        "j*stride : j*stride+size]\n        won = window == window.max(axis=(2, 3), keepdims=True)\n        won = won / won.sum(axis=(2, 3), keepdims=True)\n"
        "        dx[:, :, i*stride : i*stride+size, j*stride : j*stride+size] += ...\n```",
    ),
)
