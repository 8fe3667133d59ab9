"""The solutions of the PyTorch chapters give on a GPU what they give on the CPU; without a GPU that half is skipped."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from autograde.attempts import solved
from dlcourse_utils.checks import registry
from tests.every_device import ch06, ch07, ch08, ch09, ch10  # noqa: F401  they register their cases
from tests.every_device.cases import CASES, Given, labels

IN_NUMPY = {
    "06.pick_device", "06.ArrayDataset", "07.conv_output_size", "07.conv2d_forward", "07.im2col",
    "07.maxpool2d_forward", "07.receptive_field", "07.augment", "08.rnn_step", "08.rnn_forward", "08.lstm_step",
    "08.gru_step", "08.build_vocab", "08.encode", "08.pad_batch", "08.make_windows", "10.optimal_discriminator",
    "10.js_divergence", "10.mode_coverage", "10.frechet_distance",
}  # fmt: skip
OF_NUMBERS_ONLY = {"09.causal_mask", "09.sinusoidal_positions"}  # made from sizes, on the CPU; the caller moves them


@cache
def solutions(chapter: str) -> Given:
    (text,) = (Path(__file__).resolve().parents[2] / "solutions").glob(f"{chapter}_*.py")
    return solved(text)


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
