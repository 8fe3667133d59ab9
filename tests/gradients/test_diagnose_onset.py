"""A network that breaks on the way is named whenever that was, with the step at which it began."""

import math
import re

import numpy as np
import pytest
import torch
from torch import nn

from dlcourse_utils.gradients import Recorder, record
from tests.gradients.digits_runs import Functional, mlp, run

STEPS, EVERY = 120, 5
WHEN = [0.1, 0.3, 0.5, 0.7, 0.9]


def sgd(model, lr=0.05):
    return torch.optim.SGD(model.parameters(), lr)


def broken(model, when, breaks, lr=0.05, every=EVERY, **options):
    """Train, call `breaks(model, optimizer)` once at the share `when` of the run; return history and first sampled step
    that can show it.
    """
    at = round(when * STEPS)
    kept = {"factor": 1.0}

    def change(step, model, optimizer):
        if step == at:
            with torch.no_grad():
                factor = breaks(model, optimizer)
            kept["factor"] = 1.0 if factor is None else factor
        return kept["factor"]

    torch.manual_seed(0)
    history = run(model, sgd(model, lr), steps=STEPS, every=every, change=change, **options)
    return history, math.ceil(at / every) * every


def assert_named(history, kind, layer, step):
    found = [f for f in history.diagnose() if f.kind == kind]
    assert [f.layer for f in found] == [layer], history.diagnose()
    assert re.search(rf"\bstep {step}\b", found[0].evidence), found[0].evidence


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("share", [0.6, 1.0])
def test_relus_that_die(when, share):
    def breaks(model, optimizer):
        model[0].bias[: round(64 * share)] = -100.0

    history, step = broken(mlp(), when, breaks)
    (dead,) = [f for f in history.diagnose() if (f.kind, f.layer) == ("dead ReLU", "1")]
    assert re.search(rf"\bstep {step}\b", dead.evidence), dead.evidence


@pytest.mark.parametrize("when", WHEN)
def test_relus_that_die_and_were_called_as_a_function(when):
    def breaks(model, optimizer):
        model.a.bias[:50] = -100.0

    history, step = broken(Functional(), when, breaks)
    assert_named(history, "dead ReLU", "a.bias", step)


@pytest.mark.parametrize("when", WHEN)
def test_a_network_that_dies_as_a_whole(when):
    def breaks(model, optimizer):
        model[2].bias.fill_(-100.0)

    history, step = broken(mlp(), when, breaks)
    assert_named(history, "dead ReLU", "3", step)
    assert_named(history, "no gradient", "0.weight", step)


@pytest.mark.parametrize("when", WHEN)
def test_gradients_that_become_zero(when):
    history, step = broken(Functional(), when, lambda model, optimizer: 0.0)
    assert_named(history, "no gradient", "a.weight", step)


@pytest.mark.parametrize("when", WHEN)
def test_layers_that_are_cut_off_or_frozen(when):
    def cuts(model, optimizer):
        model.register_forward_pre_hook(lambda m, args: None)
        forward = model[2].forward
        model[2].forward = lambda x: forward(x.detach())

    history, step = broken(mlp(), when, cuts)
    assert_named(history, "no gradient", "0.weight", step)

    def freezes(model, optimizer):
        model[0].requires_grad_(False)

    history, step = broken(mlp(), when, freezes)
    assert_named(history, "no gradient", "0.weight", step)
    (finding,) = [f for f in history.diagnose() if f.kind == "no gradient"]
    assert "requires_grad" in finding.evidence


@pytest.mark.parametrize("when", WHEN)
def test_numbers_that_become_nan(when):
    def breaks(model, optimizer):
        model[2].weight[3, 3] = float("nan")

    history, step = broken(mlp(), when, breaks, every=1)
    (found,) = history.diagnose()
    assert (found.kind, found.layer) == ("non-finite", "2")
    assert f"at step {step}," in found.evidence
    history, step = broken(mlp(), when, breaks)
    (found,) = history.diagnose()
    assert found.kind == "non-finite"
    assert f"between step {step - EVERY + 1} and {step}," in found.evidence, "and by then it was everywhere"


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize(
    ("rate", "kind"), [(300.0, "update too large"), (1e-9, "update too small"), (0.0, "update too small")]
)
def test_a_learning_rate_that_changes(rate, kind, when):
    def breaks(model, optimizer):
        optimizer.param_groups[0]["lr"] = rate

    history, step = broken(mlp(nn.Tanh), when, breaks, clip=1.0)
    found = [f for f in history.diagnose() if f.kind == kind]
    assert len(found) == 1, history.diagnose()
    assert re.search(rf"\bstep {step}\b", found[0].evidence), found[0].evidence
    assert "learning rate" in found[0].evidence


