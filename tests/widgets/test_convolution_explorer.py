"""A kernel's walk against SciPy and torch, and a widget that follows its controls."""

import re

import numpy as np
import pytest
import torch
from scipy.signal import correlate2d

from dlcourse_utils.errors import CourseError
from dlcourse_utils.widgets.convolution import KERNELS, kernel_step, pixel_step, positions
from dlcourse_utils.widgets.convolution_explorer import (
    LOOKS,
    convolution_explorer,
    draw_pixel,
    draw_step,
    hover_texts,
)

IMAGE = np.random.default_rng(0).uniform(size=(7, 9))
HOWS = [(1, 0, 1), (2, 1, 1), (3, 2, 1), (1, 0, 2), (2, 2, 3)]  # stride, padding, dilation


def torchs(image, kernel, stride, pad, dilation):
    x = torch.tensor(np.pad(image, pad)[None, None], requires_grad=True)
    out = torch.nn.functional.conv2d(x, torch.tensor(KERNELS[kernel][None, None]), stride=stride, dilation=dilation)
    out.sum().backward()
    return out[0, 0].detach().numpy(), x.grad[0, 0].numpy()


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 1), (3, 2)])
def test_the_output_is_scipys_correlation(kernel: str, stride: int, pad: int) -> None:
    step = kernel_step(IMAGE, kernel, 0, stride, pad)
    want = correlate2d(np.pad(IMAGE, pad), KERNELS[kernel], mode="valid")[::stride, ::stride]
    assert np.allclose(step.out, want)


@pytest.mark.parametrize("how", HOWS)
def test_output_and_gradient_are_torchs_at_any_dilation(how) -> None:
    out, grad = torchs(IMAGE, "dark on the left, bright on the right", *how)
    step = kernel_step(IMAGE, "dark on the left, bright on the right", 0, *how)
    assert step.out.shape == positions(IMAGE, *how) == out.shape
    np.testing.assert_allclose(step.out, out)
    pixels = [pixel_step(IMAGE, "dark on the left, bright on the right", i, *how) for i in range(grad.size)]
    np.testing.assert_allclose([p.total for p in pixels], grad.ravel(), atol=1e-12)
    rim = np.pad(np.zeros((7, 9), bool), how[1], constant_values=True)
    assert [p.is_padding for p in pixels] == rim.ravel().tolist()


def test_a_place_belongs_to_its_cell_and_its_window() -> None:
    step = kernel_step(IMAGE, "blur", 5, stride=2, pad=1)
    assert (step.row, step.column, step.top, step.left) == (1, 0, 2, 0)
    assert step.total == pytest.approx(step.out[1, 0])
    assert np.allclose(step.window, np.pad(IMAGE, 1)[2:5, 0:3])
    assert "Output cell [1, 0]" in step.sentence
    assert "9×11 numbers went in, 4×5 come out" in step.sentence
    assert "every second number of a 5×5 square" in kernel_step(IMAGE, "blur", 0, dilation=2).sentence


def test_a_pixel_that_is_jumped_over_hears_from_nobody() -> None:
    step = pixel_step(IMAGE, "blur", 9 * 6 + 8, stride=2, pad=0, dilation=1)
    assert step.senders != ()
    nobody = pixel_step(IMAGE, "blur", 1, stride=3, dilation=3, pad=2)
    assert nobody.senders == ()
    assert "read by no output cell" in nobody.sentence
    assert "a zero of the padding" in pixel_step(IMAGE, "blur", 0, pad=1).sentence


def test_the_picture_shows_only_what_has_been_walked() -> None:
    step = kernel_step(IMAGE, "sharpen", 8)
    shown = draw_step(step).axes[2].images[0].get_array()
    assert np.ma.count(np.ma.masked_invalid(shown)) == 9


def test_the_picture_marks_the_taps_and_the_senders() -> None:
    taps = draw_step(kernel_step(IMAGE, "blur", 0, dilation=2)).axes[0].patches
    assert [tuple(np.array(p.get_xy()) + 0.5) for p in taps] == [(x, y) for y in (0, 2, 4) for x in (0, 2, 4)]
    pixel = pixel_step(IMAGE, "blur", 9 * 3 + 4)
    cells = draw_pixel(pixel).axes[2].patches
    assert sorted((p.get_y() + 0.5, p.get_x() + 0.5) for p in cells) == [(i, j) for i in (1, 2, 3) for j in (2, 3, 4)]


def test_the_hovered_formula_adds_up_to_the_output_and_the_gradient() -> None:
    pixels, outputs = hover_texts(IMAGE, "sharpen", stride=2, pad=1, dilation=1)
    assert (len(pixels), len(pixels[0]), len(outputs), len(outputs[0])) == (9, 11, 4, 5)
    body, total = outputs[1][2].replace("−", "-").split(" = ")[1:]
    added = sum(np.prod([float(f) for f in part.split("·")]) for part in body.split(" + "))
    assert added == pytest.approx(float(total), abs=0.05)
    assert pixels[0][0] == "gradient of pixel [0, 0] = 0 × that of [0, 0]"
    assert hover_texts(np.zeros((32, 32)), "blur", stride=1, pad=0, dilation=1)[0] == []  # too heavy for a page


def test_past_the_end_there_is_no_place() -> None:
    with pytest.raises(IndexError, match="35 places"):
        kernel_step(IMAGE, "blur", 35)
    with pytest.raises(IndexError, match="63 places"):
        pixel_step(IMAGE, "blur", 63)


def test_the_widget_follows_its_controls() -> None:
    widget = convolution_explorer(IMAGE)
    kernel, walk = widget.state["kernel"], widget.controls["place"]
    walk.value = 34
    assert widget.words == kernel_step(IMAGE, kernel, 34).sentence
    widget.controls["stride"].value = 2
    assert (walk.value, walk.max) == (11, 11)
    assert widget.words == kernel_step(IMAGE, kernel, 11, 2).sentence
    widget.controls["pad"].value = 1
    assert walk.max == 19
    widget.controls["kernel"].value = "blur"
    walk.value = 19
    assert widget.words == kernel_step(IMAGE, "blur", 19, 2, 1).sentence
    widget.controls["look"].value = LOOKS[1]
    assert walk.max == 98
    assert widget.words == pixel_step(IMAGE, "blur", 19, 2, 1).sentence


def test_the_rectangles_lie_over_the_cells() -> None:
    widget = convolution_explorer(IMAGE)
    rectangles = re.findall(r'<rect class="dlc-cell" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', widget.view.value)
    assert len(rectangles) == 7 * 9 + 5 * 7
    x, y, width = np.array(rectangles, dtype=float).T
    np.testing.assert_allclose(np.diff(x[:9]), width[0], atol=0.11)
    assert (np.diff(y[:63:9]) > 0).all(), "the first row lies on top"
    assert 0 < x.min() < x.max() < 752


def test_a_kernel_that_does_not_fit_is_a_sentence() -> None:
    widget = convolution_explorer(np.zeros((4, 6)))
    widget.controls["dilation"].value = 3
    assert "does not fit" in widget.words
    widget.controls["pad"].value = 2
    assert "Output cell" in widget.words


@pytest.mark.parametrize("image", [np.zeros((3, 9)), np.zeros((2, 8, 8)), np.zeros((40, 8)), np.full((8, 8), np.nan)])
def test_what_is_no_small_image_is_refused(image: np.ndarray) -> None:
    with pytest.raises(CourseError, match="one image"):
        convolution_explorer(image)
