"""The backprop stepper: what it says at each step, that its controls move it, and how it answers a guess."""

import ipywidgets
import pytest

from dlcourse_utils.errors import CourseError
from dlcourse_utils.gradients.value_graph import trace
from dlcourse_utils.widgets.backprop_stepper import backprop_stepper, sentence_at
from dlcourse_utils.widgets.guess import answer, question, read_number


def fork(a, b):
    return a * b + a


@pytest.fixture
def graph():
    return trace(fork, a=2.0, b=-3.0)


def type_in(widget, text):
    """Type into the field as a learner does: the field is emptied first."""
    widget.field.value = ""
    widget.field.value = text


def test_the_first_and_last_sentence(graph):
    assert "a = 2, b = −3; L = −4" in sentence_at(graph, 0)
    assert sentence_at(graph, 4).endswith("Done. Gradients of the leaves: a: −2, b: 2.")
    assert sentence_at(graph, 1).startswith("Step 1 of 4: + (gradient 1) → ×")


def test_the_picture_carries_its_sentence_as_text():
    widget = backprop_stepper(fork, a=2.0, b=-3.0)
    widget.state = {"step": 3}
    assert widget.view.value.count("together −2") == 2
    assert 'role="status"' in widget.view.value


def test_buttons_and_slider_walk_and_stop_at_the_ends():
    widget = backprop_stepper(fork, a=2.0, b=-3.0)
    back, ahead, slider = widget.back, widget.ahead, widget.controls["step"]
    assert isinstance(slider, ipywidgets.IntSlider)
    assert (back.disabled, ahead.disabled) == (True, False)
    for step in range(1, 5):
        ahead.click()
        assert slider.value == step
        assert f"Step {step} of 4" in widget.view.value
    assert (back.disabled, ahead.disabled) == (False, True)
    ahead.click()
    assert slider.value == 4
    back.click()
    assert "Step 3 of 4" in widget.view.value
    slider.value = 0
    assert "Start: forward is done" in widget.view.value


def test_right_guesses_walk_to_the_end():
    widget = backprop_stepper(fork, a=2.0, b=-3.0)
    for step, text in enumerate(["1", "1", "-3", "2"]):
        assert widget.state == {"step": step}
        type_in(widget, text)
        assert "Right: " in widget.told.value
        assert widget.field.value == ""
    assert widget.words.endswith("a: −2, b: 2.")
    assert widget.field.disabled
    assert "Your turn" not in widget.asked.value


def test_a_wrong_guess_stays_where_it_is():
    widget = backprop_stepper(fork, a=2.0, b=-3.0)
    type_in(widget, "7")
    assert widget.state == {"step": 0}
    assert "7 is not it" in widget.told.value
    type_in(widget, "seven")
    assert "no number" in widget.told.value
    widget.ahead.click()
    assert widget.told.value == ""


def test_the_question_names_who_sends_and_who_receives(graph):
    assert question(graph, 2) == "Your turn: how much does × (gradient 1) send to a?"
    assert question(graph, 4) == ""


@pytest.fixture
def share():
    """The last share of ((a · b) + a) · 5: upstream 5, a = 2 has 5 already and gets 5 · −3."""
    graph = trace(lambda a, b: (a * b + a) * 5, a=2.0, b=-3.0)
    return next(s for s in graph.shares if s.source.op == "×" and s.target.name == "a")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-15", "Right: 5 × −3 = −15."),
        ("5 * −3", "Right"),
        ("-30/2", "Right"),
        ("-10", "whole gradient of a"),
        ("-3", "local slope alone"),
        ("5", "upstream gradient alone"),
        ("15", "sign is not"),
        ("2", "value of a"),
        ("10", "the other one's value"),
        ("1", "upstream gradient times the local slope"),
        ("a", "no number"),
    ],
)
def test_a_guess_gets_the_answer_it_deserves(share, text, words):
    said = answer(share, text)
    assert words in said.sentence
    assert said.right == ("Right" in words)
    assert said.understood == ("no number" not in words)


@pytest.mark.parametrize(
    ("text", "number"),
    [(" 1,5 ", 1.5), ("−2", -2.0), ("2/3", 2 / 3), ("+1e-3", 0.001), ("1/0", None), ("2**9", None), ("", None),
     ("__import__('os')", None), ("True", None), ("1e999", None), ("(" * 500, None)],
)  # fmt: skip
def test_only_numbers_are_read(text, number):
    assert read_number(text) == number


def test_a_share_of_zero_has_to_be_zero():
    share = trace(lambda a: a.relu() * 2, a=-1.0).shares[-1]
    assert answer(share, "0").right
    assert not answer(share, "0.001").right


def test_an_expression_that_cannot_be_traced_is_refused():
    with pytest.raises(CourseError, match="does not depend on a"):
        backprop_stepper(lambda a: 1.0, a=2.0)
