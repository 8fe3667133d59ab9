"""Models that learners hand in by mistake get a sentence, never a bare failure of ours; harmless ones pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from autograde.attempts import solved
from autograde.proof import run
from dlcourse_utils.checks import Result, registry

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
RIGHT: dict[str, type[nn.Module]] = {
    "06.MLP": solved(SOLUTIONS / "06_pytorch.py")["MLP"],
    "07.SmallCNN": solved(SOLUTIONS / "07_cnn.py")["SmallCNN"],
    "07.DigitCNN": solved(SOLUTIONS / "07_cnn.py")["DigitCNN"],
}


def changed(exercise_id: str, forward: Callable[[Any, torch.Tensor], Any]) -> type[nn.Module]:
    """The right network with another forward."""
    right = RIGHT[exercise_id]
    return type("Changed", (right,), {"forward": lambda self, x: forward(super(type(self), self).forward, x)})


def verdict(exercise_id: str, attempt: Any) -> Result:
    return run(registry.get(exercise_id), (attempt,), 0)


def sentence(result: Result) -> str:
    assert result.failure is not None
    return f"{result.failure.verdict.where} {result.failure.verdict.sentence}"


@pytest.mark.parametrize("exercise_id", RIGHT)
@pytest.mark.parametrize(
    ("forward", "says"),
    [
        (lambda f, x: (f(x), x), "yours is a tuple of 2"),
        (lambda f, x: f(x)[:, :2], "Expected the shape"),
        (lambda f, x: f(x).T, "Expected the shape"),
        (lambda f, x: None, "None"),
        (lambda f, x: f(x) + torch.randn(len(x), 1), "same input, same output Expected 'yes', yours is 'no'"),
        (lambda f, x: f(x) + float(Path("weights.txt").read_text()), "FileNotFoundError"),
        (lambda f, x: f(x).item(), "Your code stopped with RuntimeError"),
    ],
    ids=["tuple", "too few classes", "transposed", "nothing", "random", "needs a file", "a number"],
)
def test_a_wrong_output_is_named(exercise_id: str, forward: Any, says: str) -> None:
    result = verdict(exercise_id, changed(exercise_id, forward))
    assert result.status in ("broken", "incorrect")
    assert says in sentence(result)


@pytest.mark.parametrize("exercise_id", RIGHT)
def test_what_is_no_module_is_named(exercise_id: str) -> None:
    result = verdict(exercise_id, lambda *sizes: lambda x: x)
    assert "an nn.Module Expected 'yes', yours is 'no'" in sentence(result)


@pytest.mark.parametrize("exercise_id", RIGHT)
def test_a_model_without_parameters_is_named(exercise_id: str) -> None:
    class Empty(nn.Module):
        def __init__(self, *sizes: Any) -> None:
            super().__init__()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x.flatten(1)[:, :10]

    assert "number of parameters" in sentence(verdict(exercise_id, Empty))


@pytest.mark.parametrize("exercise_id", RIGHT)
def test_double_precision_and_prints_do_no_harm(exercise_id: str) -> None:
    right = RIGHT[exercise_id]

    def talkative(*sizes: Any) -> nn.Module:
        print("x" * 100_000)
        return right(*sizes).double()

    assert verdict(exercise_id, talkative).status == "correct"
