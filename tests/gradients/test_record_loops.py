"""Recording what real training loops do: tied and thawing weights, groups, mixed precision, reused cells, compiling."""

import copy
import pickle

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlcourse_utils.gradients import record
from dlcourse_utils.gradients.recording.activations import CALLS
from tests.gradients.nets import Tagger, cnn, hook_count, images, optimizer_hook_count, train


def recorded_once(model, loss, lr=0.0, **options):
    """One recorded step of plain descent on loss(); lr = 0 leaves the model as it was."""
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    with record(model, optimizer, every=1, **options) as rec:
        loss().backward()
        optimizer.step()
    return rec.history


def test_a_weight_used_in_two_places_is_one_row_with_the_whole_gradient():
    torch.manual_seed(0)
    model = nn.ModuleDict({"embed": nn.Embedding(9, 4), "head": nn.Linear(4, 9, bias=False)})
    model["head"].weight = model["embed"].weight
    ids = torch.tensor([1, 2, 2, 5])

    def loss():
        return F.cross_entropy(model["head"](model["embed"](ids)), ids)

    h = recorded_once(model, loss)
    (whole,) = torch.autograd.grad(loss(), [model["embed"].weight])
    assert h.params == ("embed.weight",)
    assert h["raw_grad_norm"][0, 0] == pytest.approx(whole.norm().item(), rel=1e-5)
    assert h["grad_norm"][0, 0] == pytest.approx(whole.norm().item(), rel=1e-5)


def test_a_layer_that_is_unfrozen_on_the_way_is_seen_from_then_on():
    torch.manual_seed(0)
    model = cnn()
    model[0].requires_grad_(False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with record(model, optimizer, every=2) as rec:
        train(model, optimizer, 3)
        model[0].requires_grad_(True)
        train(model, optimizer, 3)
    h = rec.history
    assert h.series("grad_missing", "0.weight").tolist() == [1, 1, 0]
    assert np.isfinite(h.series("update_norm", "0.weight")).tolist() == [False, False, True]
    assert h.trainable.all()
    assert h.diagnose() == []


def test_every_group_has_its_own_rate_and_schedule():
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 1))
    optimizer = torch.optim.SGD(
        [{"params": model[0].parameters(), "lr": 0.1}, {"params": model[1].parameters(), "lr": 0.01}]
    )
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
    with record(model, optimizer, every=2) as rec:
        for _ in range(5):
            model(torch.ones(2, 3)).sum().backward()
            optimizer.step()
            schedule.step()
    np.testing.assert_allclose(rec.history.series("learning_rate", "0.weight"), [0.1, 0.025, 0.00625])
    np.testing.assert_allclose(rec.history.series("learning_rate", "1.bias"), [0.01, 0.0025, 0.000625])


def test_a_layer_that_joins_while_recording_disturbs_nothing():
    model = nn.Sequential(nn.Linear(3, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with record(model, optimizer, every=1) as rec:
        for step in range(3):
            if step == 1:
                model.append(nn.Linear(3, 1))
                optimizer.add_param_group({"params": model[1].parameters()})
            model(torch.ones(2, 3)).sum().backward()
            optimizer.step()
    assert rec.history.params == ("0.weight", "0.bias"), "a new `record` sees the rest"
    assert np.isfinite(rec.history["update_norm"]).all()


@pytest.mark.parametrize("fused", [False, True])
def test_under_amp_raw_is_before_clipping_and_both_are_without_the_scale(fused):
    torch.manual_seed(0)
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, fused=fused)
    scaler = torch.amp.GradScaler("cpu", init_scale=4096.0)
    x = torch.randn(6, 4)
    expected = torch.autograd.grad(model(x).square().mean(), model.weight)[0].norm().item()
    with record(model, optimizer, every=1, scaler=scaler) as rec:
        scaler.scale(model(x).square().mean()).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.weight, expected / 4)
        scaler.step(optimizer)
        scaler.update()
    h = rec.history
    assert h.series("raw_grad_norm", "weight")[0] == pytest.approx(expected, rel=1e-4)
    assert h.series("grad_norm", "weight")[0] == pytest.approx(expected / 4, rel=1e-4)


