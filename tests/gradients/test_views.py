"""The pictures of one idea: their numbers against closed forms, and what stands on the axes."""

import numpy as np
import pytest

from dlcourse_utils import gradients
from dlcourse_utils.errors import CourseError
from dlcourse_utils.gradients import (
    activation_curve,
    attribution_maps,
    compare_gradients,
    descent_paths,
    jacobian_product,
    layer_jacobians,
    loss_landscape,
    minibatch_noise,
    signals_by_initialisation,
)
from dlcourse_utils.gradients.views.activation import FUNCTIONS
from dlcourse_utils.gradients.views.view import View


def lines(ax):
    return {line.get_label(): line for line in ax.get_lines()}


# activation


def test_the_slope_of_the_sigmoid():
    view = activation_curve("sigmoid")
    np.testing.assert_allclose(view.slope, view.value * (1 - view.value), atol=1e-8)
    ax = view.plot()
    np.testing.assert_allclose(lines(ax)["its slope"].get_ydata(), view.slope)
    assert ax.get_xlim() == (-6.0, 6.0)


def test_flat_inputs_are_not_dead_units():
    z = np.array([[-1.0, 2.0, -3.0], [1.0, -2.0, -4.0]])
    view = activation_curve("relu", z)
    assert view.flat == pytest.approx(4 / 6)
    assert view.dead_units == pytest.approx(1 / 3)
    assert "67% of the inputs" in view.plot().get_title()
    assert "33% of units" in view.plot().get_title()


def test_ones_own_function_and_all_named_ones():
    cube = activation_curve(lambda z: z**3, low=-1, high=1)
    np.testing.assert_allclose(cube.slope, 3 * cube.z**2, atol=1e-6)
    for name in FUNCTIONS:
        assert np.isfinite(activation_curve(name).slope).all()
    with pytest.raises(CourseError, match="tanh"):
        activation_curve("than")


# analytic against numerical


def test_a_wrong_sign_is_found_at_its_place():
    n = np.random.default_rng(0).normal(size=(3, 4))
    a = n.copy()
    a[1, 2] *= -1
    view = compare_gradients(a, n)
    assert view.worst == (1, 2)
    assert view.error[1, 2] == pytest.approx(2.0)
    ax = view.plot()
    assert "agree: 11 of 12" in lines(ax)
    (x,), (y,) = lines(ax)["off by more than 1e-05: 1 of 12"].get_data()
    assert (x, y) == (n[1, 2], -n[1, 2])
    assert ax.get_xlim() == ax.get_ylim()
    assert "worst: [1, 2]" in [t.get_text() for t in ax.texts]


def test_both_zero_agree_and_nan_does_not():
    view = compare_gradients([0.0, np.nan, 1.0], [0.0, 1.0, 1.0])
    assert view.error.tolist() == [0.0, np.inf, 0.0]
    assert "1 NaN" in view.plot().get_title()
    with pytest.raises(CourseError, match="shape"):
        compare_gradients(np.ones((3, 1)), np.ones(3))
    compare_gradients([], []).plot()
    compare_gradients(0.0, 0.0).plot()


# initialisation and depth


def test_small_weights_shrink_signals_by_std_times_root_width():
    view = signals_by_initialisation("linear", depth=4, width=100, schemes={"small": 0.01})
    factors = view.median_activations[0, 1:] / view.median_activations[0, :-1]
    np.testing.assert_allclose(factors, 0.1, rtol=0.15)
    back = view.median_gradients[0, :-1] / view.median_gradients[0, 1:]
    np.testing.assert_allclose(back, 0.1, rtol=0.15)


def test_he_keeps_a_relu_network_level():
    view = signals_by_initialisation("relu", depth=10)
    he = view.schemes.index("He")
    assert 0.3 < view.median_activations[he, -1] / view.median_activations[he, 0] < 3
    ax = view.plot()
    assert len(ax.child_axes) == 6
    assert all(panel.get_yscale() == "log" for panel in ax.child_axes)
    with pytest.raises(CourseError, match="relu"):
        signals_by_initialisation("rely")


