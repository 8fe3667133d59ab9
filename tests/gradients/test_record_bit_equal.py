"""Recording changes no bit of a result, whatever the training loop does."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlcourse_utils.gradients import record
from tests.gradients.nets import Tagger, cnn, images, train


def accumulate(watch):
    model = cnn()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    x, y = images()
    with watch(model, optimizer):
        for _ in range(5):
            optimizer.zero_grad()
            for part in (slice(0, 4), slice(4, 8), slice(8, 12)):
                (F.cross_entropy(model(x[part]), y[part]) / 3).backward()
            nn.utils.clip_grad_value_(model.parameters(), 1e-3)
            optimizer.step()
    return [model]


def scaled_and_clipped(watch):
    model = cnn()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**14, growth_interval=2)
    x, y = images()
    with watch(model, optimizer, scaler=scaler):
        for step in range(6):
            optimizer.zero_grad()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = F.cross_entropy(model(x), y)
            scaler.scale(loss * (float("inf") if step == 3 else 1.0)).backward()
            scaler.unscale_(optimizer)
            nn.utils.clip_grad_norm_(model.parameters(), 0.5)
            scaler.step(optimizer)
            scaler.update()
    return [model]


def a_closure(watch):
    model = nn.Sequential(nn.Linear(64, 5), nn.Tanh(), nn.Linear(5, 3))
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=3, line_search_fn="strong_wolfe")
    x, y = images()

    def closure():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x.flatten(1)), y)
        loss.backward()
        return loss

    with watch(model, optimizer):
        for _ in range(4):
            optimizer.step(closure)
    return [model]


def a_game(watch):
    g = nn.Sequential(nn.Linear(2, 8), nn.ReLU(inplace=True), nn.Linear(8, 2))
    d = nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1))
    opt_g, opt_d = torch.optim.Adam(g.parameters(), 1e-2), torch.optim.RMSprop(d.parameters(), 1e-3)
    with watch({"G": g, "D": d}, [opt_g, opt_d]) as rec:
        for _ in range(5):
            for _ in range(2):
                opt_d.zero_grad()
                with rec.loss("real"):
                    F.softplus(-d(torch.randn(16, 2))).mean().backward()
                with rec.loss("fake"):
                    F.softplus(d(g(torch.randn(16, 2)).detach())).mean().backward()
                opt_d.step()
            opt_g.zero_grad()
            F.softplus(-d(g(torch.randn(16, 2)))).mean().backward()
            opt_g.step()
    return [g, d]


def one_weight_used_twice(watch):
    model = Tagger()
    model.head = nn.Linear(6, 20, bias=False)
    model.lstm = nn.LSTM(6, 6, batch_first=True)
    model.head.weight = model.embed.weight
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    ids = torch.randint(0, 20, (6, 7))
    with watch(model, optimizer):
        train(model, optimizer, 5, (ids, ids[:, 0]))
    return [model]


def frozen_then_not(watch):
    model = cnn()
    model[0].requires_grad_(False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, weight_decay=0.01)
    with watch(model, optimizer):
        train(model, optimizer, 3)
        model[0].requires_grad_(True)
        model[5].requires_grad_(False)
        train(model, optimizer, 3)
    return [model]


def sparse(watch):
    model = nn.EmbeddingBag(30, 4, sparse=True)
    optimizer = torch.optim.SparseAdam(model.parameters(), lr=0.1)
    ids = torch.randint(0, 30, (5, 6))
    with watch(model, optimizer):
        for _ in range(4):
            optimizer.zero_grad()
            model(ids).square().sum().backward()
            optimizer.step()
    return [model]


def compiled_around_it(watch):
    model = cnn(inplace=False)
    compiled = torch.compile(model, backend="aot_eager")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with watch(model, optimizer):
        train(compiled, optimizer, 4)
    return [model]


class Unwatched:
    """Stands where the recording would."""

    def __init__(self, *args, **options):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def loss(self, tag):
        return self


LOOPS = (
    accumulate,
    scaled_and_clipped,
    a_closure,
    a_game,
    one_weight_used_twice,
    frozen_then_not,
    sparse,
    compiled_around_it,
)


@pytest.mark.parametrize("every", [1, 2])
@pytest.mark.parametrize("loop", LOOPS)
def test_not_a_bit_is_changed(loop, every):
    recordings = []

    def watch(*args, **options):
        recordings.append(record(*args, every=every, **options))
        return recordings[-1]

    def run(watch):
        torch.manual_seed(0)
        return [t for model in loop(watch) for t in model.state_dict().values()], torch.get_rng_state()

    plain, state = run(Unwatched)
    recorded, state_too = run(watch)
    assert len(recordings[0].history) >= 2
    assert (recordings[0].history["grad_norm"] > 0).any()
    assert all(torch.equal(a, b) for a, b in zip(plain, recorded, strict=True))
    assert torch.equal(state, state_too), "not one random number was drawn"
