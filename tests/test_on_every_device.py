"""The solutions of the PyTorch chapters give on a GPU what they give on the CPU; without a GPU that half is skipped."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from autograde.attempts import solved
from dlcourse_utils.checks import registry

Given = dict[str, Any]
CASES: dict[str, Callable[[Given, str], list[Any]]] = {}
IN_NUMPY = {
    "06.pick_device", "06.ArrayDataset", "07.conv_output_size", "07.conv2d_forward", "07.im2col",
    "07.maxpool2d_forward", "07.receptive_field", "07.augment", "08.rnn_step", "08.rnn_forward", "08.lstm_step",
    "08.gru_step", "08.build_vocab", "08.encode", "08.pad_batch", "08.make_windows", "10.optimal_discriminator",
    "10.js_divergence", "10.mode_coverage", "10.frechet_distance",
}  # fmt: skip
OF_NUMBERS_ONLY = {"09.causal_mask", "09.sinusoidal_positions"}  # made from sizes, on the CPU; the caller moves them


@cache
def solutions(chapter: str) -> Given:
    (text,) = (Path(__file__).resolve().parents[1] / "solutions").glob(f"{chapter}_*.py")
    return solved(text)


def case(exercise: str) -> Callable[..., Any]:
    """Register what an exercise's solution gives on a device: tensors and numbers to compare."""

    def register(function: Callable[[Given, str], list[Any]]) -> Callable[[Given, str], list[Any]]:
        CASES[exercise] = function
        return function

    return register


def numbers(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def labels(n: int, classes: int, seed: int = 0) -> torch.Tensor:
    return torch.randint(0, classes, (n,), generator=torch.Generator().manual_seed(seed))


def made(device: str, build: Callable[[], nn.Module]) -> nn.Module:
    """Build a model with the CPU's random numbers, in float64, and bring it to the device."""
    torch.manual_seed(0)
    return build().double().to(device)


def gradients(model: nn.Module) -> list[torch.Tensor]:
    return [p.grad for p in model.parameters() if p.grad is not None]


@case("06.gradients_of")
def _(given: Given, device: str) -> list[Any]:
    return list(
        given["gradients_of"](lambda a, b: (a @ b).tanh().sum(), numbers(3, 4).to(device), numbers(4, 2).to(device))
    )


@case("06.Swish")
def _(given: Given, device: str) -> list[Any]:
    x = numbers(50).to(device).requires_grad_()
    out = given["Swish"].apply(x)
    out.sum().backward()
    return [out, x.grad]


@case("06.MLP")
def _(given: Given, device: str) -> list[Any]:
    return [made(device, lambda: given["MLP"]([5, 7, 3]))(numbers(4, 5).to(device))]


@case("06.torch_loss_and_grads")
def _(given: Given, device: str) -> list[Any]:
    params = [(numbers(5, 7).numpy(), numbers(7).numpy()), (numbers(7, 3).numpy(), numbers(3).numpy())]
    loss, grads = given["torch_loss_and_grads"](params, numbers(6, 5).numpy(), labels(6, 3).numpy(), device)
    return [loss, *(torch.tensor(np.asarray(g)) for pair in grads for g in pair)]


@case("06.training_step")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: nn.Linear(5, 3))
    optimizer = torch.optim.Adam(model.parameters())
    batch = numbers(6, 5).to(device), labels(6, 3).to(device)
    return [given["training_step"](model, batch, optimizer) for _ in range(3)] + list(model.parameters())


@case("06.evaluate")
def _(given: Given, device: str) -> list[Any]:
    batches = [(numbers(6, 5, seed=s).to(device), labels(6, 3, seed=s).to(device)) for s in range(3)]
    return [given["evaluate"](made(device, lambda: nn.Linear(5, 3)), batches)]


@case("06.accumulate_gradients")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: nn.Linear(5, 3))
    batches = [(numbers(n, 5, seed=n).to(device), labels(n, 3).to(device)) for n in (4, 2)]
    return [
        given["accumulate_gradients"](model, batches, torch.optim.SGD(model.parameters(), 0.1)),
        *model.parameters(),
    ]


