"""Saliency, Grad-CAM and integrated gradients, equal to Captum's."""

import pytest
import torch
from torch import nn

from dlcourse_utils.errors import CourseError
from dlcourse_utils.gradients import grad_cam, integrated_gradients, randomised, saliency
from tests.gradients.nets import hook_count


@pytest.fixture
def model():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.Conv2d(4, 3, 3), nn.ReLU(inplace=True),
        nn.Dropout(0.5), nn.Flatten(), nn.Linear(3 * 5 * 4, 6),
    ).double()  # fmt: skip


@pytest.fixture
def x():
    return torch.randn(3, 2, 9, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


TARGETS = torch.tensor([0, 5, 2])


@pytest.mark.filterwarnings("ignore")  # Captum speaks of requires_grad and of hooks
class TestEqualToCaptum:
    def test_saliency(self, model, x):
        attr = pytest.importorskip("captum.attr")
        model.eval()
        torch.testing.assert_close(
            saliency(model, x, TARGETS), attr.Saliency(model).attribute(x.clone(), target=TARGETS)
        )

    @pytest.mark.parametrize("baseline", [None, 0.3])
    def test_integrated_gradients(self, model, x, baseline):
        attr = pytest.importorskip("captum.attr")
        model.eval()
        base = None if baseline is None else torch.full_like(x, baseline)
        theirs = attr.IntegratedGradients(model).attribute(
            x.clone(), baselines=base, target=TARGETS, n_steps=32, method="gausslegendre"
        )
        torch.testing.assert_close(integrated_gradients(model, x, TARGETS, base, steps=32), theirs)

    @pytest.mark.parametrize("layer", [0, 3])
    def test_grad_cam(self, model, x, layer):
        attr = pytest.importorskip("captum.attr")
        model.eval()
        out_of_place = nn.Sequential(*(nn.ReLU() if isinstance(m, nn.ReLU) else m for m in model)).eval()
        theirs = attr.LayerGradCam(out_of_place, out_of_place[layer]).attribute(x.clone(), target=TARGETS)
        torch.testing.assert_close(grad_cam(model, model[layer], x, TARGETS), theirs[:, 0].clamp(min=0))


def test_contributions_add_up_to_the_change_of_the_logit(model, x):
    model.eval()
    parts = integrated_gradients(model, x, 4, steps=300).flatten(1).sum(dim=1)
    torch.testing.assert_close(parts, (model(x) - model(torch.zeros_like(x)))[:, 4], rtol=2e-2, atol=2e-3)


def test_everything_is_left_as_it_was(model, x):
    model.train()
    state = {k: v.clone() for k, v in model.state_dict().items()}
    kept = x.clone()
    model[0].weight.grad = torch.ones_like(model[0].weight)
    model.requires_grad_(False)
    saliency(model, x, 0)
    integrated_gradients(model, x, 0, steps=2)
    grad_cam(model, model[3], x, 0)
    assert model.training
    assert hook_count(model) == 0
    assert all(torch.equal(v, state[k]) for k, v in model.state_dict().items())
    assert torch.equal(x, kept)
    assert not x.requires_grad
    assert torch.equal(model[0].weight.grad, torch.ones_like(model[0].weight))


def test_the_control_has_the_same_weights_in_another_order(model, x):
    state = torch.get_rng_state()
    twin = randomised(model)
    assert torch.equal(torch.get_rng_state(), state)
    for a, b in zip(model.parameters(), twin.parameters(), strict=True):
        assert torch.equal(a.flatten().sort().values, b.flatten().sort().values)
    assert not torch.equal(model[0].weight, twin[0].weight)
    assert torch.equal(randomised(model)[0].weight, twin[0].weight), "the same seed, the same control"


def test_bad_targets_and_layers_are_one_sentence(model, x):
    with pytest.raises(CourseError, match="0 … 5"):
        saliency(model, x, 6)
    with pytest.raises(CourseError, match="logits"):
        saliency(model[0], x, 0)
    with pytest.raises(CourseError, match="maps"):
        grad_cam(model, model[7], x, 0)
    with pytest.raises(CourseError, match="maps"):
        grad_cam(model, nn.Conv2d(1, 1, 1), x, 0)
    with pytest.raises(CourseError, match="at least one step"):
        integrated_gradients(model, x, 0, steps=0)
