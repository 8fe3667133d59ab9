"""Lay a learner's result beside the expected one and say in a sentence where they part."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..probes.data import Opaque, Tensor
from .verdict import Verdict


class _Any:
    """Stands in an expected structure for a part that may be anything."""

    def __repr__(self) -> str:
        return "ANY"


ANY = _Any()


def compare(expected: Any, got: Any, rtol: float | None = None, atol: float | None = None) -> Verdict:
    """Return the verdict on `got` against `expected`, both plain data.

    |got − expected| ≤ rtol·|expected| + atol must hold everywhere. rtol defaults to 1e-6, or to what the coarser
    dtype of the two can hold (1e-3 in float32). atol defaults to 1e-7 of the largest expected magnitude.
    """
    if expected is ANY:
        return Verdict.ok()
    if got is None and expected is not None:
        return Verdict.broken("Nothing came back (None). Is a `return` missing?", expected, None)
    if isinstance(expected, dict):
        return _compare_dict(expected, got, rtol, atol)
    if isinstance(expected, (list, tuple)):
        return _compare_sequence(expected, got, rtol, atol)
    if isinstance(expected, Tensor):
        return _compare_tensor(expected, got, rtol, atol)
    if isinstance(expected, np.ndarray):
        return _compare_array(expected, got, rtol, atol)
    if isinstance(expected, (bool, int, float)):
        return _compare_number(expected, got, rtol, atol)
    if type(expected) is type(got) and expected == got:
        return Verdict.ok()
    if type(expected) is type(got):
        return Verdict.wrong(f"Expected {expected!r}, yours is {_short(got)}.", expected, got)
    return Verdict.broken(f"Expected {describe(expected)}, yours is {describe(got)}.", expected, got)


def describe(value: Any) -> str:
    """Return what a value is, in words: "an array of shape (3, 4)"."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, Tensor):
        return f"a torch tensor of shape {value.array.shape}"
    if isinstance(value, Opaque):
        return f"a {value.type_name}" + (f" ({value.detail})" if value.detail else "")
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)}"
    names = {bool: "True or False", int: "a whole number", float: "a number", dict: "a dict", str: "a text"}
    return "None" if value is None else names.get(type(value), f"a {type(value).__name__}")


def _compare_dict(expected: dict[str, Any], got: Any, rtol: float | None, atol: float | None) -> Verdict:
    if not isinstance(got, dict):
        return Verdict.broken(
            f"Expected a dict with {', '.join(map(repr, expected))}; yours is {describe(got)}.", expected, got
        )
    missing = [key for key in expected if key not in got]
    extra = [key for key in got if key not in expected]
    if missing or extra:
        words = [f"{', '.join(map(repr, missing))} is missing"] if missing else []
        words += [f"{', '.join(map(repr, extra))} is not asked for"] if extra else []
        return Verdict.broken(f"The keys differ: {'; '.join(words)}.", sorted(expected), sorted(got))
    return _first_failure([(key, compare(expected[key], got[key], rtol, atol)) for key in expected])


def _compare_sequence(expected: Any, got: Any, rtol: float | None, atol: float | None) -> Verdict:
    if not isinstance(got, (list, tuple)):
        return Verdict.broken(f"Expected {describe(expected)}; yours is {describe(got)}.", expected, got)
    if len(got) != len(expected):
        return Verdict.broken(f"Expected {len(expected)} items; yours has {len(got)}.", expected, got)
    pairs = enumerate(zip(expected, got, strict=True))
    return _first_failure([(f"[{i}]", compare(e, g, rtol, atol)) for i, (e, g) in pairs])


def _first_failure(parts: list[tuple[str, Verdict]]) -> Verdict:
    for where, verdict in parts:
        if not verdict.passed:
            inner = verdict.where
            return verdict.at(where + ("." if inner and not inner.startswith("[") else ""))
    return Verdict.ok()


def _compare_tensor(expected: Tensor, got: Any, rtol: float | None, atol: float | None) -> Verdict:
    if not isinstance(got, Tensor):
        return Verdict.broken(f"Expected a torch tensor; yours is {describe(got)}.", expected.array, got)
    if rtol is None and "float64" not in (got.dtype, expected.dtype):
        rtol = 1e-3
    return _compare_array(expected.array, got.array, rtol, atol)