@case("06.save_checkpoint")
def _(given: Given, device: str) -> list[Any]:
    import tempfile

    model, other = (made(device, lambda: nn.Linear(5, 3)) for _ in range(2))
    optimizer, another = torch.optim.Adam(model.parameters()), torch.optim.Adam(other.parameters())
    model(numbers(4, 5).to(device)).sum().backward()
    optimizer.step()
    with tempfile.TemporaryDirectory() as folder:
        given["save_checkpoint"](f"{folder}/run.pt", model, optimizer)
        given["load_checkpoint"](f"{folder}/run.pt", other, another)
    assert {p.device.type for p in other.parameters()} == {torch.device(device).type}
    return [*other.parameters(), another.state[another.param_groups[0]["params"][0]]["exp_avg"]]


def _images(name: str, build: Callable[[Given], nn.Module], channels: int = 1, size: int = 28) -> None:
    @case(f"07.{name}")
    def _(given: Given, device: str) -> list[Any]:
        model = made(device, lambda: build(given)).eval()
        out = model(numbers(2, channels, size, size).to(device))
        out.square().mean().backward()
        return [out, *gradients(model)]


_images("SmallCNN", lambda given: given["SmallCNN"]())
_images("DigitCNN", lambda given: given["DigitCNN"]())
_images("ResidualBlock", lambda given: given["ResidualBlock"](3, 6, 2), channels=3, size=8)


@case("07.grad_cam")
def _(given: Given, device: str) -> list[Any]:
    model = made(
        device, lambda: nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, 3))
    ).eval()
    return [torch.as_tensor(given["grad_cam"](model, model[0], numbers(1, 1, 8, 8).to(device), 1))]


@case("08.clip_gradients")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: nn.Linear(5, 3))
    model(numbers(4, 5).to(device)).square().sum().backward()
    return [given["clip_gradients"](model, 0.5), *gradients(model)]


@case("08.LSTMClassifier")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: given["LSTMClassifier"](9, embed=4, hidden=5))
    ids, mask = given["pad_batch"]([[2, 3, 4], [5], [6, 7, 8, 2]])
    return [model(ids.to(device), mask.to(device))]


@case("08.masked_cross_entropy")
def _(given: Given, device: str) -> list[Any]:
    mask = (torch.arange(5) < torch.tensor([[5], [2]])).to(device)
    return [given["masked_cross_entropy"](numbers(2, 5, 7).to(device), labels(10, 7).view(2, 5).to(device), mask)]


@case("08.truncated_bptt_steps")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: given["CharacterModel"](7, 6))
    inputs, targets = labels(40, 7).view(2, 20).to(device), labels(40, 7, seed=1).view(2, 20).to(device)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    return [*given["truncated_bptt_steps"](model, inputs, targets, optimizer, 6), *model.parameters()]


@case("08.sample_text")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: given["CharacterModel"](7, 6)).eval()
    start = torch.tensor([1, 2, 3], device=device)
    first, again = (
        given["sample_text"](model, start, 20, 0.8, torch.Generator(device).manual_seed(5)) for _ in range(2)
    )
    assert torch.equal(first, again)
    assert first.device.type == torch.device(device).type
    return [first[:3], len(first)]  # the draws themselves differ: each kind of device has its own random numbers


@case("09.scaled_dot_product_attention")
def _(given: Given, device: str) -> list[Any]:
    q, k, v = (numbers(2, 3, t, 4, seed=t).to(device) for t in (5, 6, 6))
    mask = (torch.arange(6) < torch.tensor([[6], [3]])).to(device)[:, None, None]
    return [*given["scaled_dot_product_attention"](q, k, v), *given["scaled_dot_product_attention"](q, k, v, mask)]


@case("09.padding_mask")
def _(given: Given, device: str) -> list[Any]:
    found = given["padding_mask"](torch.tensor([3, 1, 5], device=device), 6)
    assert found.device.type == device
    return [found]


