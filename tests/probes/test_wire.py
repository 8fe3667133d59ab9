"""Data crosses the wire bit for bit, and nothing malformed gets in."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dlcourse_utils.probes.data import Opaque, Recipe, Tensor
from dlcourse_utils.probes.wire import MAGIC, WireError, pack, unpack

numbers = st.sampled_from(["bool", "int8", "int64", "uint8", "float16", "float32", "float64", "complex128"])
arrays = numbers.flatmap(lambda d: hnp.arrays(d, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)))
leaves = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=8) | arrays
data = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


def same(a: object, b: object) -> bool:
    """Equal to the bit, NaN included, and of the same types."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return repr(a) == repr(b)


@given(data)
@settings(max_examples=150, deadline=None)
def test_what_goes_in_comes_out(value: object) -> None:
    assert same(unpack(pack(value)), value)


def test_the_small_records_cross() -> None:
    tensor = unpack(pack(Tensor(np.arange(3, dtype=np.float32), "float32", "cpu", True)))
    assert (tensor.dtype, tensor.requires_grad, tensor.array.tolist()) == ("float32", True, [0, 1, 2])
    assert unpack(pack(Recipe("rng", seed=3))) == Recipe("rng", seed=3)
    assert unpack(pack(Opaque("generator"))) == Opaque("generator")


@pytest.mark.parametrize("array", [np.arange(6.0).reshape(2, 3).T, np.arange(6.0).reshape(2, 3)[:, ::2]])
def test_the_order_in_memory_crosses(array: np.ndarray) -> None:
    back = unpack(pack(array))
    assert np.array_equal(back, array)
    assert back.flags.f_contiguous == array.flags.f_contiguous


def test_a_lone_surrogate_crosses() -> None:
    assert unpack(pack("\ud800")) == "\ud800"


def header(text: bytes, rest: bytes = b"") -> bytes:
    return MAGIC + struct.pack("<I", len(text)) + text + rest


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"PK\x03\x04 a zip, not ours",
        header(b"not json"),
        header(b"[" * 100_000),
        header(b'{"tree": {"a": 0}, "arrays": []}'),
        header(b'{"tree": {"a": -1}, "arrays": [["<f8", [1], "C"]]}', b"\0" * 8),
        header(b'{"tree": {"a": 0}, "arrays": [["<f8", [4], "C"]]}', b"\0" * 8),
        header(b'{"tree": {"a": 0}, "arrays": [["<f8", [-1], "C"]]}', b"\0" * 8),
        header(b'{"tree": {"a": 0}, "arrays": [["|O", [1], "C"]]}', b"\0" * 8),
        header(b'{"tree": {"a": 0}, "arrays": [["<f8", [1], "C"]]}', b"\0" * 16),
        header(b'{"tree": {"x": 0}, "arrays": []}'),
        header(b'{"tree": {"l": 3}, "arrays": []}'),
        header(b'{"tree": [1], "arrays": []}'),
        header(b'{"tree": ' + b'{"l":[' * 200 + b"]}" * 200 + b', "arrays": []}'),
        MAGIC + struct.pack("<I", 2**31) + b"{}",
    ],
    ids=range(15),
)
def test_malformed_messages_are_refused(message: bytes) -> None:
    with pytest.raises(WireError):
        unpack(message)


def test_a_message_over_the_limit_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(WireError, match="larger than"):
        unpack(pack(np.zeros(1000)), max_bytes=1000)


def test_only_plain_data_is_packed() -> None:
    with pytest.raises(TypeError):
        pack(object())
    with pytest.raises(TypeError):
        pack(np.array([object()]))
