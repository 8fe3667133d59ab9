"""One place of a convolution, looked at from both ends: the window an output reads, and the outputs a pixel hears from.

The arithmetic of `convolution_explorer`: cross-correlation with one 3×3 kernel, as deep learning calls convolution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

KERNELS: dict[str, np.ndarray] = {
    "dark on the left, bright on the right": np.array([[-1.0, 0, 1], [-1, 0, 1], [-1, 0, 1]]),
    "dark above, bright below": np.array([[-1.0, -1, -1], [0, 0, 0], [1, 1, 1]]),
    "blur": np.full((3, 3), 1 / 9),
    "sharpen": np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "one pixel to the left": np.array([[0.0, 0, 0], [0, 0, 1], [0, 0, 0]]),
    "alone among its neighbours": np.array([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
}
SIZE = 3


@dataclass(frozen=True, eq=False)
class KernelStep:
    """One place of the walk: the window under the kernel, the products, their sum, and the whole output.

    padded: (H + 2·pad, W + 2·pad). window, products: (3, 3). out: (OH, OW). row, column: the output cell;
    top, left: where its window starts in `padded`; dilation: how far apart the kernel's taps lie.
    """

    padded: np.ndarray
    kernel: np.ndarray
    window: np.ndarray
    products: np.ndarray
    out: np.ndarray
    row: int
    column: int
    top: int
    left: int
    dilation: int = 1

    @property
    def total(self) -> float:
        """The output cell's value."""
        return float(self.products.sum())

    @property
    def sentence(self) -> str:
        """The step in words; it is shown below the figure and stands in for it where it cannot be seen."""
        (h, w), (oh, ow) = self.padded.shape, self.out.shape
        apart = f", every {_ordinal(self.dilation)} number of a {reach(self.dilation)}×{reach(self.dilation)} square"
        return (
            f"Output cell [{self.row}, {self.column}] reads the 3×3 window that starts at [{self.top}, {self.left}]"
            f"{apart if self.dilation > 1 else ''}; "
            f"the nine products add up to {self.total:.2f}. {h}×{w} numbers went in, {oh}×{ow} come out."
        )


@dataclass(frozen=True, eq=False)
class PixelStep:
    """One number of the padded image, and the output cells that read it: they send it gradient.

    senders: (row, column, kernel row, kernel column) each. The gradient that arrives is the sum over the senders of
    upstream gradient × the kernel's entry.
    """

    padded: np.ndarray
    kernel: np.ndarray
    out: np.ndarray
    row: int
    column: int
    senders: tuple[tuple[int, int, int, int], ...]
    is_padding: bool

    @property
    def weights(self) -> list[float]:
        """The kernel's entry that each sender multiplies with."""
        return [float(self.kernel[u, v]) for _, _, u, v in self.senders]

    @property
    def total(self) -> float:
        """The gradient that arrives when every output cell has an upstream gradient of 1."""
        return float(sum(self.weights))

    @property
    def sentence(self) -> str:
        """The pixel in words."""
        what = f"[{self.row}, {self.column}]" + (", a zero of the padding," if self.is_padding else "")
        if not self.senders:
            return f"Pixel {what} is read by no output cell: the stride jumps over it, and no gradient comes back."
        count = len(self.senders)
        return (
            f"Pixel {what} is read by {count} output cell{'s' * (count > 1)}, and hears from the same. If each has an "
            f"upstream gradient of 1, the pixel gets {self.total:.2f}: the sum of the kernel's entries it met."
        )


def reach(dilation: int) -> int:
    """How many pixels a 3×3 kernel spans on a side."""
    return (SIZE - 1) * dilation + 1


def positions(image: np.ndarray, stride: int, pad: int, dilation: int = 1) -> tuple[int, int]:
    """Return how many rows and columns the output has; below 1 where the kernel does not fit."""
    height, width = ((n + 2 * pad - reach(dilation)) // stride + 1 for n in image.shape)
    return height, width


def kernel_step(
    image: np.ndarray, kernel: str, place: int, stride: int = 1, pad: int = 0, dilation: int = 1
) -> KernelStep:
    """Return the step number `place` of the walk, counted along the rows.

    image: (H, W). kernel: a key of KERNELS. Raises KeyError for an unknown kernel and IndexError past the end.
    """
    k = KERNELS[kernel]
    padded, windows, out = _correlate(image, k, stride, pad, dilation)
    if not 0 <= place < out.size:
        raise IndexError(f"there are {out.size} places, and {place} is none of them")
    row, column = divmod(place, out.shape[1])
    window = windows[row, column].copy()
    return KernelStep(padded, k, window, window * k, out, row, column, row * stride, column * stride, dilation)


def pixel_step(
    image: np.ndarray, kernel: str, place: int, stride: int = 1, pad: int = 0, dilation: int = 1
) -> PixelStep:
    """Return number `place` of the padded image, counted along the rows, and who sends it gradient.

    Raises KeyError for an unknown kernel and IndexError past the end.
    """
    k = KERNELS[kernel]
    padded, _, out = _correlate(image, k, stride, pad, dilation)
    if not 0 <= place < padded.size:
        raise IndexError(f"there are {padded.size} places, and {place} is none of them")
    row, column = divmod(place, padded.shape[1])
    senders = []
    for u, v in np.ndindex(SIZE, SIZE):
        i, j = row - u * dilation, column - v * dilation  # where the window would have to start
        if i % stride == 0 and j % stride == 0 and 0 <= i // stride < out.shape[0] and 0 <= j // stride < out.shape[1]:
            senders.append((i // stride, j // stride, u, v))
    inside = pad <= row < pad + image.shape[0] and pad <= column < pad + image.shape[1]
    return PixelStep(padded, k, out, row, column, tuple(sorted(senders)), not inside)


def _correlate(
    image: np.ndarray, k: np.ndarray, stride: int, pad: int, dilation: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    padded = np.pad(np.asarray(image, dtype=float), pad)
    span = reach(dilation)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (span, span))[::stride, ::stride, ::dilation, ::dilation]
    return padded, windows, (windows * k).sum(axis=(2, 3))


def _ordinal(n: int) -> str:
    return {2: "second", 3: "third"}.get(n, f"{n}th")