def _attends(name: str, build: Callable[[Given], nn.Module], call: Callable[[nn.Module, torch.Tensor], Any]) -> None:
    @case(f"09.{name}")
    def _(given: Given, device: str) -> list[Any]:
        model = made(device, lambda: build(given))
        out = call(model, numbers(2, 5, 8).to(device))
        out.square().mean().backward()
        return [out, *gradients(model)]


_attends("MultiHeadAttention", lambda given: given["MultiHeadAttention"](8, 2), lambda model, x: model(x, x, x)[0])
_attends("TransformerBlock", lambda given: given["TransformerBlock"](8, 2), lambda model, x: model(x))
_attends(
    "TinyGPT",
    lambda given: given["TinyGPT"](11, 6, 8, 2, 2),
    lambda model, x: model(labels(10, 11).view(2, 5).to(x.device)),
)


@case("09.generate")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: given["TinyGPT"](11, 6, 8, 2, 2)).eval()
    prompts = labels(8, 11).view(2, 4).to(device)
    write = given["generate"]
    first, again = (write(model, prompts, 9, 0.8, 5, torch.Generator(device).manual_seed(4)) for _ in range(2))
    assert torch.equal(first, again)
    return [write(model, prompts, 9, 1.0, 1, torch.Generator(device))]  # the likeliest each time: no luck in it


@case("10.discriminator_loss")
def _(given: Given, device: str) -> list[Any]:
    return [given["discriminator_loss"](numbers(6).to(device), numbers(4, seed=1).to(device))]


@case("10.generator_loss")
def _(given: Given, device: str) -> list[Any]:
    return [given["generator_loss"](numbers(6).to(device))]


@case("10.minimax_generator_loss")
def _(given: Given, device: str) -> list[Any]:
    return [given["minimax_generator_loss"](numbers(6).to(device))]


def players(device: str) -> tuple[nn.Module, nn.Module]:
    """A generator of points from three numbers, and a discriminator of points."""
    return (
        made(device, lambda: nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 2))),
        made(device, lambda: nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))),
    )


@case("10.discriminator_step")
def _(given: Given, device: str) -> list[Any]:
    G, D = players(device)
    optimizer = torch.optim.Adam(D.parameters(), 0.01)
    real, z = numbers(6, 2).to(device), numbers(5, 3, seed=1).to(device)
    return [*(given["discriminator_step"](G, D, optimizer, real, z) for _ in range(3)), *D.parameters()]


@case("10.generator_step")
def _(given: Given, device: str) -> list[Any]:
    G, D = players(device)
    optimizer, z = torch.optim.Adam(G.parameters(), 0.01), numbers(5, 3).to(device)
    return [*(given["generator_step"](G, D, optimizer, z) for _ in range(3)), *G.parameters()]


@case("10.gradient_penalty")
def _(given: Given, device: str) -> list[Any]:
    _, D = players(device)
    real, fake = numbers(6, 2).to(device), numbers(6, 2, seed=1).to(device)
    penalty = given["gradient_penalty"](D, real, fake, torch.Generator().manual_seed(3))  # one generator for all
    penalty.backward()
    return [penalty, *gradients(D)]


@case("10.DCGenerator")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: given["DCGenerator"](5))
    out = model(numbers(3, 5).to(device))
    out.square().mean().backward()
    return [out, *gradients(model)]


@case("10.DCDiscriminator")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: given["DCDiscriminator"]())
    out = model(numbers(3, 1, 28, 28).to(device))
    out.square().mean().backward()
    return [out, *gradients(model)]


@case("10.ConditionalGenerator")
def _(given: Given, device: str) -> list[Any]:
    model = made(device, lambda: given["ConditionalGenerator"](5, 10))
    out = model(numbers(3, 5).to(device), labels(3, 10).to(device))
    out.square().mean().backward()
    return [out, *gradients(model)]


