"""The playground trains with the learner's gradients and nothing else; torch is the oracle."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from torch.nn import functional as F

from dlcourse_utils.errors import CourseError
from dlcourse_utils.widgets.playground import draw_moment, playground, probability, words_at
from dlcourse_utils.widgets.toy_data import POINTS, REACH, SETS, toy_data
from dlcourse_utils.widgets.training_path import TrainingPath, mlp_logits, random_params


def tensors(params):
    return [[torch.tensor(a, requires_grad=True) for a in pair] for pair in params]


def torch_logits(layers, x):
    h = torch.as_tensor(x)
    for i, (w, b) in enumerate(layers):
        h = h @ w + b
        h = torch.relu(h) if i < len(layers) - 1 else h
    return h


def loss_and_grads(params, x, labels):
    """Exercise 03.mlp_loss_and_grads, solved by torch."""
    layers = tensors(params)
    loss = F.cross_entropy(torch_logits(layers, x), torch.as_tensor(labels))
    loss.backward()
    return loss.item(), [(w.grad.numpy(), b.grad.numpy()) for w, b in layers]


def path(data="moons", sizes=(2, 4, 2), lr=0.3, call=loss_and_grads):
    return TrainingPath(call, random_params(sizes, 0), *toy_data(data), lr)


@pytest.mark.parametrize("name", SETS)
def test_the_points_are_two_halves_in_view_and_always_the_same(name):
    x, labels = toy_data(name)
    assert x.shape == (POINTS, 2)
    assert np.bincount(labels).tolist() == [POINTS // 2] * 2
    assert np.abs(x).max() <= REACH
    np.testing.assert_array_equal(toy_data(name)[0], x)


def test_one_straight_line_is_enough_for_the_clouds_and_for_nothing_else():
    scores = {name: LogisticRegression().fit(*toy_data(name)).score(*toy_data(name)) for name in SETS}
    assert scores.pop("two clouds") > 0.97
    assert max(scores.values()) < 0.92, scores


def test_the_path_is_torchs_gradient_descent():
    params = random_params((2, 5, 3, 2), 0)
    layers = tensors(params)
    x, labels = toy_data("ring")
    method = torch.optim.SGD([a for pair in layers for a in pair], lr=0.4)
    for _ in range(20):
        method.zero_grad()
        F.cross_entropy(torch_logits(layers, x), torch.as_tensor(labels)).backward()
        method.step()
    moment = TrainingPath(loss_and_grads, params, x, labels, 0.4).at(20)
    for pair, layer in zip(moment.params, layers, strict=True):
        for ours, theirs in zip(pair, layer, strict=True):
            np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-9, atol=1e-12)


def test_a_step_that_was_taken_is_not_taken_again():
    calls = []

    def counted(*args):
        calls.append(1)
        return loss_and_grads(*args)

    way = path(call=counted)
    way.at(10)
    way.at(4)
    assert len(way.losses(7)) == 8
    assert len(calls) == 11


def test_the_surface_is_the_softmax_of_the_logits():
    params = random_params((2, 4, 2), 1)
    x, _ = toy_data("moons")
    want = torch.softmax(torch_logits(tensors(params), x), dim=1)[:, 1].detach().numpy()
    np.testing.assert_allclose(probability(mlp_logits, x, params), want)


def test_the_words_count_the_points_on_the_right_side():
    x, labels = toy_data("moons")
    moment = path().at(200)
    right = (torch_logits(tensors(moment.params), x).argmax(dim=1).numpy() == labels).mean()
    assert words_at(moment, "moons").startswith(f"Step 200 on the moons: loss {moment.loss:.3f}, {right:.0%} of")


def test_the_edges_carry_weights_and_gradients():
    way = path(sizes=(2, 3, 2))
    moment = way.at(5)
    _, weights, gradients, loss = draw_moment(way, 5, "moons").axes
    for ax, pairs in ((weights, moment.params), (gradients, moment.grads)):
        every = np.concatenate([w.ravel() for w, _ in pairs])
        widths = np.concatenate([lines.get_linewidths() for lines in ax.collections])
        signed = [every[every > 0], every[every < 0]]
        want = np.maximum(5.0 * np.abs(np.concatenate(signed)) / np.abs(every).max(), 0.15)
        np.testing.assert_allclose(widths, want)
        assert "the thickest is" in ax.get_title()
    np.testing.assert_allclose(loss.lines[0].get_ydata(), way.losses(5))


def test_buttons_and_settings_move_the_training():
    widget = playground(loss_and_grads)
    widget.one.click()
    widget.many.click()
    assert widget.state["step"] == 26
    assert widget.words == words_at(path().at(26), "moons")
    before = widget.view.value
    widget.state = {"lr": 1.0}  # the same number of steps, replayed
    assert widget.words == words_at(path(lr=1.0).at(26), "moons")
    assert widget.view.value != before
    widget.state = {"data": "ring", "layers": 2, "units": 3}
    assert widget.words == words_at(path("ring", (2, 3, 3, 2), 1.0).at(26), "ring")
    widget.anew.click()
    assert widget.words.startswith("Step 0 ")


def test_too_long_steps_stop_with_a_sentence_and_a_picture():
    # a square loss on the last layer's weights alone, which must run away
    def runaway(params, x, labels):
        return float(sum((w**2).sum() for w, _ in params)), [(2 * w, b) for w, b in params]

    way = path(lr=1e4, call=runaway)
    assert not way.at(500).finite
    assert len(way.moments) < 120
    assert "too long" in words_at(way.at(500), "moons")
    assert draw_moment(way, 500, "moons")


def test_dead_weights_are_said():
    def silent(params, x, labels):
        return 1.0, [(0 * w, 0 * b) for w, b in params]

    assert "exactly 0" in playground(silent).words


def test_the_learners_own_forward_draws_the_surface():
    calls = []

    def mlp_forward(x, params):
        calls.append(len(x))
        return mlp_logits(x, params)

    playground(loss_and_grads, mlp_forward)
    assert len(calls) >= 2


def test_an_unsolved_exercise_raises_before_anything_is_shown():
    def stub(params, x, labels):
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        playground(stub)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda p, x, y: None, r"return \(loss, grads\)"),
        (lambda p, x, y: (1.0, None), "list of"),
        (lambda p, x, y: (1.0, p[:1]), "1 pairs for 2 layers"),
        (lambda p, x, y: (1.0, [(w.T, b) for w, b in p]), r"dw of layer 1 is \(4, 2\), but w is \(2, 4\)"),
        (lambda p, x, y: (1.0, [(w, b[:1]) for w, b in p]), r"db of layer 1 is \(1,\)"),
    ],
)
def test_what_is_no_gradient_is_named(call, words):
    with pytest.raises(CourseError, match=words):
        playground(call)


def test_an_unknown_data_set_gets_a_suggestion():
    with pytest.raises(CourseError, match="moons"):
        playground(loss_and_grads, data="mons")
