"""Forbidden libraries are seen however they are reached, and nothing else is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.functional import conv2d as renamed

from dlcourse_utils.probes.allowed import forbidden_uses

layer = nn.Conv2d(1, 1, 3)


def plain(x: Any) -> Any:
    return np.maximum(x, 0).sum()


def helper(x: Any) -> Any:
    return F.conv2d(x, x)


def by_helper(x: Any) -> Any:
    return helper(x)


def by_alias(x: Any) -> Any:
    return nn.functional.conv2d(x, x)


def by_new_name(x: Any) -> Any:
    return renamed(x, x)


def by_import(x: Any) -> Any:
    from torch.nn.functional import conv2d

    return conv2d(x, x)


def in_a_lambda(x: Any) -> Any:
    return (lambda y: F.conv2d(y, y))(x)


class Model(nn.Module):
    def forward(self, x: Any) -> Any:
        return F.conv2d(x, x)


def by_instance(x: Any) -> Any:
    return layer(x)


@pytest.mark.parametrize("use", [by_helper, by_alias, by_new_name, by_import, in_a_lambda, Model])
def test_a_function_is_seen_however_it_is_reached(use: Any) -> None:
    assert forbidden_uses([use], ["torch.nn.functional.conv2d"]) == ("torch.nn.functional.conv2d",)
    assert forbidden_uses([use], ["torch"]) == ("torch",)


def test_an_instance_of_a_forbidden_class_is_seen() -> None:
    assert forbidden_uses([by_instance], ["torch.nn.Conv2d"]) == ("torch.nn.Conv2d",)


@pytest.mark.parametrize("forbidden", [["torch"], ["torch.nn.Conv2d"], ["scipy.special.softmax"], ["torches"]])
def test_what_is_allowed_stays_allowed(forbidden: list[str]) -> None:
    assert forbidden_uses([plain], forbidden) == ()
    assert forbidden_uses([np.sum, 3, None], forbidden) == ()


def test_another_function_of_the_same_library_is_allowed() -> None:
    def relu(x: Any) -> Any:
        return F.relu(x) + torch.zeros(1)

    assert forbidden_uses([relu], ["torch.nn.functional.conv2d", "torch.nn.Conv2d"]) == ()


def test_functions_that_call_each_other_end() -> None:
    assert forbidden_uses([even], ["torch"]) == ()


def even(n: int) -> bool:
    return n == 0 or odd(n - 1)


def odd(n: int) -> bool:
    return n != 0 and even(n - 1)