def test_the_product_of_jacobians():
    view = jacobian_product([np.diag([2.0, 0.5])] * 3)
    np.testing.assert_allclose(view.largest, [2, 4, 8])
    np.testing.assert_allclose(view.smallest, [0.5, 0.25, 0.125])
    np.testing.assert_allclose(view.middle, np.sqrt((view.largest**2 + view.smallest**2) / 2))
    assert view.plot().get_yscale() == "log"
    with pytest.raises(CourseError, match="shape"):
        jacobian_product([np.ones((2, 3)), np.ones((2, 3))])
    with pytest.raises(CourseError, match="at least one"):
        jacobian_product([])
    jacobian_product([np.zeros((3, 3))]).plot()


def test_a_layers_jacobian_is_its_derivative():
    (j,) = layer_jacobians(depth=1, width=5, activation="tanh", seed=3)
    rng = np.random.default_rng(3)
    x, w = rng.normal(size=5), rng.normal(size=(5, 5)) / 5**0.5
    columns = [(np.tanh((x + e) @ w) - np.tanh((x - e) @ w)) / 2e-6 for e in np.eye(5) * 1e-6]
    np.testing.assert_allclose(j, np.stack(columns, axis=1), atol=1e-8)


# descent


def bowl(x):
    return float(x[0] ** 2 + 10 * x[1] ** 2)


def test_paths_lie_on_the_surface_they_were_made_on():
    path = np.array([[-2.0, 1.0], [-1.0, 0.2], [-0.5, 0.0]])
    view = descent_paths(bowl, {"SGD": path})
    i, j = 7, 33
    assert view.height[i, j] == pytest.approx(bowl((view.x[j], view.y[i])))
    ax = view.plot()
    np.testing.assert_allclose(np.column_stack(lines(ax)["SGD"].get_data()), path)
    assert ax.get_xlim() == (view.x[0], view.x[-1])


def test_a_path_that_diverges_neither_hides_the_others_nor_breaks_the_picture():
    wild = np.array([[1.0, 1.0], [-50.0, 90.0], [1e9, -1e9], [np.inf, np.nan]])
    tame = np.array([[1.0, 1.0], [0.5, 0.1]])
    view = descent_paths(bowl, {"tame": tame, "wild": wild})
    assert view.lost == ("wild",)
    assert np.abs(view.x).max() < 5
    assert len(view.paths["wild"]) == 2
    assert "wild (left the picture)" in lines(view.plot())


def test_bad_paths_are_one_sentence():
    with pytest.raises(CourseError, match=r"\(3,\)"):
        descent_paths(bowl, {"a": np.ones(3)})
    with pytest.raises(CourseError, match="at least one"):
        descent_paths(bowl, {})
    descent_paths(bowl, {"stays": np.zeros((3, 2))}).plot()


# minibatches


def test_noise_falls_with_the_root_of_the_batch_and_is_gone_for_all_samples():
    rng = np.random.default_rng(0)
    single = rng.normal(size=(400, 6)) + 0.5
    view = minibatch_noise(lambda i: single[i].mean(axis=0), 400, sizes=(4, 16, 64, 400, 999), repeats=200)
    assert view.sizes.tolist() == [4, 16, 64, 400]
    np.testing.assert_allclose(view.noise[3], 0, atol=1e-12)
    np.testing.assert_allclose(view.cosine[3], 1)
    rms = np.sqrt((view.noise[:3] ** 2).mean(axis=1))
    full = single.mean(axis=0)
    n = np.array([4, 16, 64])
    exact = np.sqrt(((single - full) ** 2).sum() / 400 / n * (400 - n) / 399) / np.linalg.norm(full)
    np.testing.assert_allclose(rms, exact, rtol=0.1)
    np.testing.assert_allclose(view.expected[:3], exact, rtol=0.1)
    left, right = view.plot().child_axes
    assert right.get_yscale() == "log"
    assert left.get_ylim()[1] > 1


