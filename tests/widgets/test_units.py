"""The units explorer: the shares it names against scikit-learn, a true-to-scale picture, and its slider."""

import html
import re

import ipywidgets
import numpy as np
import pytest
from sklearn.datasets import load_wine
from sklearn.neighbors import NearestCentroid

from dlcourse_utils.widgets.units import UNITS, draw_units, units_explorer, view_in


@pytest.mark.parametrize("unit", UNITS)
def test_the_share_is_that_of_scikit_learns_nearest_centroid(unit):
    wine = load_wine()
    table = wine.data[:, [0, 6]]
    if UNITS[unit] is None:
        table = (table - table.min(axis=0)) / (table.max(axis=0) - table.min(axis=0))
    else:
        table = np.column_stack([table[:, 0] * UNITS[unit], table[:, 1]])
    share = NearestCentroid().fit(table, wine.target).score(table, wine.target)
    assert view_in(unit).share_right == pytest.approx(share)
    assert f"{share:.0%} of the wines" in view_in(unit).sentence


def test_units_matter_and_scaling_beats_every_one_of_them():
    shares = {unit: view_in(unit).share_right for unit in UNITS}
    scaled = shares.pop("each column scaled to 0 … 1")
    assert max(shares.values()) - min(shares.values()) > 0.15
    assert scaled > max(shares.values())


@pytest.mark.parametrize("unit", UNITS)
def test_both_axes_have_one_scale_and_every_wine_is_inside(unit):
    ax = draw_units(unit).axes[0]
    assert ax.get_aspect() == 1
    points = view_in(unit).points
    for column, (low, high) in enumerate((ax.get_xlim(), ax.get_ylim())):
        assert low < points[:, column].min()
        assert points[:, column].max() < high
    assert unit in ax.get_xlabel()
    assert ax.get_ylabel()
    assert len({line.get_marker() for line in ax.lines[:3]}) == 3, "growers must differ by more than colour"


def test_moving_the_slider_redraws_and_the_picture_has_words():
    explorer = units_explorer()
    slider, *_, view = explorer.children
    assert isinstance(slider, ipywidgets.SelectionSlider)
    before = view.value
    slider.value = "per mille (130)"
    assert view.value != before
    sentence = view_in("per mille (130)").sentence
    assert html.unescape(re.search(r'<img alt="([^"]+)"', view.value).group(1)) == sentence
    assert f">{sentence}</p>" in html.unescape(units_explorer("per mille (130)").view.value)


def test_an_unknown_unit_is_named():
    with pytest.raises(ValueError, match="fathoms"):
        units_explorer("fathoms")
