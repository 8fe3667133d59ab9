"""A kernel walking over an image: `convolution_explorer(image)`.

What a static figure cannot show: the same nine numbers at every place, the window and the one output cell that belong
together, and what stride and padding do to the walk. The arithmetic is in pure functions; the widget only carries
values between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ..errors import CourseError
from .picture import picture_html

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
    top, left: where its window starts in `padded`.
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

    @property
    def total(self) -> float:
        """The output cell's value."""
        return float(self.products.sum())

    @property
    def sentence(self) -> str:
        """The step in words; it is shown below the figure and stands in for it where it cannot be seen."""
        (h, w), (oh, ow) = self.padded.shape, self.out.shape
        return (
            f"Output cell [{self.row}, {self.column}] reads the 3×3 window that starts at [{self.top}, {self.left}]; "
            f"the nine products add up to {self.total:.2f}. {h}×{w} numbers went in, {oh}×{ow} come out."
        )


def positions(image: np.ndarray, stride: int, pad: int) -> tuple[int, int]:
    """Return how many rows and columns the output has."""
    height, width = ((n + 2 * pad - SIZE) // stride + 1 for n in image.shape)
    return height, width


def kernel_step(image: np.ndarray, kernel: str, place: int, stride: int = 1, pad: int = 0) -> KernelStep:
    """Return the step number `place` of the walk, counted along the rows.

    image: (H, W). kernel: a key of KERNELS. Raises KeyError for an unknown kernel and IndexError past the end.
    """
    k = KERNELS[kernel]
    height, width = positions(image, stride, pad)
    if not 0 <= place < height * width:
        raise IndexError(f"there are {height * width} places, and {place} is none of them")
    padded = np.pad(np.asarray(image, dtype=float), pad)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (SIZE, SIZE))[::stride, ::stride]
    out = (windows * k).sum(axis=(2, 3))
    row, column = divmod(place, width)
    window = windows[row, column].copy()
    return KernelStep(padded, k, window, window * k, out, row, column, row * stride, column * stride)


def draw_step(step: KernelStep) -> Figure:
    """Draw the image with the window, the nine products, and the output so far with the new cell."""
    figure = Figure(figsize=(9.4, 3.5), dpi=80, layout="constrained")
    left, middle, right = figure.subplots(1, 3, width_ratios=[4, 3, 4])
    left.imshow(step.padded, cmap="gray", vmin=0, vmax=max(1.0, float(step.padded.max())))
    left.add_patch(Rectangle((step.left - 0.5, step.top - 0.5), SIZE, SIZE, fill=False, edgecolor="C1", linewidth=3))
    left.set(title="image and window", xlabel="column", ylabel="row")

    middle.set_axis_off()
    middle.set(xlim=(0, SIZE), ylim=(SIZE + 0.9, -0.3), title="window × kernel")
    for i, j in np.ndindex(SIZE, SIZE):
        middle.add_patch(Rectangle((j, i), 1, 1, fill=False, edgecolor="0.6"))
        middle.text(j + 0.5, i + 0.33, f"{step.window[i, j]:.2g} · {step.kernel[i, j]:.2g}", ha="center", fontsize=8)
        middle.text(j + 0.5, i + 0.75, f"{step.products[i, j]:.2f}", ha="center", fontsize=10, weight="bold")
    middle.text(SIZE / 2, SIZE + 0.5, f"sum = {step.total:.2f}", ha="center", fontsize=12, weight="bold", color="C1")

    done = np.arange(step.out.size).reshape(step.out.shape) <= step.row * step.out.shape[1] + step.column
    limit = float(np.abs(step.out).max()) or 1.0
    picture = right.imshow(np.where(done, step.out, np.nan), cmap="PuOr", vmin=-limit, vmax=limit)
    right.add_patch(Rectangle((step.column - 0.5, step.row - 0.5), 1, 1, fill=False, edgecolor="C1", linewidth=3))
    right.set(title="output so far", xlabel="column", ylabel="row")
    figure.colorbar(picture, ax=right, shrink=0.8)
    return figure


def as_html(step: KernelStep) -> str:
    """Return figure and sentence as HTML; the sentence is also the picture's text alternative."""
    return picture_html(draw_step(step), step.sentence)


def convolution_explorer(image: np.ndarray, kernel: str = next(iter(KERNELS)), place: int = 0) -> Any:
    """Return the widget: a kernel, stride, padding, and a slider that walks; all reachable by keyboard.

    image: (H, W), between 4 and 32 pixels a side. Raises CourseError for anything else.
    """
    image = np.asarray(image, dtype=float)
    if image.ndim != 2 or not all(4 <= n <= 32 for n in image.shape) or not np.isfinite(image).all():
        raise CourseError(
            f"The explorer takes one image (H, W), finite, 4 to 32 pixels a side; this has the shape {image.shape}."
        )
    import ipywidgets

    style = {"description_width": "6em"}
    wide = ipywidgets.Layout(width="36em")
    choice = ipywidgets.Dropdown(options=list(KERNELS), value=kernel, description="kernel", style=style, layout=wide)
    stride = ipywidgets.IntSlider(value=1, min=1, max=3, description="stride", style=style, layout=wide)
    pad = ipywidgets.IntSlider(value=0, min=0, max=2, description="padding", style=style, layout=wide)
    last = int(np.prod(positions(image, 1, 0))) - 1
    walk = ipywidgets.IntSlider(value=place, min=0, max=last, description="place", style=style, layout=wide)
    view = ipywidgets.HTML(as_html(kernel_step(image, kernel, place)))

    def redraw(_: object) -> None:
        view.value = as_html(kernel_step(image, choice.value, walk.value, stride.value, pad.value))

    def resize(_: object) -> None:
        walk.unobserve(redraw, "value")  # one picture for both changes
        walk.value = 0
        walk.max = int(np.prod(positions(image, stride.value, pad.value))) - 1
        walk.observe(redraw, "value")
        redraw(None)

    for control in (stride, pad):
        control.observe(resize, "value")
    for control in (choice, walk):
        control.observe(redraw, "value")
    return ipywidgets.VBox([choice, stride, pad, walk, view])
