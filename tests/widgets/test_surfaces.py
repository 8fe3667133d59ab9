"""The landscapes' gradients agree with their heights, and their floors are floors."""

import numpy as np
import pytest

from dlcourse_utils.widgets.surfaces import SURFACES


@pytest.mark.parametrize("name", SURFACES)
def test_the_gradient_is_the_slope_of_the_value(name):
    land = SURFACES[name]
    for p in np.random.default_rng(0).uniform(-1.3, 1.3, size=(20, 2)):
        by_hand = [(land.value(p + h) - land.value(p - h)) / 2e-5 for h in np.eye(2) * 1e-5]
        np.testing.assert_allclose(land.gradient(p), by_hand, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", SURFACES)
def test_nothing_within_the_picture_lies_below_the_floor_and_the_floor_is_reached(name):
    land = SURFACES[name]
    left, right, bottom, top = land.limits
    heights = [land.value(np.array([x, y])) for x in np.linspace(left, right, 81) for y in np.linspace(bottom, top, 81)]
    assert min(heights) >= land.floor - 1e-12
    assert min(heights) < land.floor + 0.02


@pytest.mark.parametrize("name", SURFACES)
def test_the_start_lies_within_the_picture(name):
    land = SURFACES[name]
    left, right, bottom, top = land.limits
    assert left < land.start[0] < right
    assert bottom < land.start[1] < top
