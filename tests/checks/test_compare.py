"""What counts as right, and what is said when it is not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dlcourse_utils.checks.compare import ANY, compare
from dlcourse_utils.probes.data import Opaque, Tensor

finite = st.floats(-1e6, 1e6)
arrays = hnp.arrays(np.float64, hnp.array_shapes(max_dims=3, max_side=4), elements=finite)


@given(arrays)
def test_an_array_equals_itself(x: np.ndarray) -> None:
    assert compare(x, x.copy()).passed


@given(arrays, st.data())
def test_one_wrong_element_is_found_and_named(x: np.ndarray, data: st.DataObject) -> None:
    at = tuple(data.draw(st.integers(0, n - 1)) for n in x.shape)
    other = x.copy()
    other[at] += 1e-3 * (1 + np.abs(x).max())
    verdict = compare(x, other)
    assert verdict.kind == "value"
    assert str(list(at)) in verdict.sentence


@given(arrays.filter(lambda x: np.abs(x).max() > 1e-11))  # below lies only rounding
def test_zeros_never_pass_for_something_else(x: np.ndarray) -> None:
    assert not compare(x, np.zeros_like(x)).passed


@given(arrays)
def test_rounding_to_float32_passes(x: np.ndarray) -> None:
    assert compare(x, x.astype(np.float32)).passed


def test_tiny_gradients_are_still_compared() -> None:
    assert not compare(np.full(3, 1e-9), np.zeros(3)).passed


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        (np.ones((3, 4)), None, "Is a `return` missing?"),
        (np.ones((3, 4)), np.ones((4, 3)), "the shape (3, 4); yours is (4, 3)"),
        (np.ones((3,)), [1.0, 1.0, 1.0], "yours is a list of 3"),
        (np.ones((3,)), Tensor(np.ones(3)), "yours is a torch tensor"),
        (np.ones((3,)), Opaque("generator"), "yours is a generator"),
        (np.ones((3,)), np.ones(3, complex), "yours are complex"),
        (1.5, np.array(1.5), "one number, yours is an array of shape ()"),
        ({"a": 1.0}, {"b": 1.0}, "'a' is missing; 'b' is not asked for"),
        ({"a": 1.0}, [1.0], "Expected a dict with 'a'"),
        ((1.0, 2.0), (1.0,), "Expected 2 items; yours has 1"),
        (Tensor(np.ones(2)), np.ones(2), "Expected a torch tensor"),
        ("text", 3, "Expected a text, yours is a whole number"),
    ],
)
def test_the_wrong_form_has_a_sentence(expected: object, got: object, words: str) -> None:
    verdict = compare(expected, got)
    assert verdict.kind == "form"
    assert words in verdict.sentence


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        (np.array([1.0, 2.0]), np.array([1.0, np.nan]), "[1] is not a number (NaN) where 2 was expected"),
        (np.array([1.0, 2.0]), np.array([np.inf, 2.0]), "[0] is infinite where 1 was expected"),
        (np.array([0.5, 1.5]), np.array([0, 1]), "the fractions were cut off"),
        (0.5, 0.75, "Expected 0.5, yours is 0.75"),
        (3, 3.5, "Expected the whole number 3"),
        (1.0, math.nan, "not a number (NaN)"),
        ("a", "b", "Expected 'a', yours is 'b'"),
    ],
)
def test_the_wrong_value_has_a_sentence(expected: object, got: object, words: str) -> None:
    verdict = compare(expected, got)
    assert verdict.kind == "value"
    assert words in verdict.sentence


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (0.5, np.float32(0.5).item()),
        (3, 3.0),
        (True, 1),
        (np.array([1, 2]), np.array([1.0, 2.0])),
        (np.array([True, False]), np.array([1, 0])),
        ([1.0, 2.0], (1.0, 2.0)),
        (np.array([np.inf, np.nan]), np.array([np.inf, np.nan])),
        (ANY, Opaque("anything")),
        (None, None),
        (np.array(1.5), 1.5),
        (Tensor(np.ones(2, np.float32)), Tensor(np.full(2, 1.0005, np.float32))),
    ],
)
def test_generous_where_nothing_is_to_be_learned(expected: object, got: object) -> None:
    assert compare(expected, got).passed


def test_the_place_of_a_nested_difference() -> None:
    verdict = compare({"grads": [(np.ones(2), np.ones(3))]}, {"grads": [(np.ones(2), np.zeros(3))]})
    assert verdict.where == "grads[0][1]"