def test_outputs_in_half_precision():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, 3))
    x, y = images()

    def loss():
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return F.cross_entropy(model(x), y)

    h = recorded_once(model, loss)
    out = torch.relu(model[0](x)).detach()
    assert h.series("activation_rms", "1")[0] == pytest.approx(out.square().mean().sqrt().item(), rel=0.01)
    assert np.isfinite(h["gradient_rms"]).all()


def test_a_cell_that_is_called_at_every_step_of_a_long_sequence():
    torch.manual_seed(0)
    cell = nn.RNNCell(3, 4)
    x = torch.randn(CALLS + 36, 5, 3)
    states = []

    def loss():
        state = torch.zeros(5, 4)
        for x_t in x:
            state = cell(x_t, state)
            states.append(state)
        return state.sum()

    h = recorded_once(cell, loss)
    first = torch.stack(states[:CALLS]).detach()
    assert h["activation_rms"][0, 0] == pytest.approx(first.square().mean().sqrt().item(), rel=1e-4)
    assert (h["raw_grad_norm"] > 0).all()


def test_a_relu_that_overwrites_a_watched_output():
    class Overwrites(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Linear(6, 5), nn.Linear(5, 1)

        def forward(self, x):
            return self.b(F.relu_(self.a(x)))

    torch.manual_seed(0)
    model, x = Overwrites(), torch.randn(7, 6)
    h = recorded_once(model, lambda: model(x).square().sum())
    before = model.a(x)
    before.retain_grad()
    model.b(F.relu(before)).square().sum().backward()
    assert h.series("activation_rms", "a")[0] == pytest.approx(before.square().mean().sqrt().item(), rel=1e-4)
    assert h.series("gradient_rms", "a")[0] == pytest.approx(before.grad.square().mean().sqrt().item(), rel=1e-4)


SHAPES = {
    "(N, units)": (nn.Linear(6, 8), torch.randn(5, 6), (0,)),
    "(N, T, units)": (nn.Linear(6, 8), torch.randn(5, 3, 6), (0, 1)),
    "(N, channels, L)": (nn.Conv1d(2, 8, 3), torch.randn(2, 2, 5), (0, 2)),
    "(N, channels, H, W)": (nn.Conv2d(2, 8, 3), torch.randn(2, 2, 4, 4), (0, 2, 3)),
    "channels last": (nn.Conv2d(2, 8, 3).to(memory_format=torch.channels_last), torch.randn(2, 2, 4, 4), (0, 2, 3)),
    "(N, channels, D, H, W)": (nn.Conv3d(2, 8, 2), torch.randn(2, 2, 2, 3, 2), (0, 2, 3, 4)),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rectifier", [nn.ReLU, nn.ReLU6])
def test_a_silent_unit_is_one_that_gave_nothing_anywhere(shape, rectifier):
    torch.manual_seed(0)
    layer, x, others = SHAPES[shape]
    layer = copy.deepcopy(layer)
    if shape == "channels last":
        x = x.to(memory_format=torch.channels_last)
    with torch.no_grad():
        layer.bias[[1, 4, 6]] = -50.0
        layer.bias[[2, 3]] = 50.0
        layer.bias[[0, 5, 7]] = -0.01  # silent for the first sample, which is 0, but not for the others
        layer.weight.abs_()
        x = x.abs()
        x[0] = 0
    model = nn.Sequential(layer, rectifier())
    h = recorded_once(model, lambda: model(x).sum())
    out = model(x).detach()
    silent = (out == 0).all(dim=others)
    assert silent.tolist() == [False, True, False, False, True, False, True, False], "or this test says little"
    assert h.silent["1"][0].tolist() == silent.int().tolist()
    assert h.series("activation_dead", "1")[0] == pytest.approx(silent.float().mean().item())
    assert h.series("activation_rms", "1")[0] == pytest.approx(out.square().mean().sqrt().item(), rel=1e-5)


def test_a_unit_full_of_nan_is_broken_not_silent():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU())
    with torch.no_grad():
        model[0].bias[1] = float("nan")
    h = recorded_once(model, lambda: model(images()[0]).sum())
    assert h.silent["1"][0, 1] == 0
    assert h.series("activation_nonfinite", "1")[0] > 0


def test_between_two_samples_only_the_clock_is_there():
    model = cnn()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    found = []
    with record(model, optimizer, every=3):
        for _ in range(7):
            found.append((hook_count(model) > 0, optimizer_hook_count(optimizer)))
            train(model, optimizer, 1)
    assert found == [(True, 2), (False, 1), (False, 1)] * 2 + [(True, 2)]


@pytest.mark.parametrize("depth", [1, 12])
def test_a_sample_leaves_the_device_in_two_transfers_however_deep_the_network(depth, monkeypatch):
    leaves = []
    cpu = torch.Tensor.cpu
    monkeypatch.setattr(torch.Tensor, "cpu", lambda t, *args, **kwargs: leaves.append(t.shape) or cpu(t))
    model = nn.Sequential(*[m for _ in range(depth) for m in (nn.Linear(3, 3), nn.ReLU())])
    recorded_once(model, lambda: model(torch.ones(2, 3)).sum())
    assert len(leaves) == 2


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_an_error_inside_a_layer_or_inside_the_step_leaves_no_hook(error):
    class Fails(nn.Module):
        def forward(self, x):
            raise error

    class Optimizer(torch.optim.SGD):
        def step(self, closure=None):
            raise error

    x, y = images()
    for layer, kind in ((Fails(), torch.optim.SGD), (nn.Identity(), Optimizer)):
        model = nn.Sequential(cnn(), layer)
        optimizer = kind(model.parameters(), lr=0.1)
        with pytest.raises(error), record(model, optimizer, every=1) as rec:  # noqa: PT012 what a loop looks like
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
        assert hook_count(model) == 0
        assert optimizer_hook_count(optimizer) == 0
        assert len(rec.history) == 0


def test_an_optimizer_copied_or_pickled_while_recorded_carries_nothing_of_ours():
    model = cnn()
    optimizer = torch.optim.Adam(model.parameters())
    with record(model, optimizer, every=1) as rec:
        train(model, optimizer, 1)
        both = copy.deepcopy((model, optimizer)), pickle.loads(pickle.dumps((model, optimizer)))
    for model_too, optimizer_too in both:
        assert optimizer_hook_count(optimizer_too) == 0
        train(model_too, optimizer_too, 1)
    assert len(rec.history) == 1


def test_a_part_that_is_compiled_is_named_and_the_rest_is_seen():
    torch.manual_seed(0)
    model = Tagger()
    model.head = torch.compile(model.head, backend="aot_eager")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    ids = torch.randint(0, 20, (4, 7))
    with pytest.warns(UserWarning, match=r"cannot be seen \(head\)"), record(model, optimizer, every=1) as rec:
        train(model, optimizer, 2, (ids, ids[:, 0] % 3))
    h = rec.history
    assert h.layers == ("embed", "lstm")
    assert np.isfinite(h["activation_rms"]).all()
    assert (h.series("raw_grad_norm", "head.weight") > 0).all()


def test_a_model_compiled_in_place_says_so():
    model = cnn(inplace=False)
    model.compile(backend="aot_eager")
    with pytest.warns(UserWarning, match="torch.compile'd"):
        record(model, torch.optim.SGD(model.parameters(), lr=0.1))


def test_a_model_that_is_compiled_around_the_recorded_one_says_so_too():
    torch.manual_seed(0)
    model = cnn(inplace=False)
    compiled = torch.compile(model, backend="aot_eager")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with record(model, optimizer, every=1) as rec:
        train(compiled, optimizer, 3)
    assert (rec.history["raw_grad_norm"] > 0).all()
    assert np.isnan(rec.history["activation_rms"]).all()
    (note,) = rec.history.notes
    assert "compiled around" in note
