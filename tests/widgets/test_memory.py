"""The memory explorer: its numbers against autograd, its picture and its keyboard-reachable controls."""

import re

import ipywidgets
import numpy as np
import pytest
import torch

from dlcourse_utils.widgets import memory
from dlcourse_utils.widgets.memory import draw_memory, memory_explorer, memory_of


@pytest.mark.parametrize("bend", memory.BENDS)
@pytest.mark.parametrize("stretch", [0.5, 1.2])
def test_both_curves_are_those_of_autograd(bend, stretch):
    rotation, inputs, direction = (torch.tensor(part) for part in memory._parts())
    curve = torch.tanh if bend == "tanh" else lambda a: a
    h = (0.3 * direction).requires_grad_()
    states = [h]
    for x in inputs:
        states.append(curve(x + states[-1] @ (stretch * rotation)))
    grads = torch.autograd.grad(states[-1] @ direction, states)
    expected = torch.stack([g.norm() for g in grads])
    np.testing.assert_allclose(memory_of(stretch, bend).backward, expected, rtol=1e-9)
    moved = torch.autograd.functional.jvp(lambda h0: _last(h0, inputs, stretch * rotation, curve), h, direction)[1]
    assert memory_of(stretch, bend).forward[-1] == pytest.approx(float(moved.norm()), rel=2e-3, abs=1e-9)


def _last(h, inputs, Wh, curve):
    for x in inputs:
        h = curve(x + h @ Wh)
    return h


def test_without_a_bend_each_step_multiplies_by_the_stretch():
    assert memory_of(0.8, "no tanh").per_step == pytest.approx(0.8)
    np.testing.assert_allclose(memory_of(1.25, "no tanh").backward, 1.25 ** np.arange(40, -1, -1), rtol=1e-9)


@pytest.mark.parametrize(
    ("stretch", "bend", "words"),
    [(0.5, "tanh", "it has vanished"), (1.0, "no tanh", "it is still alive"), (1.5, "no tanh", "it explodes")],
)
def test_the_sentence_names_what_happens(stretch, bend, words):
    sentence = memory_of(stretch, bend).sentence
    assert sentence.startswith(f"Stretch {stretch:.2f}, {bend}: ")
    assert sentence.endswith(f"{words}.")


def test_every_axis_is_labelled_and_lines_differ_in_more_than_colour():
    left, right = draw_memory(0.9).axes
    assert all([left.get_xlabel(), left.get_ylabel(), right.get_xlabel(), left.get_title(), right.get_title()])
    assert left.lines[1].get_linestyle() != right.lines[1].get_linestyle()


def test_the_picture_has_a_text_alternative():
    shown = memory_explorer(0.9, "tanh").view.value
    assert re.search(r'<img alt="([^"]+)"', shown).group(1) == memory_of(0.9, "tanh").sentence


def test_moving_the_controls_redraws():
    slider, choice, *_, view = memory_explorer().children
    assert isinstance(slider, ipywidgets.FloatSlider)
    assert isinstance(choice, ipywidgets.Dropdown)
    slider.value = 1.2
    assert "Stretch 1.20, tanh" in view.value
    choice.value = "no tanh"
    assert "Stretch 1.20, no tanh" in view.value
    assert "it explodes" in view.value


@pytest.mark.parametrize(("stretch", "bend"), [(0.9, "swish"), (3.0, "tanh")])
def test_a_start_that_does_not_exist_is_named(stretch, bend):
    with pytest.raises(ValueError, match=r"swish|between 0.2 and 1.6"):
        memory_explorer(stretch, bend)
