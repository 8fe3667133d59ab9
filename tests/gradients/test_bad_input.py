"""What learners hand in by mistake: each is a sentence or a sensible picture, and no warning either."""

import numpy as np
import pytest
import torch
from torch import nn

from dlcourse_utils.errors import CourseError
from dlcourse_utils.gradients import Recorder, compare_gradients, descent_paths, loss_landscape, minibatch_noise, record
from dlcourse_utils.gradients.views.activation import activation_curve
from dlcourse_utils.widgets.picture import picture_html

pytestmark = pytest.mark.filterwarnings("error")
PLOTS = ("plot_flow", "plot_histogram", "plot_update_ratio", "plot_clipping", "plot_units", "plot_tags")


def recorded(*steps):
    rec = Recorder()
    for step in steps:
        rec.step(**step)
    return rec.history


def given(gradient, weight, **more):
    """One step's arguments for a network with one weight."""
    return {"grads": {"w": gradient}, "params": {"w": weight}, **more}


ONES, NAN = np.ones((3, 2)), np.full((3, 2), np.nan)
HISTORIES = {
    "empty": recorded(),
    "one step": recorded(given(ONES, ONES, loss=1.0)),
    "no parameters": recorded({"grads": [], "params": []}, {"grads": [], "params": []}),
    "gradients None": recorded(*[given(None, ONES)] * 3),
    "integers": recorded(*[given(ONES.astype(int), np.arange(6).reshape(3, 2))] * 3),
    "shapes that change": recorded(*[given(np.ones((n, 2)), np.ones((n, 2))) for n in (3, 4, 5)]),
    "nothing in the array": recorded(given(ONES[:0], ONES[:0])),
    "all NaN": recorded(*[given(NAN, ONES, loss=np.nan)] * 3),
    "infinite": recorded(given(ONES * np.inf, ONES, loss=np.inf)),
}


@pytest.mark.parametrize("plot", PLOTS)
@pytest.mark.parametrize("name", HISTORIES)
def test_every_picture_of_an_odd_history_can_be_seen(name, plot):
    ax = getattr(HISTORIES[name], plot)()
    assert ax.get_title() or ax.texts or ax.child_axes
    assert picture_html(ax.figure, "a picture").startswith("<img")


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("empty", {"nothing recorded"}), ("one step", set()), ("gradients None", {"no gradient"}),
        ("all NaN", {"non-finite"}), ("infinite", {"non-finite"}), ("integers", set()), ("shapes that change", set()),
    ],
)  # fmt: skip
def test_the_diagnosis_of_an_odd_history(name, kinds):
    assert {finding.kind for finding in HISTORIES[name].diagnose()} == kinds


def no_model():
    with record(nn.ReLU(), torch.optim.SGD(nn.Linear(2, 2).parameters(), lr=0.1)):
        pass


def another_model():
    with record(nn.Linear(2, 2), torch.optim.SGD(nn.Linear(2, 2).parameters(), lr=0.1)):
        pass


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (no_model, "no parameters"),
        (another_model, "belongs to another model"),
        (lambda: recorded({"grads": {"w": "abc"}}), "array of numbers"),
        (lambda: Recorder(every=0), "at least 1"),
        (lambda: compare_gradients(np.ones(3), np.ones(4)), "must agree"),
        (lambda: compare_gradients(None, np.ones(3)), "must agree"),
        (lambda: descent_paths(lambda p: 0.0, {}), "at least one path"),
        (lambda: descent_paths(lambda p: np.nan, {"a": np.ones((3, 2))}), "no finite number"),
        (lambda: minibatch_noise(lambda rows: np.zeros(3), 10), "full gradient is 0"),
        (lambda: loss_landscape(lambda w: 1.0, []), "at least one array"),
        (lambda: activation_curve("reluu"), "Did you mean relu"),
    ],
)
def test_what_cannot_be_is_a_sentence(call, words):
    with pytest.raises(CourseError, match=words):
        call()


@pytest.mark.parametrize(
    "view",
    [
        compare_gradients(np.ones(3, int), np.ones(3, int)), compare_gradients([], []),
        compare_gradients(np.full(3, np.nan), np.ones(3)), activation_curve("relu", samples=[]),
        activation_curve("relu", samples=np.full(4, np.nan)), activation_curve("relu", samples=np.arange(5)),
        loss_landscape(lambda w: np.nan, [np.ones((2, 2))]),
    ],
    ids=["integers", "nothing", "nan", "no samples", "nan samples", "integer samples", "nan loss"],
)  # fmt: skip
def test_odd_data_are_still_a_picture(view):
    assert view._repr_png_().startswith(b"\x89PNG")
