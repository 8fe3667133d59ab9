"""A kernel walking over an image: `convolution_explorer(image)`.

What a static figure cannot show: the same nine numbers at every place, the window and the one output cell that belong
together, what stride, padding and dilation do to the walk, and, read backwards, which outputs send a pixel gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from ..errors import CourseError
from .convolution import KERNELS, SIZE, KernelStep, PixelStep, kernel_step, pixel_step, positions
from .picture import Hover

LOOKS = ("an output cell and its window", "a pixel and who sends it gradient")
MOST_HOVERED = 700  # cells of one image; beyond that the page would get heavy
MARK: dict[str, Any] = {"fill": False, "edgecolor": "C1", "linewidth": 3}


def draw_step(step: KernelStep) -> Figure:
    """Draw the image with the window, the nine products, and the output so far with the new cell."""
    figure, left, middle, right = _frame(step.padded, "window × kernel")
    for u, v in np.ndindex(SIZE, SIZE):
        corner = (step.left + v * step.dilation - 0.5, step.top + u * step.dilation - 0.5)
        if step.dilation > 1:
            left.add_patch(Rectangle(corner, 1, 1, **{**MARK, "linewidth": 2}))
    if step.dilation == 1:
        left.add_patch(Rectangle((step.left - 0.5, step.top - 0.5), SIZE, SIZE, **MARK))
    left.set(title="image and window", xlabel="column", ylabel="row")
    for i, j in np.ndindex(SIZE, SIZE):
        middle.add_patch(Rectangle((j, i), 1, 1, fill=False, edgecolor="0.6"))
        factors = _minus(f"{step.window[i, j]:.2g} · {step.kernel[i, j]:.2g}")
        product = _minus(f"{step.products[i, j] + 0.0:.2f}")
        middle.text(j + 0.5, i + 0.33, factors, ha="center", fontsize=8)
        middle.text(j + 0.5, i + 0.75, product, ha="center", fontsize=10, weight="bold")
    _draw_sum(middle, step.total)
    done = np.arange(step.out.size).reshape(step.out.shape) <= step.row * step.out.shape[1] + step.column
    _draw_output(figure, right, np.where(done, step.out, np.nan), step.out, "output so far")
    right.add_patch(Rectangle((step.column - 0.5, step.row - 0.5), 1, 1, **MARK))
    return figure


def draw_pixel(step: PixelStep) -> Figure:
    """Draw the image with one pixel marked, the kernel's entries it meets, and the output cells that hear from it."""
    figure, left, middle, right = _frame(step.padded, "entries it meets")
    left.add_patch(Rectangle((step.column - 0.5, step.row - 0.5), 1, 1, **MARK))
    left.set(title="image and pixel", xlabel="column", ylabel="row")
    met = {(u, v): (i, j) for i, j, u, v in step.senders}
    for u, v in np.ndindex(SIZE, SIZE):
        used = (u, v) in met
        middle.add_patch(Rectangle((v, u), 1, 1, facecolor="#fdf0e0" if used else "white", edgecolor="0.6"))
        middle.text(v + 0.5, u + 0.42, _minus(f"{step.kernel[u, v]:.2g}"), ha="center", fontsize=11,
                    color="black" if used else "0.7", weight="bold" if used else "normal")  # fmt: skip
        middle.text(v + 0.5, u + 0.8, f"from [{met[u, v][0]}, {met[u, v][1]}]" if used else "", ha="center", fontsize=7)
    _draw_sum(middle, step.total)
    _draw_output(figure, right, step.out, step.out, "output: who sends gradient")
    for i, j, _, _ in step.senders:
        right.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, **{**MARK, "linewidth": 2}))
    return figure


def _frame(padded: np.ndarray, title: str) -> tuple[Figure, Any, Any, Any]:
    figure = Figure(figsize=(9.4, 3.5), dpi=80, layout="constrained")
    left, middle, right = figure.subplots(1, 3, width_ratios=[4, 3, 4])
    left.imshow(padded, cmap="gray", vmin=0, vmax=max(1.0, float(padded.max())))
    middle.set_axis_off()
    middle.set(xlim=(-0.02, SIZE + 0.02), ylim=(SIZE + 0.9, -0.3), title=title)
    return figure, left, middle, right


def _draw_output(figure: Figure, ax: Any, shown: np.ndarray, out: np.ndarray, title: str) -> None:
    limit = float(np.abs(out).max()) or 1.0
    picture = ax.imshow(shown, cmap="PuOr", vmin=-limit, vmax=limit)
    ax.set(title=title, xlabel="column", ylabel="row")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    figure.colorbar(picture, ax=ax, shrink=0.8)


