"""The shared frame of the widgets: controls move the picture, the state is a trait, errors are sentences."""

import ipywidgets
import pytest
from matplotlib.figure import Figure

from dlcourse_utils.errors import CourseError
from dlcourse_utils.widgets.explorer import Explorer
from dlcourse_utils.widgets.picture import picture_html


def shown(a, b):
    if a == 3:
        raise ZeroDivisionError("by a < three")
    if a == 2:
        raise CourseError("No twos here.")
    return Figure(figsize=(2, 1), dpi=50), f"a is {a} & b is {b}"


@pytest.fixture
def widget():
    return Explorer({"a": ipywidgets.IntSlider(max=9), "b": ipywidgets.Checkbox()}, shown)


def test_the_picture_carries_its_words_and_its_size():
    page = picture_html(Figure(figsize=(2, 1), dpi=50), 'a < "b"')
    assert 'alt="a &lt; &quot;b&quot;"' in page
    assert 'width="100" height="50"' in page
    assert page.endswith('">a &lt; &quot;b&quot;</p>')


def test_a_control_moves_picture_words_and_state(widget):
    assert (widget.words, widget.state) == ("a is 0 & b is False", {"a": 0, "b": False})
    widget.controls["a"].value = 5
    assert (widget.words, widget.state) == ("a is 5 & b is False", {"a": 5, "b": False})
    assert "a is 5 &amp; b is False" in widget.view.value


def test_a_state_moves_the_controls_with_one_picture(widget):
    pictures = []
    widget.view.observe(lambda change: pictures.append(change["new"]), "value")
    widget.state = {"a": 7, "b": True}
    assert (widget.controls["a"].value, widget.controls["b"].value) == (7, True)
    assert widget.words == "a is 7 & b is True"
    assert len(pictures) == 1


def test_an_unknown_name_in_a_state_is_refused(widget):
    with pytest.raises(CourseError, match="no 'c'; it has a, b"):
        widget.state = {"c": 1}


@pytest.mark.parametrize(("a", "words"), [(2, "No twos here."), (3, "stopped with ZeroDivisionError: by a < three")])
def test_an_error_is_a_sentence_and_the_next_move_mends_it(widget, a, words):
    widget.controls["a"].value = a
    assert words in widget.words
    assert "<img" not in widget.view.value
    widget.controls["a"].value = 4
    assert widget.words == "a is 4 & b is False"


def test_the_first_picture_raises_so_that_needs_can_catch_it():
    def unsolved(a):
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        Explorer({"a": ipywidgets.IntSlider()}, unsolved)
