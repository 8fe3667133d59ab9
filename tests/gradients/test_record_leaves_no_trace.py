"""Recording never changes a result, and is gone when its block is."""

import copy
import io
import pickle
import subprocess
import sys

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlcourse_utils.gradients import record
from tests.gradients.nets import Tagger, cnn, hook_count, images, optimizer_hook_count, train


def text_batch():
    g = torch.Generator().manual_seed(1)
    return torch.randint(0, 20, (6, 7), generator=g), torch.randint(0, 3, (6,), generator=g)


def mlp():
    return nn.Sequential(nn.Linear(64, 32), nn.Dropout(0.5), nn.ReLU(), nn.Linear(32, 3))


def mlp_batch():
    x, y = images()
    return x.flatten(1), y


SETUPS = {
    "cnn, in-place ReLU, SGD with momentum": (cnn, images, lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)),
    "mlp, dropout, Adam": (mlp, mlp_batch, lambda p: torch.optim.Adam(p, lr=0.01)),
    "lstm, AdamW, fused": (Tagger, text_batch, lambda p: torch.optim.AdamW(p, lr=0.01, fused=True)),
}


@pytest.mark.parametrize("name", SETUPS)
@pytest.mark.parametrize("clip", [None, 0.5])
def test_training_is_bit_equal(name, clip):
    build, batch, make = SETUPS[name]

    def run(recorded):
        torch.manual_seed(0)
        model = build()
        optimizer = make(model.parameters())
        if recorded:
            with record(model, optimizer, every=2) as rec:
                losses = train(model, optimizer, 7, batch(), clip)
            assert len(rec.history) == 4
        else:
            losses = train(model, optimizer, 7, batch(), clip)
        return losses, [p.detach().clone() for p in model.parameters()], torch.get_rng_state()

    losses, weights, state = run(False)
    losses_too, weights_too, state_too = run(True)
    assert losses == losses_too
    assert all(torch.equal(a, b) for a, b in zip(weights, weights_too, strict=True))
    assert torch.equal(state, state_too), "not one random number was drawn"


def test_tags_do_not_change_the_result_either():
    def run(tagged):
        torch.manual_seed(0)
        model = cnn()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
        x, y = images()
        with record(model, optimizer, every=1) as rec:
            for _ in range(3):
                optimizer.zero_grad()
                for tag, half in (("a", slice(0, 6)), ("b", slice(6, 12))):
                    loss = F.cross_entropy(model(x[half]), y[half])
                    if tagged:
                        with rec.loss(tag):
                            loss.backward()
                    else:
                        loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), 0.2)
                optimizer.step()
        return [p.detach().clone() for p in model.parameters()]

    assert all(torch.equal(a, b) for a, b in zip(run(False), run(True), strict=True))


def test_hooks_are_gone_after_the_block_and_after_an_exception():
    model = cnn()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with record(model, optimizer, every=1):
        train(model, optimizer, 2)
        assert hook_count(model) > 0
    assert hook_count(model) == 0
    assert optimizer_hook_count(optimizer) == 0
    rec = record(model, optimizer, every=1)

    def fail_half_way():
        with rec:
            train(model, optimizer, 1)
            with rec.loss("half"):
                F.cross_entropy(model(images()[0]), images()[1]).backward()
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert hook_count(model) == 0
    assert optimizer_hook_count(optimizer) == 0
    assert len(rec.history) == 1, "the half step is not in the book, the whole one is"


def test_a_layer_that_returns_its_own_parameter_keeps_no_hook():
    class Constant(nn.Module):
        def __init__(self):
            super().__init__()
            self.value = nn.Parameter(torch.ones(3))

        def forward(self):
            return self.value

    model = Constant()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with record(model, optimizer, every=1):
        model().sum().backward()
        optimizer.step()
        model()
    assert hook_count(model) == 0


def test_a_graph_from_inside_may_be_used_after_the_block():
    model = cnn()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = images()
    with record(model, optimizer, every=1) as rec:
        loss = F.cross_entropy(model(x), y)
    loss.backward()
    assert len(rec.history) == 0


LOAD = """
import pickle, sys
sys.modules["dlcourse_utils"] = None  # not installed here
model = pickle.load(open(sys.argv[1], "rb"))
import torch
print(model(torch.ones(1, 1, 8, 8)).shape)
"""


def test_a_model_pickled_while_recorded_carries_nothing_of_ours(tmp_path):
    model = cnn()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    file = tmp_path / "model.pickle"
    with record(model, optimizer, every=1) as rec:
        train(model, optimizer, 1)
        file.write_bytes(pickle.dumps(model))
        torch.save(model, io.BytesIO())
        twin = copy.deepcopy(model)
        train(model, optimizer, 1)
    train(twin, torch.optim.SGD(twin.parameters(), lr=0.1), 3)
    assert len(rec.history) == 2, "the twin's steps are not the model's"
    done = subprocess.run([sys.executable, "-c", LOAD, str(file)], capture_output=True, text=True, check=False)
    assert "torch.Size([1, 3])" in done.stdout, done.stderr


def test_two_recordings_at_once_see_the_same():
    torch.manual_seed(0)
    model = cnn()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with record(model, optimizer, every=1) as a, record(model, optimizer, every=2) as b:
        train(model, optimizer, 3)
    assert (a.history["grad_norm"][::2] == b.history["grad_norm"]).all()


def test_a_compiled_model_says_what_it_cannot_show():
    torch.manual_seed(0)
    model = cnn(inplace=False)
    compiled = torch.compile(model, backend="aot_eager")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with (
        pytest.warns(UserWarning, match="Activations inside torch.compile'd"),
        record(compiled, optimizer, every=1) as rec,
    ):
        train(compiled, optimizer, 2)
    h = rec.history
    assert h.params[0] == "0.weight", "without the wrapper's name"
    assert (h.series("raw_grad_norm", "0.weight") > 0).all()
    assert (h.series("update_norm", "0.weight") > 0).all()
    assert h.layers == ()
    assert any("compile" in note for note in h.notes)