@case("10.slerp")
def _(given: Given, device: str) -> list[Any]:
    z0, z1 = numbers(4, 6).to(device), numbers(4, 6, seed=1).to(device)
    return [given["slerp"](z0, z1, 0.3), given["slerp"](z0, z0, 0.3)]


@case("10.image_to_image_step")
def _(given: Given, device: str) -> list[Any]:
    G = made(device, lambda: nn.Conv2d(1, 1, 3, padding=1))
    D = made(device, lambda: nn.Sequential(nn.Flatten(), nn.Linear(2 * 36, 1)))
    opt_g, opt_d = torch.optim.Adam(G.parameters(), 0.01), torch.optim.Adam(D.parameters(), 0.01)
    pairs = numbers(3, 1, 6, 6).to(device), numbers(3, 1, 6, 6, seed=1).to(device)
    losses = [x for _ in range(3) for x in given["image_to_image_step"](G, D, opt_g, opt_d, *pairs)]
    return [*losses, *G.parameters(), *D.parameters()]


@pytest.mark.parametrize("device", ["cpu", "cuda"])
@pytest.mark.parametrize("exercise", CASES)
def test_a_solution_gives_the_same_numbers(exercise: str, device: str, needs_part: Callable[[str], None]) -> None:
    if device == "cuda":
        needs_part("cuda")
    given = solutions(exercise[:2])
    found, expected = CASES[exercise](given, device), CASES[exercise](given, "cpu")
    for value, right in zip(found, expected, strict=True):
        if isinstance(value, torch.Tensor):
            value, right = value.detach().cpu(), right.detach().cpu()
        torch.testing.assert_close(value, right, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("device", ["cpu", "cuda"])
@pytest.mark.parametrize("milestone", ["06.milestone_digits", "07.milestone_fashion", "08.milestone_sentiment",
                                       "08.milestone_characters", "08.milestone_bikes", "09.milestone_pronounce",
                                       "10.milestone_digits"])  # fmt: skip
def test_a_milestone_trains_where_it_is_asked_to(
    milestone: str, device: str, needs_part: Callable[[str], None]
) -> None:
    if device == "cuda":
        needs_part("cuda")
    given, rng = solutions(milestone[:2]), np.random.default_rng(0)
    if milestone == "08.milestone_bikes":
        predict = given["train_forecaster"](rng.random((80, 12)) * 100, rng.random((80, 3)) * 100, 1, 0, device)
        forecasts = predict(rng.random((5, 12)) * 100)
        assert isinstance(forecasts, np.ndarray)
        assert forecasts.shape == (5, 3)
        assert np.isfinite(forecasts).all()
        return
    y = np.arange(80) % 10
    trainings: dict[str, Callable[[], nn.Module]] = {
        "06.milestone_digits": lambda: given["fit_digits"](rng.random((80, 64)), y, 0, device),
        "07.milestone_fashion": lambda: given["train_fashion"](
            rng.random((80, 1, 28, 28), dtype=np.float32), y, 1, 0, device
        ),
        "08.milestone_sentiment": lambda: given["train_sentiment"](
            ["good film", "bad film"] * 40, y % 2, 1, 0, device
        )[0],
        "08.milestone_characters": lambda: given["train_characters"](labels(2000, 7), 7, 8, 2, 0, device),
        "09.milestone_pronounce": lambda: given["train_pronouncer"](
            labels(300, 7).view(30, 10), torch.ones(30, 10, dtype=torch.bool), 7, 2, 0, device
        ),
        "10.milestone_digits": lambda: given["train_digits"](
            rng.random((70, 1, 28, 28), dtype=np.float32), 2, 0, device
        ),
    }
    model = trainings[milestone]()
    assert not model.training
    assert {p.device.type for p in model.parameters()} == {device}
    assert all(p.isfinite().all() for p in model.parameters())


def test_every_exercise_in_pytorch_has_its_case() -> None:
    ids = {i for i in registry.ids() if "06" <= i[:2] <= "10" and "milestone" not in i}
    assert set(CASES) == ids - IN_NUMPY - OF_NUMBERS_ONLY
