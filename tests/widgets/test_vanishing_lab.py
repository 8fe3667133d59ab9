"""The vanishing lab: known scaling laws, words that agree with the numbers, and controls that move it."""

import numpy as np
import pytest

from dlcourse_utils.errors import CourseError
from dlcourse_utils.widgets.vanishing_lab import draw_passage, passage, vanishing_lab


@pytest.mark.parametrize("activation", ["linear", "relu"])
def test_without_a_bend_a_factor_on_the_weights_comes_back_to_the_power_of_the_layer(activation):
    one, two = (passage(12, activation, "He", factor) for factor in (1.0, 1.5))
    np.testing.assert_allclose(two.forward / one.forward, 1.5 ** np.arange(1, 13))
    np.testing.assert_allclose(two.backward / one.backward, 1.5 ** np.arange(11, -1, -1))
    assert two.per_layer / one.per_layer == pytest.approx(1.5)


def test_he_keeps_relu_alive_and_xavier_halves_its_variance_in_each_layer():
    assert passage(50, "relu", "He").per_layer == pytest.approx(1, abs=0.05)
    assert passage(50, "relu", "Xavier").per_layer == pytest.approx(0.5**0.5, abs=0.05)


@pytest.mark.parametrize(
    ("settings", "fate"),
    [
        ((10, "tanh", "std 0.01"), "it vanishes"),
        ((30, "relu", "He"), "it stays alive"),
        ((30, "relu", "He", 1.5), "it explodes"),
        ((20, "sigmoid", "Xavier"), "it vanishes"),
    ],
)
def test_the_words_name_the_fate(settings, fate):
    found = passage(*settings)
    assert found.sentence.endswith(f"{fate}.")
    left = found.backward[0] / found.backward[-1]
    assert (left < 1e-2, 1e-2 <= left <= 1e2, left > 1e2)[["it vanishes", "it stays alive", "it explodes"].index(fate)]


def test_one_layer_has_no_way_back():
    assert "no way back" in passage(1).sentence
    assert draw_passage(passage(1)).axes[0].get_xlim() == (0.5, 1.5)


def test_the_picture_shows_the_numbers_on_log_axes():
    found = passage(20, "tanh", "He", 0.9)
    left, right = draw_passage(found).axes
    for ax, values in ((left, found.forward), (right, found.backward)):
        np.testing.assert_array_equal(ax.lines[-1].get_ydata(), values)
        assert ax.get_yscale() == "log"
        low, high = ax.get_ylim()
        assert low < values.min() <= values.max() < high
    labels = [t.get_text() for t in right.get_legend().get_texts()]
    assert labels == ["std 0.01", "Xavier", "std 1", "He × 0.90"]


@pytest.mark.parametrize(
    "settings", [(50, "linear", "std 1", 4.0), (50, "relu", "std 0.01", 0.25), (50, "sigmoid", "std 1", 4.0)]
)
def test_the_corners_of_the_lab_can_be_drawn(settings):
    found = passage(*settings)
    assert all(np.isfinite(ax.get_ylim()).all() for ax in draw_passage(found).axes)
    assert "nan" not in found.sentence


def test_the_widget_follows_its_controls():
    widget = vanishing_lab()
    assert widget.words == passage(10, "tanh", "std 0.01").sentence
    before = widget.view.value
    widget.controls["scheme"].value = "He"
    assert widget.words == passage(10, "tanh", "He").sentence
    assert widget.view.value != before
    widget.state = {"depth": 3, "activation": "relu", "scheme": "Xavier", "factor": 2.0}
    assert widget.words == passage(3, "relu", "Xavier", 2.0).sentence


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"depth": 0}, "1 to 50"), ({"scheme": "Xavyer"}, "Xavier"), ({"activation": "tan"}, "tanh"),
        ({"factor": 0.0}, "above 0"),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_refused(settings, words):
    with pytest.raises(CourseError, match=words):
        vanishing_lab(**settings)