def _compare_number(expected: Any, got: Any, rtol: float | None, atol: float | None) -> Verdict:
    if not isinstance(got, (bool, int, float)):
        return Verdict.broken(f"Expected one number, yours is {describe(got)}.{_to_one_number(got)}", expected, got)
    if type(expected) is int and type(got) is float and not got.is_integer():
        return Verdict.wrong(f"Expected the whole number {expected}, yours is {got:.6g}.", expected, got)
    if math.isnan(got) and not math.isnan(expected):
        return Verdict.wrong("Yours is not a number (NaN).", expected, got)
    if _close(np.asarray(expected), np.asarray(got), rtol, atol).all():
        return Verdict.ok()
    return Verdict.wrong(f"Expected {expected:.6g}, yours is {got:.6g}.", expected, got)


def _to_one_number(got: Any) -> str:
    array = got.array if isinstance(got, Tensor) else got
    if not isinstance(array, np.ndarray):
        return ""
    return " Use .item() or float(...)." if array.size == 1 else " Is a mean or a sum over all elements missing?"


def _compare_array(expected: np.ndarray, got: Any, rtol: float | None, atol: float | None) -> Verdict:
    if expected.shape == () and isinstance(got, (bool, int, float)):  # NumPy itself turns 0-d arrays into scalars
        return _compare_number(expected.item(), got, rtol, atol)
    if not isinstance(got, np.ndarray):
        return Verdict.broken(f"Expected an array of shape {expected.shape}; yours is {describe(got)}.", expected, got)
    if got.shape != expected.shape:
        return Verdict.broken(f"Expected the shape {expected.shape}; yours is {got.shape}.", expected, got)
    if got.dtype.kind == "c" and expected.dtype.kind != "c":
        return Verdict.broken("Expected real numbers; yours are complex.", expected, got)
    close = _close(expected, got, rtol, atol)
    if close.all():
        return Verdict.ok()
    return Verdict.wrong(_difference(expected, got, close), expected, got)


def _close(expected: np.ndarray, got: np.ndarray, rtol: float | None, atol: float | None) -> np.ndarray:
    want = expected.astype(np.complex128 if expected.dtype.kind == "c" else np.float64)
    have = got.astype(want.dtype)
    if rtol is None:
        coarse = [a.dtype for a in (expected, got) if a.dtype.kind == "f" and a.dtype.itemsize < 8]
        rtol = 1e-3 if coarse else 1e-6
    if atol is None:
        finite = np.abs(want[np.isfinite(want)])
        atol = 0.1 * rtol * float(finite.max(initial=0.0)) + 1e-12
    with np.errstate(all="ignore"):
        return np.isclose(have, want, rtol=rtol, atol=atol, equal_nan=True)


def _difference(expected: np.ndarray, got: np.ndarray, close: np.ndarray) -> str:
    wrong = int(close.size - close.sum())
    how_many = "" if close.size == 1 else f" {wrong} of {close.size} values differ."
    with np.errstate(all="ignore"):
        bad = ~np.isfinite(got) & np.isfinite(expected)
        if bad.any():
            at = tuple(int(i) for i in np.argwhere(bad)[0])
            what = "not a number (NaN)" if np.isnan(got[at]) else "infinite"
            return f"Your value at {_place(at)} is {what} where {expected[at]:.6g} was expected.{how_many}"
        gap = np.where(close, 0.0, np.nan_to_num(np.abs(got.astype(complex) - expected), nan=np.inf))
    at = tuple(int(i) for i in np.unravel_index(int(np.argmax(gap)), gap.shape))
    whole = ""
    if got.dtype.kind in "iu" and expected.dtype.kind == "f":
        whole = f" Yours are whole numbers ({got.dtype}): the fractions were cut off."
    return (
        f"At {_place(at)} expected {expected[at]:.6g}, yours is {got[at]:.6g}.{how_many}{whole}"
        if at
        else f"Expected {expected[()]:.6g}, yours is {got[()]:.6g}.{whole}"
    )


def _place(index: tuple[int, ...]) -> str:
    return "[" + ", ".join(map(str, index)) + "]"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…"