def _draw_sum(ax: Any, total: float) -> None:
    words = _minus(f"sum = {total + 0.0:.2f}")  # never −0.00
    ax.text(SIZE / 2, SIZE + 0.5, words, ha="center", fontsize=12, weight="bold", color="C1")


def _minus(text: str) -> str:
    return text.replace("-", "−")


def hover_texts(image: np.ndarray, kernel: str, **how: int) -> tuple[list[list[str]], list[list[str]]]:
    """Return what is said over each pixel, padding included (who sends it gradient), and each output (its formula)."""

    def formula(place: int) -> str:
        s = kernel_step(image, kernel, place, **how)
        parts = (f"{a:.2g}·{b:.2g}" for a, b in zip(s.window.flat, s.kernel.flat, strict=True))
        return f"output [{s.row}, {s.column}] = {' + '.join(parts)} = {s.total + 0.0:.2f}".replace("-", "−")

    def heard(place: int) -> str:
        s = pixel_step(image, kernel, place, **how)
        parts = (f"{w:.2g} × that of [{i}, {j}]" for w, (i, j, _, _) in zip(s.weights, s.senders, strict=True))
        return f"gradient of pixel [{s.row}, {s.column}] = {' + '.join(parts) or '0'}".replace("-", "−")

    first = kernel_step(image, kernel, 0, **how)
    return _in_rows(heard, first.padded.shape), _in_rows(formula, first.out.shape)


def _in_rows(text: Any, shape: tuple[int, ...]) -> list[list[str]]:
    if shape[0] * shape[1] > MOST_HOVERED:
        return []
    return [[text(i * shape[1] + j) for j in range(shape[1])] for i in range(shape[0])]


def convolution_explorer(image: np.ndarray, kernel: str = next(iter(KERNELS)), place: int = 0) -> Any:
    """Return the widget: a kernel, stride, padding, dilation, and a slider that walks; all reachable by keyboard.

    It walks over output cells and their windows, or over pixels and the outputs that send them gradient. Resting the
    mouse on a cell shows its formula. image: (H, W), between 4 and 32 pixels a side. Raises CourseError for anything
    else.
    """
    image = np.asarray(image, dtype=float)
    if image.ndim != 2 or not all(4 <= n <= 32 for n in image.shape) or not np.isfinite(image).all():
        raise CourseError(
            f"The explorer takes one image (H, W), finite, 4 to 32 pixels a side; this has the shape {image.shape}."
        )
    import ipywidgets

    from .explorer import Explorer, Shown

    style, wide = {"description_width": "6em"}, ipywidgets.Layout(width="30em")

    def slider(value: int, low: int, high: int, text: str) -> Any:
        return ipywidgets.IntSlider(value=value, min=low, max=high, description=text, style=style, layout=wide)

    controls = {
        "kernel": ipywidgets.Dropdown(
            options=list(KERNELS), value=kernel, description="kernel", style=style, layout=wide
        ),
        "look": ipywidgets.Dropdown(options=LOOKS, description="show", style=style, layout=wide),
        "stride": slider(1, 1, 3, "stride"),
        "pad": slider(0, 0, 2, "padding"),
        "dilation": slider(1, 1, 3, "dilation"),
        "place": slider(place, 0, int(np.prod(positions(image, 1, 0))) - 1, "place"),
    }

    def show(kernel: str, look: str, place: int, **how: int) -> Shown:
        height, width = positions(image, **how)
        if min(height, width) < 1:
            raise CourseError("Here the kernel does not fit into the image; take more padding or less dilation.")
        last = int(np.prod(image.shape + 2 * np.array(how["pad"]))) - 1 if look == LOOKS[1] else height * width - 1
        if controls["place"].max != last:  # a new walk; the widget is quiet while it draws
            controls["place"].value = place = min(place, last)
            controls["place"].max = last
        texts = hover_texts(image, kernel, **how)
        if look == LOOKS[0]:
            found = kernel_step(image, kernel, place, **how)
            figure, words = draw_step(found), found.sentence
        else:
            pixel = pixel_step(image, kernel, place, **how)
            figure, words = draw_pixel(pixel), pixel.sentence
        over, _, output, *_ = figure.axes
        return figure, words, [Hover(over, texts[0]), Hover(output, texts[1])]

    half = [ipywidgets.VBox([controls[name] for name in names])
            for names in (("kernel", "look", "place"), ("stride", "pad", "dilation"))]  # fmt: skip
    return Explorer(controls, show, [ipywidgets.HBox(half)])
