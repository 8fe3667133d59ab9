"""Recording a PyTorch model: what it sees, against the same loop measured by hand."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlcourse_utils.errors import CourseError
from dlcourse_utils.gradients import record
from tests.gradients.nets import Tagger, cnn, images, train


def test_norms_before_and_after_clipping_and_the_update():
    torch.manual_seed(0)
    model = cnn()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    x, y = images()
    raw, clipped, weight, update = [], [], [], []
    with record(model, optimizer, every=1) as rec:
        for _ in range(3):
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            raw.append([p.grad.norm().item() for p in model.parameters()])
            nn.utils.clip_grad_norm_(model.parameters(), 0.1)
            clipped.append([p.grad.norm().item() for p in model.parameters()])
            weight.append([p.detach().norm().item() for p in model.parameters()])
            old = [p.detach().clone() for p in model.parameters()]
            optimizer.step()
            update.append([(p.detach() - o).norm().item() for p, o in zip(model.parameters(), old, strict=True)])
    h = rec.history
    assert h.params == tuple(n for n, _ in model.named_parameters())
    np.testing.assert_allclose(h["raw_grad_norm"], raw, rtol=1e-5)
    np.testing.assert_allclose(h["grad_norm"], clipped, rtol=1e-5)
    np.testing.assert_allclose(h["weight_norm"], weight, rtol=1e-5)
    np.testing.assert_allclose(h["update_norm"], update, rtol=1e-5)
    np.testing.assert_allclose(h["learning_rate"], 0.5)


def test_activations_and_their_gradients_with_an_inplace_relu():
    torch.manual_seed(1)
    model = cnn(inplace=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    with record(model, optimizer, every=1) as rec:
        train(model, optimizer, 1)
    h = rec.history
    # the same by hand, out of place, with retained gradients
    x, y = images()
    a = model[0](x)
    b = model[1](a)
    c = torch.relu(b)
    logits = model[5](model[3](c).flatten(1))
    for t in (a, b, c, logits):
        t.retain_grad()
    F.cross_entropy(logits, y).backward()
    for name, t in {"0": a, "1": b, "2": c, "5": logits}.items():
        assert h.series("activation_rms", name)[0] == pytest.approx(t.detach().square().mean().sqrt().item(), rel=1e-4)
        assert h.series("gradient_rms", name)[0] == pytest.approx(t.grad.square().mean().sqrt().item(), rel=1e-4), name
    assert h.series("activation_zero", "2")[0] == pytest.approx((c == 0).float().mean().item(), abs=1e-6)
    assert h.kinds == ("Conv2d", "BatchNorm2d", "ReLU", "Linear"), "pooling and flattening are left out"


def test_histograms_describe_the_gradient():
    torch.manual_seed(2)
    model = cnn()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with record(model, optimizer, every=1) as rec:
        train(model, optimizer, 1)
    g = model[5].weight.grad.abs().flatten().sort().values.numpy()
    h = rec.history
    assert h.series("grad_quantiles", "5.weight")[0, 2] == pytest.approx(np.median(g), rel=0.05)
    assert h.series("grad_histogram", "5.weight")[0].sum() == pytest.approx(1.0)


def test_only_sampled_steps_cost_hooks():
    model = cnn()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = images()
    armed = []
    with record(model, optimizer, every=3) as rec:
        for _ in range(7):
            armed.append(len(model[0]._forward_hooks))
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
    assert armed == [1, 0, 0, 1, 0, 0, 1]
    assert rec.history.steps.tolist() == [0, 3, 6]


def test_a_reused_module_is_seen_at_every_pass():
    torch.manual_seed(3)
    cell = nn.Sequential(nn.Linear(4, 4), nn.ReLU())
    optimizer = torch.optim.SGD(cell.parameters(), lr=0.1)
    x = torch.randn(5, 4)
    with record(cell, optimizer, every=1) as rec:
        first = cell(x)
        second = cell(first)
        second.sum().backward()
        optimizer.step()
    both = torch.cat([first, second]).detach()
    h = rec.history
    assert h.series("activation_rms", "1")[0] == pytest.approx(both.square().mean().sqrt().item(), rel=1e-5)
    never = ((first <= 0).all(0) & (second <= 0).all(0)).float().mean().item()
    assert h.series("activation_dead", "1")[0] == pytest.approx(never), "silent in both passes"


def test_frozen_layers_have_weights_but_no_gradient():
    model = cnn()
    model[0].requires_grad_(False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with record(model, optimizer, every=1) as rec:
        train(model, optimizer, 2)
    h = rec.history
    assert h.trainable.tolist() == [False, False, True, True, True, True]
    assert (h.series("grad_missing", "0.weight") == 1).all()
    assert np.isnan(h.series("update_norm", "0.weight")).all()
    assert (h.series("weight_norm", "0.weight") > 0).all()


def test_gradient_accumulation_sees_the_sum():
    torch.manual_seed(4)
    model = cnn()
    model[1].eval()  # batch statistics would differ between halves and whole
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = images()
    whole = torch.autograd.grad(F.cross_entropy(model(x), y), list(model.parameters()))
    expected = [g.norm().item() for g in whole]
    with record(model, optimizer, every=1) as rec:
        for half in (slice(0, 6), slice(6, 12)):
            (F.cross_entropy(model(x[half]), y[half]) / 2).backward()
        nn.utils.clip_grad_value_(model.parameters(), 1e-4)
        optimizer.step()
    h = rec.history
    np.testing.assert_allclose(h["raw_grad_norm"][0], expected, rtol=1e-4)
    assert (h["grad_norm"][0] < h["raw_grad_norm"][0]).all()


def test_several_optimizers_each_with_its_own_clock():
    torch.manual_seed(5)
    critic, generator = nn.Linear(2, 1), nn.Linear(3, 2)
    opt_c = torch.optim.SGD(critic.parameters(), lr=0.01)
    opt_g = torch.optim.SGD(generator.parameters(), lr=0.02)
    with record({"D": critic, "G": generator}, {"D": opt_c, "G": opt_g}, every=2) as rec:
        for _ in range(4):
            for _ in range(3):
                opt_c.zero_grad()
                critic(generator(torch.randn(4, 3)).detach()).sum().backward()
                opt_c.step()
            opt_g.zero_grad()
            critic(generator(torch.randn(4, 3))).sum().backward()
            opt_g.step()
    h = rec.history
    assert h.params == ("D.weight", "D.bias", "G.weight", "G.bias")
    assert h.optimizers == ("D", "D", "G", "G")
    assert h.param_models == ("D", "D", "G", "G")
    assert h.steps.tolist() == [0, 2, 4, 6, 8, 10]
    assert np.isfinite(h.series("grad_norm", "D.weight")).all()
    assert np.isfinite(h.series("grad_norm", "G.weight")).tolist() == [True, True, False, False, False, False]


def test_gradients_are_tagged_by_the_loss_that_made_them():
    torch.manual_seed(6)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    real, fake = torch.randn(5, 3), torch.randn(7, 3)
    with record(model, optimizer, every=1) as rec:
        optimizer.zero_grad()
        with rec.loss("real"):
            model(real).square().mean().backward()
        with rec.loss("fake"):
            (2 * model(fake)).mean().backward()
            (3 * model(fake)).mean().backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1e-3)
        optimizer.step()
    h = rec.history
    (real_w, _) = torch.autograd.grad(model(real).square().mean(), list(model.parameters()))
    (fake_w, _) = torch.autograd.grad((5 * model(fake)).mean(), list(model.parameters()))
    assert h.tags == ("real", "fake")
    np.testing.assert_allclose(h.of_tags[0, :, 0], [real_w.norm().item(), fake_w.norm().item()], rtol=1e-5)


def test_logged_numbers_stand_beside():
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    with record(model, optimizer, every=2) as rec:
        for i in range(4):
            loss = model(torch.ones(1, 3)).sum()
            loss.backward()
            rec.log(loss=loss, step=i)
            optimizer.step()
    assert rec.history.scalars["step"].tolist() == [0, 2]
    assert np.isfinite(rec.history.scalars["loss"]).all()


def test_a_log_of_more_than_one_number_is_one_sentence():
    model = nn.Linear(3, 1)
    with record(model, torch.optim.SGD(model.parameters(), lr=0.0)) as rec:
        for value in (torch.ones(3), "high", None):
            with pytest.raises(CourseError, match=r"log\(loss=…\) takes one number"):
                rec.log(loss=value)


def test_no_number_is_waited_for_one_by_one():
    """On a GPU each .item() waits for everything before it. None is called, and each step's tensors leave
    together.
    """
    from torch.utils._python_dispatch import TorchDispatchMode

    class Count(TorchDispatchMode):
        def __init__(self):
            super().__init__()
            self.reads = 0

        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            self.reads += "_local_scalar_dense" in str(func)
            return func(*args, **(kwargs or {}))

    torch.manual_seed(0)
    model = cnn()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = images()
    with record(model, optimizer, every=1), Count() as count:
        for _ in range(3):
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
    assert count.reads == 0


def test_an_optimizer_with_a_closure():
    torch.manual_seed(7)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=3)
    x = torch.randn(8, 3)

    def closure():
        optimizer.zero_grad()
        loss = model(x).square().mean()
        loss.backward()
        return loss

    with record(model, optimizer, every=1) as rec:
        optimizer.step(closure)
    h = rec.history
    assert (h["grad_norm"] > 0).all()
    assert (h["update_norm"] > 0).all()


@pytest.mark.parametrize("fused", [False, True])
def test_the_amp_scale_is_taken_out(fused):
    torch.manual_seed(8)
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, fused=fused)
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
    x = torch.randn(6, 4)
    expected = torch.autograd.grad(model(x).square().mean(), model.weight)[0].norm().item()
    with record(model, optimizer, every=1, scaler=scaler) as rec:
        scaler.scale(model(x).square().mean()).backward()
        scaler.step(optimizer)
        scaler.update()
    h = rec.history
    assert h.series("raw_grad_norm", "weight")[0] == pytest.approx(expected, rel=1e-4)
    assert h.series("grad_norm", "weight")[0] == pytest.approx(expected, rel=1e-4)
    assert h.series("grad_quantiles", "weight")[0, -1] <= expected


def test_a_step_that_the_scaler_skips_is_not_recorded():
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=4.0)
    with record(model, optimizer, every=1, scaler=scaler) as rec:
        for factor in (float("inf"), 1.0):
            optimizer.zero_grad()
            scaler.scale((model(torch.ones(2, 4)) * factor).sum()).backward()
            scaler.step(optimizer)
            scaler.update()
    h = rec.history
    assert len(h) == 1
    assert h.first_nonfinite() is None, "what the skipped step saw is gone"


def test_evaluation_passes_are_not_training():
    model = cnn()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = images()
    with record(model, optimizer, every=1) as rec:
        with torch.no_grad():
            model(x * 1000)
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    assert rec.history.series("activation_rms", "0")[0] < 10


def test_an_lstm_says_why_its_output_gradient_is_left_out():
    torch.manual_seed(9)
    model = Tagger()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    ids = torch.randint(0, 20, (4, 7))
    with record(model, optimizer, every=1) as rec:
        train(model, optimizer, 1, (ids, torch.tensor([0, 1, 2, 0])))
    h = rec.history
    assert np.isfinite(h.series("activation_rms", "lstm")).all()
    assert np.isnan(h.series("gradient_rms", "lstm")).all()
    assert any("through_time" in note for note in h.notes)


def test_sparse_gradients():
    torch.manual_seed(10)
    model = nn.Embedding(9, 3, sparse=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with record(model, optimizer, every=1) as rec:
        model(torch.tensor([1, 2, 2])).sum().backward()
        optimizer.step()
    assert rec.history["grad_norm"][0, 0] == pytest.approx((3 * 1 + 3 * 4) ** 0.5)


def test_a_gradient_too_long_for_single_precision_is_not_called_broken():
    model = nn.Linear(2, 2, bias=False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    with record(model, optimizer, every=1) as rec:
        model.weight.grad = torch.full((2, 2), 1e25)
        optimizer.step()
    assert rec.history["grad_norm"][0, 0] == pytest.approx(2e25)
    assert rec.history.first_nonfinite() is None


def test_one_broken_element_among_many_is_never_missed():
    model = nn.Linear(1000, 1000, bias=False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    with record(model, optimizer, every=1) as rec:
        model.weight.grad = torch.zeros(1000, 1000)
        model.weight.grad[517, 3] = float("nan")
        optimizer.step()
    assert rec.history["grad_nonfinite"][0, 0] > 0


def test_attention_is_one_layer():
    model = nn.ModuleDict({"attn": nn.MultiheadAttention(8, 2, batch_first=True)})
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x = torch.randn(2, 5, 8)
    with record(model, optimizer, every=1) as rec:
        model["attn"](x, x, x)[0].sum().backward()
        optimizer.step()
    assert rec.history.layers == ("attn",)
    assert np.isfinite(rec.history["gradient_rms"]).all()


def test_bad_arguments_are_one_sentence():
    model, other = nn.Linear(2, 2), nn.Linear(2, 2)
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    cases = [
        ((nn.ReLU(), sgd), "has no parameters"),
        ((other, sgd), "updates none of this model's parameters"),
        ((model, None), "needs the optimizer"),
        ((model, []), "at least one optimizer"),
        ((np.ones(3), sgd), "not a torch.nn.Module"),
        (({"G": model, "D": other}, [sgd]), "No optimizer given updates the model 'D'"),
        ((nn.LazyLinear(3), sgd), "lazy"),
    ]
    for args, words in cases:
        with pytest.raises(CourseError, match=words):
            record(*args)
    with pytest.raises(CourseError, match="every"):
        record(model, sgd, every=0)
    with record(model, sgd) as rec, pytest.raises(CourseError, match="already running"):
        rec.__enter__()
