"""Recording on a GPU: the same numbers as on the CPU, no waiting between samples, not a bit changed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlcourse_utils.gradients import record
from tests.gradients.nets import images, train


@pytest.fixture(autouse=True)
def _a_gpu(needs_part):
    needs_part("cuda")


def mlp():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 3))


def trained(device, recorded=True, steps=5):
    model = mlp().to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = (t.to(device) for t in images())
    if not recorded:
        return train(model, optimizer, steps, (x, y), clip=0.5), model, None
    with record(model, optimizer, every=2) as rec:
        losses = train(model, optimizer, steps, (x, y), clip=0.5)
    return losses, model, rec.history


def test_the_history_is_the_cpus():
    _, _, here = trained("cpu")
    _, _, there = trained("cuda")
    for table in ("grad_norm", "raw_grad_norm", "weight_norm", "update_norm", "activation_rms", "gradient_rms"):
        np.testing.assert_allclose(there[table], here[table], rtol=1e-3, err_msg=table)
    assert there.silent["2"].shape == here.silent["2"].shape


def test_training_is_bit_equal():
    losses, model, _ = trained("cuda", recorded=False)
    losses_too, model_too, _ = trained("cuda")
    assert losses == losses_too
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), model_too.parameters(), strict=True))


def test_nothing_waits_for_the_gpu_but_the_end_of_a_sampled_step():
    model = mlp().cuda()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = (t.cuda() for t in images())
    with record(model, optimizer, every=2) as rec:
        train(model, optimizer, 3, (x, y))  # now the positions of the samples lie on the GPU
        torch.cuda.set_sync_debug_mode("error")
        try:
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()  # between two samples
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()  # of a sampled step
        finally:
            torch.cuda.set_sync_debug_mode("default")
        optimizer.step()
    assert rec.history.steps.tolist() == [0, 2, 4]
