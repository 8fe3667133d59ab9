"""Pictures of a recorded history: what stands on the axes, and sentences where there is nothing to draw."""

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from dlcourse_utils.errors import CourseError
from dlcourse_utils.gradients import (
    Recorder,
    clipping,
    gradient_by_loss,
    gradient_flow,
    histogram_over_time,
    unit_health,
    update_ratio,
)

PLOTS = ("plot_flow", "plot_histogram", "plot_update_ratio", "plot_clipping", "plot_units", "plot_tags")


def recorded(steps=5, every=1, scale=lambda step: 1.0):
    """Three weights whose gradients differ tenfold, clipped to a length of 1."""
    rec = Recorder(every=every)
    rng = np.random.default_rng(0)
    params = {f"w{i}": rng.normal(size=(20, 30)) for i in range(3)} | {"b": np.zeros(30)}
    for step in range(steps):
        raw = {k: rng.normal(size=p.shape) * 10.0 ** (-int(k[1:] or 0)) * scale(step) for k, p in params.items()}
        length = np.sqrt(sum((g**2).sum() for g in raw.values()))
        grads = {k: g / max(length, 1.0) for k, g in raw.items()}
        hidden = np.maximum(rng.normal(size=(16, 8)), 0)
        hidden[:, :2] = 0
        rec.step(loss=1.0, grads=grads, raw_grads=raw, params=params, activations={"h": hidden}, kinds={"h": "relu"})
        for k in params:
            params[k] = params[k] - 0.01 * grads[k]
    return rec.history


def test_flow_shows_the_quartiles_of_each_weight_at_the_first_and_last_step():
    h = recorded()
    view = gradient_flow(h)
    assert view.names == ("w0", "w1", "w2")
    assert view.steps == (0, 4)
    np.testing.assert_allclose(view.quantiles[0], h["grad_quantiles"][0, :3])
    ax = view.plot()
    assert ax.get_yscale() == "log"
    assert [t.get_text() for t in ax.get_xticklabels()] == ["w0", "w1", "w2"]
    medians = [line.get_ydata() for line in ax.get_lines()]
    np.testing.assert_allclose(medians, view.quantiles[:, :, 2])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["step 0", "step 4"]


def test_flow_cuts_off_nothing_however_far_apart_the_layers_are():
    rec = Recorder()
    rng = np.random.default_rng(0)
    rec.step(grads={f"w{i}": rng.normal(size=(20, 20)) * 10.0 ** (i - 8) for i in range(8)})
    view = gradient_flow(rec.history)
    low, high = view.plot().get_ylim()
    assert low < view.quantiles.min(), "not even a whisker"
    assert high > view.quantiles.max()


def test_flow_of_chosen_steps_and_of_activations():
    h = recorded(steps=9, every=2)
    assert gradient_flow(h, steps=[2, 6]).steps == (2, 6)
    with pytest.raises(CourseError, match="Step 3 was not sampled; every=2"):
        gradient_flow(h, steps=[3])
    with pytest.raises(CourseError, match="activations"):
        gradient_flow(h, of="biases")


def test_histogram_over_time_is_the_recorded_one():
    h = recorded()
    view = histogram_over_time(h, "w1")
    np.testing.assert_allclose(view.shares, h.series("grad_histogram", "w1"))
    ax = view.plot()
    mesh = ax.collections[0]
    np.testing.assert_allclose(mesh.get_array().reshape(view.shares.T.shape), view.shares.T)
    assert ax.get_yscale() == "log"
    assert "w1" in ax.get_title()
    np.testing.assert_allclose(ax.get_lines()[0].get_ydata(), h.series("grad_quantiles", "w1")[:, 2])
    with pytest.raises(CourseError, match=r"w0|w1|w2"):
        histogram_over_time(h, "w9")


def test_update_ratio_and_its_band():
    h = recorded()
    ax = update_ratio(h).plot()
    band = ax.patches[0].get_bbox() if hasattr(ax.patches[0], "get_bbox") else ax.patches[0].get_extents()
    assert (band.y0, band.y1) == (1e-4, 1e-2)
    w0 = next(line for line in ax.get_lines() if line.get_label() == "w0")
    expected = (h.series("update_norm", "w0") / h.series("weight_norm", "w0"))[:-1]
    np.testing.assert_allclose(w0.get_ydata(), expected)
    assert ax.get_yscale() == "log"
    assert "b" not in [line.get_label() for line in ax.get_lines()]


def test_clipping_shows_both_lengths():
    h = recorded(scale=lambda step: 1.0 if step < 3 else 1e-3)
    view = clipping(h)
    assert view.clipped == pytest.approx(3 / 5)
    np.testing.assert_allclose(view.after[:3], 1.0)
    before, after = view.plot().get_lines()
    np.testing.assert_allclose(before.get_ydata(), np.sqrt((h["raw_grad_norm"] ** 2).sum(axis=1)))
    np.testing.assert_allclose(after.get_ydata(), view.after)


def test_units_show_the_dead_share():
    ax = unit_health(recorded()).plot()
    (line,) = ax.get_lines()
    np.testing.assert_allclose(line.get_ydata(), 2 / 8)
    assert line.get_label() == "h relu: dead"
    assert ax.get_ylim()[1] > 1


def test_gradient_by_loss_adds_up_a_models_parameters():
    torch = pytest.importorskip("torch")
    from dlcourse_utils.gradients import record

    torch.manual_seed(0)
    model = torch.nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    with record({"D": model}, optimizer, every=1) as rec:
        for _ in range(3):
            for tag, factor in (("real", 1.0), ("fake", 10.0)):
                with rec.loss(tag):
                    (factor * model(torch.ones(2, 3)).mean()).backward()
            optimizer.step()
    view = gradient_by_loss(rec.history)
    assert view.names == ("real → D", "fake → D")
    np.testing.assert_allclose(view.norms, np.tile([2.0, 20.0], (3, 1)), rtol=1e-6)  # ‖(1, 1, 1, 1)‖ = 2
    assert view.plot().get_yscale() == "log"


@pytest.mark.parametrize("plot", PLOTS)
def test_nothing_one_step_and_all_nan_are_pictures_or_sentences(plot):
    one = recorded(steps=1)
    nan = Recorder()
    for _ in range(3):
        nan.step(grads=[np.full((3, 3), np.nan)], params=[np.full((3, 3), np.nan)])
    none = Recorder()
    none.step(grads={"w": None}, params={"w": np.ones((2, 2))})
    zero = Recorder()
    for _ in range(3):
        zero.step(grads=[np.zeros((3, 3))], params=[np.ones((3, 3))])
    for history in (Recorder().history, one, nan.history, none.history, zero.history):
        ax = getattr(history, plot)()
        ax.figure.savefig("/dev/null", format="png")


@pytest.mark.parametrize("plot", PLOTS)
def test_own_figure_without_pyplot_or_the_axes_that_are_given(plot):
    h = recorded()
    before = plt.get_fignums()
    ax = getattr(h, plot)()
    assert type(ax.figure) is Figure
    assert "How to read" in ax.figure.get_supxlabel()
    assert plt.get_fignums() == before
    figure = Figure()
    mine = figure.add_subplot()
    assert getattr(h, plot)(ax=mine) is mine
    assert figure.get_supxlabel() == ""