@pytest.mark.parametrize("when", WHEN)
def test_sigmoids_that_saturate(when):
    def breaks(model, optimizer):
        model[0].weight.mul_(200)

    history, step = broken(mlp(nn.Sigmoid), when, breaks, lr=0.01)
    assert_named(history, "saturated", "1", step)


@pytest.mark.parametrize("when", WHEN)
def test_gradients_that_begin_to_vanish(when):
    def breaks(model, optimizer):
        model[4].weight.mul_(1e-5)

    history, step = broken(mlp(nn.Tanh, (64,) * 5), when, breaks, lr=1e-3)
    (found,) = [f for f in history.diagnose() if f.kind == "vanishing"]
    assert found.layer in ("0.weight", "2.weight")
    assert "2 of 5 weights" in found.evidence
    assert re.search(rf"\bstep {step}\b", found.evidence), found.evidence


@pytest.mark.parametrize("when", [0.15, *WHEN[1:]])
def test_gradients_that_explode(when):
    """The usual length has to be seen three times before anything can be unusual."""
    history, step = broken(mlp(), when, lambda model, optimizer: 1e4, clip=1.0)
    assert_named(history, "exploding", "", step)


@pytest.mark.parametrize("when", WHEN)
def test_a_game_that_is_lost_on_the_way(when):
    torch.manual_seed(0)
    g = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
    d = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
    opt_g, opt_d = torch.optim.Adam(g.parameters(), 1e-3), torch.optim.Adam(d.parameters(), 1e-3)
    at = round(when * STEPS)
    with record({"G": g, "D": d}, [opt_g, opt_d], every=EVERY) as rec:
        for step in range(STEPS):
            z, real = torch.randn(64, 2), torch.randn(64, 2) * 0.3 + 4
            opt_d.zero_grad()
            (nn.functional.softplus(-d(real)).mean() + nn.functional.softplus(d(g(z).detach())).mean()).backward()
            opt_d.step()
            opt_g.zero_grad()
            ((1e-5 if step >= at else 1.0) * nn.functional.softplus(-d(g(z))).mean()).backward()
            opt_g.step()
    assert_named(rec.history, "imbalance", "G", math.ceil(at / EVERY) * EVERY)


def test_what_was_so_from_the_start_has_no_onset():
    torch.manual_seed(0)
    model = mlp()
    with torch.no_grad():
        model[0].bias[:50] = -100.0
    (finding,) = [f for f in run(model, sgd(model)).diagnose() if f.kind == "dead ReLU"]
    assert "step" not in finding.evidence


def test_a_numpy_network_that_dies():
    rng = np.random.default_rng(0)
    rec = Recorder(every=2)
    for step in range(40):
        alive = float(step < 30)
        rec.step(grads={"w": rng.normal(size=(4, 3)) * alive}, params={"w": np.full((4, 3), 3.0 + 1e-3 * step * alive)})
    assert_named(rec.history, "no gradient", "w", 30)


def test_each_optimizer_has_its_own_clock():
    """A critic steps three times as often: "not yet" is said of a step at which the generator was seen."""
    torch.manual_seed(0)
    g, d = nn.Linear(2, 2), nn.Linear(2, 1)
    opt_g, opt_d = torch.optim.SGD(g.parameters(), 0.01), torch.optim.SGD(d.parameters(), 0.01)
    with record({"G": g, "D": d}, [opt_g, opt_d], every=2) as rec:
        for step in range(20):
            for _ in range(3):
                opt_d.zero_grad()
                d(g(torch.randn(8, 2)).detach()).square().mean().backward()
                opt_d.step()
            opt_g.zero_grad()
            ((step < 10) * d(g(torch.randn(8, 2))).square().mean()).backward()
            opt_g.step()
    found = [f for f in rec.history.diagnose() if f.kind == "no gradient"]
    assert [f.layer for f in found] == ["G.weight"]
    assert "at the last 5 sampled steps, from step 10 on (not yet at step 8)" in found[0].evidence
