"""The scrubber: every panel stands on the same step, and the words agree with history and diagnosis."""

import numpy as np
import pytest

from dlcourse_utils.errors import CourseError
from dlcourse_utils.gradients import Recorder
from dlcourse_utils.widgets.time_scrubber import draw_moment, time_scrubber, words_at


def recorded(steps=6, shrink=1.0, layers=4, bad_from=None):
    """A run whose gradients shrink by a factor from layer to layer, towards the input, and over time."""
    rng = np.random.default_rng(0)
    rec = Recorder(every=10)
    params = {f"w{i}": rng.normal(size=(8, 8)) for i in range(layers)}
    for t in range(steps * 10):
        bad = np.nan if bad_from is not None and t >= bad_from else 1.0
        grads = {
            f"w{i}": rng.normal(size=(8, 8)) * shrink ** (layers - 1 - i) / (1 + t) * bad for i in range(layers)
        }
        rec.step(loss=2.0 / (1 + t), grads=grads, params=params)
        params = {k: w - 0.1 * np.nan_to_num(grads[k]) for k, w in params.items()}
    return rec.history


@pytest.mark.parametrize("sample", [0, 3, 5])
def test_every_panel_stands_on_the_same_step(sample):
    h = recorded()
    loss, flow, histogram, ratio = draw_moment(h, sample).axes[:4]
    for ax in (loss, histogram, ratio):
        assert list(ax.lines[-1].get_xdata()) == [10 * sample] * 2
    np.testing.assert_allclose(loss.lines[0].get_ydata(), 2.0 / (1 + h.steps))
    assert loss.lines[1].get_xydata().tolist() == [[10 * sample, 2.0 / (1 + 10 * sample)]]
    np.testing.assert_allclose(flow.lines[0].get_ydata(), h["grad_quantiles"][sample, :, 2])


def test_the_boxes_move_on_a_scale_that_stands_still():
    h = recorded()
    scales = {draw_moment(h, sample).axes[1].get_ylim() for sample in range(6)}
    assert len(scales) == 1


def test_the_words_hold_the_loss_and_the_extremes():
    h = recorded(shrink=0.5)
    medians = h["grad_quantiles"][2, :, 2]
    words = words_at(h, 2)
    assert words.startswith("Step 20, sample 3 of 6. Loss 0.0952 (2 at the start).")
    assert f"smallest in w0 ({medians[0]:.1e}), largest in w3 ({medians[3]:.1e})" in words


def test_the_words_judge_the_last_samples_only():
    h = recorded(shrink=1e-4, bad_from=40)
    assert "vanishing in w0" in words_at(h, 1)
    assert "Of the last 2 samples diagnose() says" in words_at(h, 1)
    assert "Of this sample diagnose()" in words_at(h, 0)
    assert "non-finite" not in words_at(h, 3)
    assert "non-finite" in words_at(h, 4)


def test_the_widget_follows_slider_and_choice():
    h = recorded()
    widget = time_scrubber(h)
    assert widget.state == {"sample": 0, "name": "w0"}
    before = widget.view.value
    widget.controls["sample"].value = 4
    assert widget.words == words_at(h, 4)
    at_four = widget.view.value
    assert at_four != before
    widget.state = {"name": "w2"}
    assert widget.view.value != at_four
    assert widget.state == {"sample": 4, "name": "w2"}


def test_one_step_is_enough():
    assert "sample 1 of 1" in time_scrubber(recorded().first(1)).words


def test_nothing_but_nan_is_drawn_and_said():
    rec = Recorder()
    for _ in range(3):
        rec.step(grads={"b": np.full(3, np.nan)}, params={"b": np.zeros(3)})
    widget = time_scrubber(rec.history, sample=2)
    assert "missing, not finite or exactly 0" in widget.words
    assert "non-finite in b" in widget.words


def test_a_single_infinite_step_is_drawn_and_said():
    rec = Recorder()
    rec.step(loss=np.nan, grads={"w": np.full((2, 2), np.inf)}, params={"w": np.full((2, 2), np.nan)})
    assert "non-finite in w" in time_scrubber(rec.history).words


def no_parameters():
    rec = Recorder()
    rec.step(loss=1.0, grads=[], params=[])
    return rec.history


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: time_scrubber(Recorder().history), "empty"),
        (lambda: time_scrubber(no_parameters()), "no parameters"),
        (lambda: time_scrubber([1, 2]), "takes a history"),
        (lambda: time_scrubber(recorded(), name="w9"), "no 'w9'"),
    ],
)
def test_what_is_no_recorded_run_is_refused(call, words):
    with pytest.raises(CourseError, match=words):
        call()


def test_a_sudden_death_is_said_soon_after():
    from dlcourse_utils.gradients import Recorder

    rec, rng = Recorder(), np.random.default_rng(0)
    for t in range(40):
        h = np.maximum(rng.normal(size=(16, 8)) - 1000 * (t >= 30), 0)
        rec.step(loss=1.0, grads={"w": rng.normal(size=(8, 8))}, activations={"h": h}, kinds={"h": "relu"})
    assert "nothing to say" in words_at(rec.history, 29)
    assert "dead ReLU in h" in words_at(rec.history, 33)
    assert rec.history.between(30, 40).steps.tolist() == list(range(30, 40))
