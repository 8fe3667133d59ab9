"""The race takes the steps it says, tells who arrives, and survives whatever runs away."""

import numpy as np
import pytest
import torch

from dlcourse_utils.errors import CourseError
from dlcourse_utils.widgets import optimizer_race as module
from dlcourse_utils.widgets.optimizer_race import STEPS, draw_race, optimizer_race, run_race
from dlcourse_utils.widgets.picture import picture_html


def sgd(params, grads, state, lr):
    return {k: p - lr * grads[k] for k, p in params.items()}, state


def torch_adam(params, grads, state, lr, beta1, beta2):
    p = state["p"] if state else torch.nn.Parameter(torch.tensor(params["p"]))
    method = state["method"] if state else torch.optim.Adam([p], betas=(beta1, beta2))
    method.param_groups[0]["lr"] = lr
    p.grad = torch.tensor(grads["p"])
    method.step()
    return {"p": p.detach().numpy().copy()}, {"p": p, "method": method}


def test_sgd_on_the_ravine_follows_the_closed_form():
    race = run_race({"sgd": sgd}, "ravine", factor=0.5)
    lr, t = 0.5 * module.RATES["sgd"], np.arange(STEPS + 1)
    np.testing.assert_allclose(race.paths["sgd"][:, 0], 1 + (-3 - 1) * (1 - lr) ** t)
    np.testing.assert_allclose(race.paths["sgd"][:, 1], 0.5 + (1.8 - 0.5) * (1 - 50 * lr) ** t)


def test_arrival_is_the_first_step_that_stays_low():
    race = run_race({"sgd": sgd}, "ravine")
    low = race.heights["sgd"] <= 0.01 * race.heights["sgd"][0]
    step = race.arrival("sgd")
    assert low[step:].all()
    assert not low[step - 1]
    assert f"sgd arrives after {step} steps" in race.sentence


def test_too_high_a_rate_runs_away_and_can_still_be_drawn():
    race = run_race({"sgd": sgd}, "ravine", factor=10)
    assert race.paths["sgd"].shape == (STEPS + 1, 2)
    assert race.arrival("sgd") is None
    assert "runs away" in race.sentence
    assert picture_html(draw_race(race), race.sentence).startswith("<img")


def test_without_the_correction_adams_first_step_is_too_long_by_the_known_factor():
    with_it, without = (run_race({"adam": torch_adam}, "plain", correct=c).paths["adam"] for c in (True, False))
    np.testing.assert_allclose((without[1] - without[0]) / (with_it[1] - with_it[0]), 0.15 / np.sqrt(0.001))


def test_on_the_saddle_plain_descent_is_stuck():
    race = run_race({"sgd": sgd}, "saddle")
    assert abs(race.paths["sgd"][-1, 1]) < 0.1
    assert "height left" in race.sentence


def test_every_surface_is_drawn_with_labels_and_in_words():
    for surface in module.SURFACES:
        figure = draw_race(run_race({"sgd": sgd, "adam": torch_adam}, surface))
        assert all(ax.get_xlabel() and ax.get_ylabel() and ax.get_title() for ax in figure.axes)


def test_an_empty_choice_of_methods_draws_an_empty_race():
    race = run_race({})
    assert picture_html(draw_race(race), race.sentence)


@pytest.mark.parametrize("call", [lambda: run_race({"sgd": sgd}, "ravin"), lambda: run_race({"addam": sgd})])
def test_unknown_names_get_a_suggestion(call):
    with pytest.raises(CourseError, match=r"ravine|adam"):
        call()


def test_the_widget_answers_its_controls():
    box = optimizer_race(sgd=sgd)
    surface, methods, factor, *_, view = box.children
    before = view.value
    factor.value = 0.1
    assert view.value != before
    surface.value = "saddle"
    assert "On the saddle" in view.value
    methods.value = ()
    assert "On the saddle" in view.value


def test_an_unsolved_step_raises_before_anything_is_shown():
    def stub(params, grads, state, lr):
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        optimizer_race(sgd=stub)
