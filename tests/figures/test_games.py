"""The pictures of the chapter on GANs show what they are given."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy import ndimage

from dlcourse_utils.figures.games import draw_images, draw_losses, draw_overlap, draw_points, edges_of, ring


@pytest.fixture(autouse=True)
def _close() -> object:
    yield
    plt.close("all")


def test_edges_are_those_of_each_image_by_itself() -> None:
    images = np.random.default_rng(0).random((3, 1, 9, 7))
    for image, edges in zip(images[:, 0], edges_of(images)[:, 0], strict=True):
        change = np.hypot(ndimage.sobel(image, axis=0, mode="nearest"), ndimage.sobel(image, axis=1, mode="nearest"))
        assert np.array_equal(edges > 0, change > 1.2)
        assert set(np.unique(edges)) == {-1.0, 1.0}


def test_the_rings_points_lie_around_its_centres() -> None:
    points, centres = ring(4000, np.random.default_rng(1), modes=6, spread=0.05)
    nearest = np.linalg.norm(points[:, None] - centres, axis=2).argmin(axis=1)
    assert points.dtype == np.float32
    assert np.allclose(np.linalg.norm(centres, axis=1), 2)
    for mode in range(6):
        mine = points[nearest == mode]
        assert len(mine) > 550
        assert np.allclose(mine.mean(axis=0), centres[mode], atol=0.01)
        assert np.allclose(mine.std(axis=0), 0.05, atol=0.006)


def test_slopes_are_those_of_the_losses() -> None:
    sizes = draw_losses({"three times": lambda x: 3 * x.mean(), "square": lambda x: (x**2).mean()})
    assert sizes == pytest.approx({"three times": 3, "square": 12}, rel=1e-5)
    left, right = plt.gcf().axes
    assert [line.get_label() for line in left.lines] == ["three times", "square"]
    assert right.lines[1].get_ydata()[0] == pytest.approx(16)


def test_points_out_of_sight_are_counted() -> None:
    samples = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, -9.0]])
    draw_points({"made": samples}, np.zeros((5, 2)))
    (ax,) = plt.gcf().axes
    assert ax.get_xlabel() == "2 more outside"
    assert len(ax.lines[1].get_xdata()) == 3


def test_images_stand_in_rows_under_their_names() -> None:
    draw_images({"a": np.zeros((2, 4, 4)), "b": np.ones((3, 1, 4, 4))}, columns=("first",))
    axes = plt.gcf().axes
    assert len(axes) == 6
    assert [len(ax.images) for ax in axes] == [1, 1, 0, 1, 1, 1]
    assert axes[0].get_title() == "first"


def test_the_divergence_is_drawn_over_the_distance() -> None:
    draw_overlap(lambda p, q: np.abs(p - q).sum() / 2, lambda p, q: p / (p + q))
    *_, right = plt.gcf().axes
    heights = right.lines[0].get_ydata()
    assert heights[0] == pytest.approx(0, abs=1e-12)
    assert np.all(np.diff(heights) >= -1e-9)
    assert heights[-1] == pytest.approx(1, abs=1e-4)
