"""Healthy runs leave `diagnose` silent, also those that start a little rough or end quietly."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlcourse_utils.gradients import Recorder, record
from tests.gradients.digits_runs import Functional, digits, mlp, run

SEEDS = [0, 1, 2, 3]


def rates(schedule, lr=0.1):
    """Set the learning rate to lr · schedule(step) before each step."""

    def change(step, model, optimizer):
        optimizer.param_groups[0]["lr"] = lr * schedule(step)
        return 1.0

    return change


def scaled_weights(factor):
    def build():
        model = mlp()
        with torch.no_grad():
            for p in model.parameters():
                p.mul_(factor)
        return model

    return build


def one_hard_batch(step, model, optimizer):
    """A batch in the middle whose loss weighs twenty times as much."""
    return 20.0 if step == 60 else 1.0


def unfreeze(step, model, optimizer):
    model[0].requires_grad_(step >= 60)
    return 1.0


def hinge(scores, y):
    return F.multi_margin_loss(scores, y)


def decoded(model_out, y):
    return F.mse_loss(model_out, F.one_hot(y, 10).float())


HEALTHY = {
    "too large weights at first": (scaled_weights(3.0), 0.01, {}),
    "too small weights at first": (scaled_weights(0.5), 0.1, {}),
    "a rate too large for the first steps": (mlp, 0.1, {"change": rates(lambda s: 10 if s < 5 else 1), "clip": 1.0}),
    "warm-up from zero": (mlp, 0.1, {"change": rates(lambda s: min(s / 40, 1))}),
    "cosine to zero": (mlp, 0.1, {"change": rates(lambda s: 0.5 + 0.5 * np.cos(np.pi * s / 120))}),
    "line to zero": (mlp, 0.1, {"change": rates(lambda s: 1 - s / 119)}),
    "steps down by ten": (mlp, 0.2, {"change": rates(lambda s: 0.1 ** (s // 40), 0.2)}),
    "a rate that dwindles": (mlp, 0.1, {"change": rates(lambda s: 1e-4 ** (s / 120))}),
    "one hard batch": (mlp, 0.05, {"change": one_hard_batch, "clip": 1.0}),
    "unfrozen half-way": (mlp, 0.1, {"change": unfreeze}),
    "two samples a batch": (mlp, 0.02, {"batch": 2}),
    "two samples, ReLU as a function": (Functional, 0.02, {"batch": 2}),
    "one sample a batch": (mlp, 0.01, {"batch": 1}),
    "squared errors": (lambda: mlp(nn.Tanh), 0.1, {"loss_function": decoded}),
    "hinge loss, learned by heart": (mlp, 0.2, {"loss_function": hinge, "steps": 600, "every": 20, "batch": 8}),
    "sigmoid": (lambda: mlp(nn.Sigmoid), 0.1, {}),
    "few samples": (mlp, 0.05, {"steps": 40, "every": 10}),
    "every step": (mlp, 0.05, {"steps": 60, "every": 1, "batch": 8}),
}


@pytest.mark.parametrize("name", HEALTHY)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_healthy_run_gives_no_finding(name, seed):
    build, lr, options = HEALTHY[name]
    torch.manual_seed(seed)
    model = build()
    assert run(model, torch.optim.SGD(model.parameters(), lr), **options).diagnose() == []


@pytest.mark.parametrize("loss_function", [F.cross_entropy, hinge])
@pytest.mark.parametrize("seed", SEEDS)
def test_learning_to_the_very_end_gives_no_finding(seed, loss_function):
    """Forty samples by heart: loss and gradients go down and down, and the updates with them; a hinge loss to 0."""
    torch.manual_seed(seed)
    model = mlp()
    optimizer = torch.optim.SGD(model.parameters(), 0.2)
    x, y = (t[:40] for t in digits())
    with record(model, optimizer, every=40) as rec:
        for _ in range(1500):
            optimizer.zero_grad()
            loss = loss_function(model(x), y)
            loss.backward()
            rec.log(loss=loss)
            optimizer.step()
    end = rec.history.scalars["loss"][-1]
    assert end == 0 if loss_function is hinge else end < 1e-3
    assert rec.history.diagnose() == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_layer_that_only_some_batches_need_gives_no_finding(seed):
    """An expert that every third batch asks, by chance: its gradient is None or zero in between."""

    class Experts(nn.Module):
        def __init__(self):
            super().__init__()
            self.experts, self.head = nn.ModuleList(nn.Linear(64, 32) for _ in range(3)), nn.Linear(32, 10)

        def forward(self, x):
            return self.head(torch.tanh(self.experts[int(torch.randint(3, ()))](x)))

    torch.manual_seed(seed)
    model = Experts()
    assert run(model, torch.optim.SGD(model.parameters(), 0.1)).diagnose() == []


def test_a_gradient_of_which_no_sampled_element_is_filled_is_not_zero():
    """One word of 50,000: all 4,096 elements that are looked at are zero, its norm is not."""
    rec = Recorder()
    embedding = np.zeros((50_000, 4))
    embedding[12_345] = 1.0
    for _ in range(4):
        rec.step(grads={"embed": embedding})
    assert rec.history["grad_zero"].min() == 1.0, "or this test says nothing"
    assert rec.history.diagnose() == []
