"""Numbers that the texts of chapters 06 and 07 state in so many words, found again."""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

from dlcourse_utils.data import load_fashion_mnist
from dlcourse_utils.gradients import receptive_field

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
PYTORCH = (SOLUTIONS / "06_pytorch.py").read_text(encoding="utf-8")
CNN = (SOLUTIONS / "07_cnn.py").read_text(encoding="utf-8")


def dense(*sizes: int) -> int:
    return sum(a * b + b for a, b in pairwise(sizes))


def test_parameter_counts() -> None:
    assert f"the 2,{dense(64, 32, 10) - 2000} gradients" in PYTORCH
    assert f"each of the {dense(64, 48, 32, 16, 10):,} marks" in PYTORCH
    assert f"MLP's {dense(784, 100, 10):,}" in CNN
    assert 32 * 9 + 32 == 320
    assert "32 · 676 = 21,632 outputs" in CNN
    assert 784 * 21_632 // 1_000_000 in (16, 17)


def test_a_softmax_before_the_loss_cannot_get_below_its_floor() -> None:
    best = torch.tensor([[1.0] + [0.0] * 9])
    floor = torch.nn.functional.cross_entropy(best, torch.tensor([0])).item()
    assert f"≈ {floor:.2f}" in PYTORCH


def test_the_measured_field_is_as_wide_as_the_text_says() -> None:
    conv = torch.nn.Conv2d
    pool = torch.nn.MaxPool2d(2)
    trunk = torch.nn.Sequential(conv(1, 16, 3), pool, conv(16, 16, 3), pool, conv(16, 16, 3))
    assert receptive_field(trunk, (1, 40, 40)).box[2:] == (18, 18)
    assert "18 by 18" in CNN


def test_one_standard_error_of_the_test_set() -> None:
    n = len(load_fashion_mnist().y_test)
    assert f"{100 * np.sqrt(0.895 * 0.105 / n):.1f}" == "0.7"
    assert "one standard error is about 0.7 points" in CNN


def test_every_people_often_say_of_the_list_is_there() -> None:
    for words in ("repeated until the image stops", r"Training a CNN \*is\*", "translation invariant", "black box"):
        assert re.search(rf"People often say:\*\* .*{words}", CNN), words
