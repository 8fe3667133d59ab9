"""The activation explorer: its numbers against PyTorch, its picture and its keyboard-reachable controls."""

import re

import ipywidgets
import numpy as np
import pytest
import torch

from dlcourse_utils.widgets import activation
from dlcourse_utils.widgets.activation import activation_at, activation_explorer, draw_activation

TORCH = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "ReLU": torch.relu,
    "leaky ReLU": lambda z: torch.nn.functional.leaky_relu(z, activation.ALPHA),
}


@pytest.mark.parametrize("name", activation.NAMES)
def test_values_and_slopes_are_those_of_pytorch(name):
    z = torch.tensor([-900.0, -3.7, -0.2, 0.4, 5.9, 900.0], dtype=torch.float64, requires_grad=True)
    value = TORCH[name](z)
    (slope,) = torch.autograd.grad(value.sum(), z)
    np.testing.assert_allclose(activation.value_of(name, z.detach().numpy()), value.detach(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(activation.slope_of(name, z.detach().numpy()), slope, rtol=1e-9, atol=1e-12)


def test_whole_numbers_keep_their_fractions():
    np.testing.assert_allclose(activation.value_of("leaky ReLU", np.array([-4, 3])), [-0.4, 3.0])


@pytest.mark.parametrize(
    ("name", "z", "left"),
    [("ReLU", -1.0, "nothing"), ("ReLU", 2.0, "all"), ("sigmoid", 0.0, "1e-6"), ("tanh", 0.3, "41%")],
)
def test_the_sentence_says_what_ten_layers_leave(name, z, left):
    point = activation_at(name, z)
    assert point.after_layers == pytest.approx(point.slope**10)
    assert point.sentence.startswith(f"{name} at z = {z:.1f}: value {point.value:.3f}, slope {point.slope:.3f}.")
    assert f"with this slope, {left} of a signal is left" in point.sentence


@pytest.mark.parametrize("name", activation.NAMES)
def test_the_dashed_line_touches_the_curve_at_z(name):
    upper, lower = draw_activation(name, 1.5).axes
    touching = upper.lines[1]
    x, y = touching.get_xdata(), touching.get_ydata()
    point = activation_at(name, 1.5)
    assert np.interp(1.5, x, y) == pytest.approx(point.value)
    assert (y[-1] - y[0]) / (x[-1] - x[0]) == pytest.approx(point.slope)
    assert lower.lines[1].get_ydata()[0] == pytest.approx(point.slope)


def test_every_axis_is_labelled_and_no_meaning_is_in_colour_alone():
    upper, lower = draw_activation("tanh", -2.0).axes
    assert all([upper.get_ylabel(), lower.get_xlabel(), lower.get_ylabel(), upper.get_title()])
    assert len({line.get_linestyle() for line in (*upper.lines[:2], lower.lines[0])}) == 3
    assert [text.get_text() for text in upper.get_legend().get_texts()] == ["tanh", "slope 0.071"]


def test_the_picture_has_a_text_alternative():
    shown = activation_explorer("sigmoid", -1.0).view.value
    sentence = activation_at("sigmoid", -1.0).sentence
    assert re.search(r'<img alt="([^"]+)"', shown).group(1) == sentence
    assert f">{sentence}</p>" in shown


def test_moving_the_controls_redraws():
    explorer = activation_explorer()
    choice, slider, *_, view = explorer.children
    assert isinstance(choice, ipywidgets.Dropdown)
    assert isinstance(slider, ipywidgets.FloatSlider)
    assert (choice.description, slider.description) == ("activation", "z")
    before = view.value
    slider.value = -3.0
    assert "sigmoid at z = -3.0" in view.value
    assert view.value != before
    choice.value = "ReLU"
    assert "ReLU at z = -3.0: value 0.000, slope 0.000" in view.value


@pytest.mark.parametrize(("name", "z"), [("swish", 0.0), ("tanh", 7.0)])
def test_a_start_that_does_not_exist_is_named(name, z):
    with pytest.raises(ValueError, match=r"swish|between -6 and 6"):
        activation_explorer(name, z)
