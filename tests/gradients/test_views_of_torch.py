"""Pictures of torch models: unrolled recurrent layers, receptive fields, what a generator feels."""

import numpy as np
import pytest
import torch
from torch import nn

from dlcourse_utils.errors import CourseError
from dlcourse_utils.gradients import generator_arrows, receptive_field, through_time, unrolled
from tests.gradients.nets import hook_count

LAYERS = {
    "rnn": lambda: nn.RNN(3, 5, batch_first=True),
    "relu": lambda: nn.RNN(3, 5, nonlinearity="relu"),
    "lstm": lambda: nn.LSTM(3, 5, batch_first=True),
    "two lstms": lambda: nn.LSTM(3, 5, num_layers=2),
    "gru": lambda: nn.GRU(3, 5, bias=False, batch_first=True),
}


@pytest.mark.parametrize("name", LAYERS)
def test_unrolling_gives_the_layers_own_output_and_gradients(name):
    torch.manual_seed(0)
    rnn = LAYERS[name]().double()
    x = torch.randn(4, 7, 3, dtype=torch.float64)
    out, states = unrolled(rnn, x)
    torch.testing.assert_close(out, rnn(x)[0])
    assert len(states) == rnn.num_layers
    ours = torch.autograd.grad(out.square().sum(), list(rnn.parameters()))
    theirs = torch.autograd.grad(rnn(x)[0].square().sum(), list(rnn.parameters()))
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b)


def test_gradient_through_time_is_the_whole_one_not_the_fused_outputs():
    torch.manual_seed(0)
    rnn = nn.RNN(3, 1, bias=False, batch_first=True).double()
    x = torch.randn(1, 6, 3, dtype=torch.float64)
    view = through_time({"RNN": rnn}, x)
    h = rnn(x)[0][0, :, 0].detach().numpy()
    w = rnn.weight_hh_l0.item()
    # dL/dh_t = Π_{s > t} w (1 − h_s²), by hand
    expected = [abs(np.prod(w * (1 - h[t + 1 :] ** 2))) for t in range(6)]
    np.testing.assert_allclose(view.norms["RNN"], expected)
    fused = rnn(x)[0]
    fused.retain_grad()
    fused[:, -1].sum().backward()
    assert (fused.grad[0, :-1] == 0).all(), "what a hook on the fused output would call vanishing"
    ax = view.plot()
    assert ax.get_yscale() == "log"
    np.testing.assert_allclose(ax.get_lines()[0].get_ydata(), expected)


def test_what_cannot_be_unrolled_is_one_sentence():
    x = torch.randn(2, 3, 3)
    for rnn in (nn.LSTM(3, 5, bidirectional=True), nn.LSTM(3, 5, proj_size=2), nn.Linear(3, 5)):
        with pytest.raises(CourseError, match="unrolled"):
            unrolled(rnn, x)
    with pytest.raises(CourseError, match="three axes"):
        unrolled(nn.LSTM(3, 5), x[0])


def test_the_receptive_field_has_the_size_of_the_formula():
    torch.manual_seed(0)
    # 3×3, then 2×2 with stride 2, then 3×3: 3 + 1 + 2·2 = 8
    model = nn.Sequential(nn.Conv2d(2, 4, 3), nn.AvgPool2d(2), nn.Conv2d(4, 4, 3))
    view = receptive_field(model, (2, 20, 20), (1, 2, 3))
    assert view.box == (4, 6, 8, 8)
    assert view.weight.max() == 1.0
    ax = view.plot()
    rectangle = ax.patches[0]
    assert rectangle.get_xy() == (5.5, 3.5)
    assert (rectangle.get_width(), rectangle.get_height()) == (8, 8)
    np.testing.assert_allclose(ax.get_images()[0].get_array(), view.weight)


def test_asking_leaves_the_model_as_it_was():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
    model[1].eval()
    state = {k: v.clone() for k, v in model.state_dict().items()}
    receptive_field(model, (1, 8, 8))
    assert [m.training for m in model.modules()] == [True, True, False]
    assert all(torch.equal(v, state[k]) for k, v in model.state_dict().items())
    assert all(p.grad is None for p in model.parameters())
    assert hook_count(model) == 0


def test_a_unit_that_is_not_there_and_an_output_that_is_no_map():
    with pytest.raises(CourseError, match="no unit"):
        receptive_field(nn.Conv2d(1, 2, 3), (1, 8, 8), (2, 0, 0))
    with pytest.raises(CourseError, match="map"):
        receptive_field(nn.Flatten(), (1, 8, 8))


def test_the_generators_arrows_are_the_losses_gradients():
    d = nn.Linear(2, 1)
    with torch.no_grad():
        d.weight.copy_(torch.tensor([[3.0, 0.0]]))
        d.bias.zero_()
    fake = torch.tensor([[-2.0, 0.5], [-0.1, 0.0]])
    view = generator_arrows(d, torch.tensor([[2.0, 0.0]]), fake)
    p = 1 / (1 + np.exp(-3 * fake[:, 0].numpy()))
    saturating, other = view.arrows.values()
    np.testing.assert_allclose(saturating, np.column_stack((3 * p, 0 * p)), rtol=1e-5, atol=1e-12)
    np.testing.assert_allclose(other, np.column_stack((3 * (1 - p), 0 * p)), rtol=1e-5, atol=1e-12)
    i, j = 10, 40
    assert view.probability[i, j] == pytest.approx(1 / (1 + np.exp(-3 * view.x[j])), rel=1e-4)
    left, right = view.plot().child_axes
    assert "0.7" in left.get_title() or "0.6" in left.get_title()
    assert left.get_xlim() == right.get_xlim() == (view.x[0], view.x[-1])
    with pytest.raises(CourseError, match=r"\(N, 2\)"):
        generator_arrows(d, torch.ones(3, 2), torch.ones(3))
