"""A kernel's walk, against SciPy's correlation, and a widget that follows its controls."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from dlcourse_utils.errors import CourseError
from dlcourse_utils.widgets.convolution_explorer import KERNELS, as_html, convolution_explorer, draw_step, kernel_step

IMAGE = np.random.default_rng(0).uniform(size=(7, 9))


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 1), (3, 2)])
def test_the_output_is_scipys_correlation(kernel: str, stride: int, pad: int) -> None:
    step = kernel_step(IMAGE, kernel, 0, stride, pad)
    want = correlate2d(np.pad(IMAGE, pad), KERNELS[kernel], mode="valid")[::stride, ::stride]
    assert np.allclose(step.out, want)


def test_a_place_belongs_to_its_cell_and_its_window() -> None:
    step = kernel_step(IMAGE, "blur", 5, stride=2, pad=1)
    assert (step.row, step.column, step.top, step.left) == (1, 0, 2, 0)
    assert step.total == pytest.approx(step.out[1, 0])
    assert np.allclose(step.window, np.pad(IMAGE, 1)[2:5, 0:3])
    assert "Output cell [1, 0]" in step.sentence
    assert "9×11 numbers went in, 4×5 come out" in step.sentence


def test_the_picture_shows_only_what_has_been_walked() -> None:
    step = kernel_step(IMAGE, "sharpen", 8)
    shown = draw_step(step).axes[2].images[0].get_array()
    assert np.ma.count(np.ma.masked_invalid(shown)) == 9


def test_past_the_end_there_is_no_place() -> None:
    with pytest.raises(IndexError, match="35 places"):
        kernel_step(IMAGE, "blur", 35)


def test_the_widget_follows_its_controls() -> None:
    choice, stride, pad, walk, view = convolution_explorer(IMAGE).children
    walk.value = 34
    assert view.value == as_html(kernel_step(IMAGE, choice.value, 34))
    stride.value = 2
    assert (walk.value, walk.max) == (0, 11)
    pad.value = 1
    assert walk.max == 19
    choice.value = "blur"
    walk.value = 19
    assert view.value == as_html(kernel_step(IMAGE, "blur", 19, 2, 1))


@pytest.mark.parametrize("image", [np.zeros((3, 9)), np.zeros((2, 8, 8)), np.zeros((40, 8)), np.full((8, 8), np.nan)])
def test_what_is_no_small_image_is_refused(image: np.ndarray) -> None:
    with pytest.raises(CourseError, match="one image"):
        convolution_explorer(image)
