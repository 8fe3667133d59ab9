"""The backprop stepper: what it says at each step, and that its controls move it."""

import ipywidgets
import pytest

from dlcourse_utils.errors import CourseError
from dlcourse_utils.gradients.value_graph import trace
from dlcourse_utils.widgets.backprop_stepper import as_html, backprop_stepper, sentence_at


def fork(a, b):
    return a * b + a


@pytest.fixture
def graph():
    return trace(fork, a=2.0, b=-3.0)


def test_the_first_and_last_sentence(graph):
    assert "a = 2, b = −3; L = −4" in sentence_at(graph, 0)
    assert sentence_at(graph, 4).endswith("Done. Gradients of the leaves: a: −2, b: 2.")
    assert sentence_at(graph, 1).startswith("Step 1 of 4: + (gradient 1) → ×")


def test_the_picture_carries_its_sentence_as_text(graph):
    page = as_html(graph, 3)
    assert page.count("together −2") == 2
    assert 'role="status"' in page


def test_buttons_and_slider_walk_and_stop_at_the_ends():
    box = backprop_stepper(fork, a=2.0, b=-3.0)
    (back, ahead, slider), view = box.children[0].children, box.children[1]
    assert isinstance(slider, ipywidgets.IntSlider)
    assert (back.disabled, ahead.disabled) == (True, False)
    for step in range(1, 5):
        ahead.click()
        assert slider.value == step
        assert f"Step {step} of 4" in view.value
    assert (back.disabled, ahead.disabled) == (False, True)
    ahead.click()
    assert slider.value == 4
    back.click()
    assert "Step 3 of 4" in view.value
    slider.value = 0
    assert "Start: forward is done" in view.value


def test_an_expression_that_cannot_be_traced_is_refused():
    with pytest.raises(CourseError, match="does not depend on a"):
        backprop_stepper(lambda a: 1.0, a=2.0)