def test_gradients_may_come_as_lists_and_dicts():
    def f(i):
        return [{"w": np.ones((2, 2)), "b": np.full(2, float(len(i)))}]

    assert minibatch_noise(f, 8, sizes=(2,), repeats=3).cosine.shape == (1, 3)
    with pytest.raises(CourseError, match="is 0"):
        minibatch_noise(lambda i: np.zeros(3), 8)
    with pytest.raises(CourseError, match="fits"):
        minibatch_noise(lambda i: np.ones(3), 8, sizes=(9,))


# loss landscape


def test_random_directions_have_each_filters_own_length():
    w = np.random.default_rng(1).normal(size=(3, 4)) * [[1.0], [10.0], [0.1]]
    seen = []
    loss_landscape(lambda ps: seen.append([p.copy() for p in ps]) or 0.0, [w, np.ones(3)], resolution=3)
    moved = seen[5][0] - w  # one step along the first direction, none along the second
    np.testing.assert_allclose(np.linalg.norm(moved, axis=1), np.linalg.norm(w, axis=1))
    assert all((p[1] == 1).all() for p in seen), "biases stay"


def test_the_paths_own_plane_holds_a_plane_path_and_its_loss():
    e = np.eye(4)[:2]
    path = [[np.array([2.0, 1.0, 0, 0])], [np.array([1.0, 0.2, 0, 0])], [np.zeros(4)]]
    view = loss_landscape(lambda ps: float((ps[0] ** 2).sum()), path[-1], path)
    assert view.explained == pytest.approx(1.0)
    np.testing.assert_allclose((view.path**2).sum(axis=1), [5.0, 1.04, 0.0], atol=1e-12)
    i, j = 4, 15
    assert view.loss[i, j] == pytest.approx(view.a[j] ** 2 + view.b[i] ** 2)
    ax = view.plot()
    np.testing.assert_allclose(np.column_stack(lines(ax)["training"].get_data()), view.path)
    assert "100%" in ax.get_title()
    del e
    with pytest.raises(CourseError, match="same shapes"):
        loss_landscape(lambda ps: 0.0, [np.ones(3)], [[np.ones(2)], [np.ones(2)]])
    with pytest.raises(CourseError, match="at least two"):
        loss_landscape(lambda ps: 0.0, [np.ones(3)], [[np.ones(3)]])


def test_a_flat_or_broken_loss_is_still_a_picture():
    loss_landscape(lambda ps: 1.0, [np.ones((2, 2))], resolution=5).plot()
    loss_landscape(lambda ps: np.nan, [np.ones((2, 2))], resolution=5).plot()


# attribution


def test_a_map_stands_beside_its_control_on_a_symmetric_scale():
    rng = np.random.default_rng(0)
    signed = rng.normal(size=(8, 8))
    view = attribution_maps(rng.random((1, 8, 8)), {"a": signed}, {"a": -signed})
    assert view.similarity["a"] == pytest.approx(-1.0)
    panels = view.plot().child_axes
    image = panels[1].get_images()[0]
    low, high = image.get_clim()
    assert low == -high == -np.abs(signed).max()
    with pytest.raises(CourseError, match="no control"):
        attribution_maps(signed, {"a": signed}, {})
    attribution_maps(signed, {"a": np.zeros((3, 3))}, {"a": np.zeros((3, 3))}).plot()


# all of them


def views():
    return [v for v in _subclasses(View) if v.__module__.startswith("dlcourse_utils.gradients.")]


def _subclasses(cls):
    for child in cls.__subclasses__():
        yield child
        yield from _subclasses(child)


def test_every_picture_says_how_to_read_it_and_what_it_cures():
    for name in gradients.__all__:
        getattr(gradients, name)
    assert len(views()) >= 16
    for view in views():
        assert len(view.how_to_read) > 60, view
        assert "Cures: " in view.__doc__, view


def test_a_picture_shows_itself_in_a_notebook():
    assert activation_curve("relu")._repr_png_().startswith(b"\x89PNG")
