"""Networks broken on purpose are named as such, and healthy ones leave `diagnose` silent."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlcourse_utils.gradients import Finding, Recorder, record
from tests.gradients.digits_runs import Functional, digits, mlp, run
from tests.gradients.nets import Tagger


def kinds(history):
    return [f.kind for f in history.diagnose()]


HEALTHY = {
    "mlp, Adam": (mlp, lambda p: torch.optim.Adam(p, 1e-3), {}),
    "mlp, SGD": (mlp, lambda p: torch.optim.SGD(p, 0.1), {}),
    "tanh, momentum": (lambda: mlp(nn.Tanh), lambda p: torch.optim.SGD(p, 0.05, momentum=0.9), {}),
    "deep with ReLU and norms": (
        lambda: nn.Sequential(
            *[m for _ in range(8) for m in (nn.Linear(64, 64), nn.LayerNorm(64), nn.ReLU())], nn.Linear(64, 10)
        ),
        lambda p: torch.optim.AdamW(p, 1e-3),
        {},
    ),
    "cnn": (
        lambda: nn.Sequential(
            nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 16, 3), nn.BatchNorm2d(16), nn.ReLU(inplace=True),
            nn.Conv2d(16, 16, 3), nn.ReLU(), nn.Flatten(), nn.Linear(256, 10),
        ),
        lambda p: torch.optim.Adam(p, 1e-3),
        {},
    ),
    "small batches": (mlp, lambda p: torch.optim.SGD(p, 0.02), {"batch": 2}),
    "clipped": (mlp, lambda p: torch.optim.SGD(p, 0.1), {"clip": 0.5}),
    "ReLU as a function": (Functional, lambda p: torch.optim.Adam(p, 1e-3), {}),
    "long, to the end": (mlp, lambda p: torch.optim.Adam(p, 3e-3), {"steps": 800, "every": 40}),
    "one sampled step": (mlp, lambda p: torch.optim.SGD(p, 0.1), {"steps": 1}),
}  # fmt: skip


@pytest.mark.parametrize("name", HEALTHY)
@pytest.mark.parametrize("seed", [0, 1])
def test_a_healthy_network_gives_no_finding(name, seed):
    build, make, options = HEALTHY[name]
    torch.manual_seed(seed)
    model = build()
    assert run(model, make(model.parameters()), **options).diagnose() == []


def test_a_healthy_embedding_is_not_taken_for_a_vanishing_layer():
    torch.manual_seed(0)
    model = Tagger()
    model.embed = nn.Embedding(5000, 6)
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    ids = torch.randint(0, 5000, (16, 7))
    with record(model, optimizer, every=2) as rec:
        for _ in range(20):
            optimizer.zero_grad()
            F.cross_entropy(model(ids), ids[:, 0] % 3).backward()
            optimizer.step()
    assert rec.history.diagnose() == []


def test_only_the_words_that_were_there_count_for_an_embedding():
    rec = Recorder()
    rare = np.zeros((2000, 2))
    rare[[3, 900]] = 1.0  # two words of 2,000 in the batch
    rec.step(grads={"embed": rare, "head": np.full((4, 4), 50.0)})
    assert rec.history.diagnose() == []


def test_vanishing_in_a_deep_sigmoid_network():
    torch.manual_seed(0)
    model = mlp(nn.Sigmoid, (64,) * 9)
    found = run(model, torch.optim.SGD(model.parameters(), 0.5)).diagnose()
    assert found[0].kind == "vanishing"
    assert found[0].layer == "0.weight"
    assert "14.weight" in found[0].evidence or "16.weight" in found[0].evidence
    assert "ReLU" in found[0].advice


def test_exploding_as_a_jump_in_time():
    rec = Recorder()
    for size in (1.0, 1.2, 0.9, 1.1, 500.0, 1.0):
        rec.step(grads={"w": np.full((2, 2), size)}, params={"w": np.ones((2, 2))})
    (found,) = [f for f in rec.history.diagnose() if f.kind == "exploding"]
    assert "step 4" in found.evidence
    assert "clip" in found.advice


def test_exploding_towards_the_input_in_a_recurrent_way():
    """The same large matrix at every layer: each gradient is the later layers' product times an input that
    was tamed.
    """
    torch.manual_seed(0)

    class Tamed(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleList(nn.Linear(32, 32, bias=False) for _ in range(6))
            for layer in self.layers:
                nn.init.orthogonal_(layer.weight, gain=5.0)

        def forward(self, x):
            for layer in self.layers:
                x = layer(x)
                x = x + (x / x.norm(dim=1, keepdim=True) - x).detach()  # length 1 forward, all of the slope backward
            return x

    model = Tamed()
    optimizer = torch.optim.SGD(model.parameters(), 1e-6)
    with record(model, optimizer, every=1) as rec:
        model(torch.randn(16, 32)).sum().backward()
        optimizer.step()
    (found,) = [f for f in rec.history.diagnose() if f.kind == "exploding"]
    assert found.layer == "layers.0.weight"


def test_exploding_by_layer():
    rec = Recorder()
    rng = np.random.default_rng(0)
    for _ in range(4):
        grads = {f"w{i}": rng.normal(size=(8, 8)) * 10.0 ** (-i) for i in range(5)}
        rec.step(grads=grads, params={k: np.ones((8, 8)) for k in grads})
    (found,) = [f for f in rec.history.diagnose() if f.kind == "exploding"]
    assert found.layer == "w0"


@pytest.mark.parametrize("build", [mlp, Functional])
def test_dead_relu_as_a_layer_and_as_a_function(build):
    torch.manual_seed(0)
    model = build()
    first = model[0] if isinstance(model, nn.Sequential) else model.a
    with torch.no_grad():
        first.bias[:50] = -100.0
    found = run(model, torch.optim.SGD(model.parameters(), 0.05)).diagnose()
    (dead,) = [f for f in found if f.kind == "dead ReLU"]
    assert dead.layer == ("1" if build is mlp else "a.bias")
    assert "%" in dead.evidence
    assert "LeakyReLU" in dead.advice


def test_saturated_sigmoid():
    torch.manual_seed(0)
    model = mlp(nn.Sigmoid)
    with torch.no_grad():
        model[0].weight.mul_(100)
    found = run(model, torch.optim.SGD(model.parameters(), 0.01)).diagnose()
    assert [(f.kind, f.layer) for f in found if f.kind == "saturated"] == [("saturated", "1")]


@pytest.mark.parametrize(("lr", "kind"), [(30.0, "update too large"), (1e-7, "update too small")])
def test_update_ratio_out_of_band(lr, kind):
    torch.manual_seed(0)
    model = mlp(nn.Tanh)
    found = run(model, torch.optim.SGD(model.parameters(), lr), clip=1.0 if lr > 1 else None).diagnose()
    assert kind in [f.kind for f in found]


def test_no_gradient_frozen_detached_and_forgotten():
    torch.manual_seed(0)
    x, y = digits()

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.detached, self.frozen, self.forgotten, self.head = (nn.Linear(64, 64) for _ in range(4))
            self.frozen.requires_grad_(False)

        def forward(self, x):
            h = self.detached(x).detach()
            return self.head(F.relu(self.forgotten(F.relu(self.frozen(h)))))

    model = Net()
    optimizer = torch.optim.SGD(
        [*model.detached.parameters(), *model.frozen.parameters(), *model.head.parameters()], lr=0.1
    )
    with record(model, optimizer, every=1) as rec:
        for _ in range(3):
            optimizer.zero_grad()
            F.cross_entropy(model(x[:50]), y[:50]).backward()
            optimizer.step()
    found = {f.layer: f for f in rec.history.diagnose() if f.kind == "no gradient"}
    assert found.keys() == {"detached.weight", "frozen.weight", "forgotten.weight"}
    assert "None" in found["detached.weight"].evidence
    assert "requires_grad" in found["frozen.weight"].evidence
    assert "no optimizer" in found["forgotten.weight"].evidence
    assert "1 more" in found["frozen.weight"].evidence, "its bias"


def test_nan_from_the_forward_pass_names_the_first_layer():
    class Log(nn.Module):
        def forward(self, x):
            return torch.log(x - 0.5)  # negative for many

    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(64, 32), nn.Sigmoid(), Log(), nn.Linear(32, 10))
    found = run(model, torch.optim.SGD(model.parameters(), 0.1), steps=6, every=1).diagnose()
    assert found[0].kind == "non-finite"
    assert found[0].layer == "2"
    assert "at step 0" in found[0].evidence
    assert "forward" in found[0].evidence


def test_nan_from_the_backward_pass_names_the_parameter_nearest_to_it():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4, bias=False))
    optimizer = torch.optim.SGD(model.parameters(), 1e-3)
    with record(model, optimizer, every=1) as rec:
        for broken in (False, True):
            optimizer.zero_grad()
            out = model(torch.ones(3, 4))
            # the slope of the square root at 0 is infinite, and 0 · inf is NaN
            loss = (out - (out.detach() if broken else 0)).square().sum().sqrt()
            loss.backward()
            optimizer.step()
    found = rec.history.diagnose()
    assert [(f.kind, f.layer) for f in found] == [("non-finite", "2.weight")]
    assert "at step 1" in found[0].evidence
    assert "back" in found[0].evidence


def test_after_divergence_only_the_steps_before_are_judged():
    torch.manual_seed(0)
    model = mlp()
    found = run(model, torch.optim.SGD(model.parameters(), 1e6), steps=40, every=1).diagnose()
    assert found[0].kind == "non-finite"
    assert "no gradient" not in [f.kind for f in found]


def test_what_follows_a_nan_is_not_judged():
    rec = Recorder()
    for size in (1.0, 1.1, 0.9, 1.0, np.nan, 1e6):
        rec.step(grads={"w": np.full((2, 2), size)}, params={"w": np.ones((2, 2))})
    assert kinds(rec.history) == ["non-finite"], "the jump at the last step is a consequence"


def test_everything_nan_from_the_start_is_one_finding():
    rec = Recorder()
    for _ in range(3):
        rec.step(grads={"w": np.full((3, 3), np.nan)}, params={"w": np.full((3, 3), np.nan)}, loss=np.nan)
    assert kinds(rec.history) == ["non-finite"]


def gan(lr_d, saturating, steps=400):
    """Points around (4, 4) against a generator that starts around 0."""
    torch.manual_seed(0)
    g = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
    d = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
    opt_g, opt_d = torch.optim.Adam(g.parameters(), 1e-3), torch.optim.Adam(d.parameters(), lr_d)
    with record({"G": g, "D": d}, [opt_g, opt_d], every=10) as rec:
        for _ in range(steps):
            z, real = torch.randn(64, 2), torch.randn(64, 2) * 0.3 + 4
            opt_d.zero_grad()
            (F.softplus(-d(real)).mean() + F.softplus(d(g(z).detach())).mean()).backward()
            opt_d.step()
            opt_g.zero_grad()
            logits = d(g(z))
            (-F.softplus(logits) if saturating else F.softplus(-logits)).mean().backward()
            opt_g.step()
    return rec.history


def test_a_starved_generator_is_named():
    found = [f for f in gan(lr_d=5e-2, saturating=True).diagnose() if f.kind == "imbalance"]
    assert "G" in [f.layer for f in found]
    assert "non-saturating" in found[0].advice


def test_a_discriminator_that_has_won_is_named_too():
    found = [f for f in gan(lr_d=5e-2, saturating=False, steps=150).diagnose() if f.kind == "imbalance"]
    assert [f.layer for f in found] == ["D"]


@pytest.mark.parametrize("saturating", [True, False])
def test_a_game_in_balance_is_not(saturating):
    assert gan(lr_d=1e-3, saturating=saturating).diagnose() == []


def test_an_empty_history_says_why():
    (found,) = Recorder().history.diagnose()
    assert found.kind == "nothing recorded"
    assert "optimizer.step()" in found.advice


def test_a_finding_is_four_texts_and_frozen():
    finding = Finding("w", "vanishing", "small.", "more.")
    assert str(finding) == "w: vanishing. small. Try: more."
    with pytest.raises(AttributeError):
        finding.kind = "x"
