"""Give every array of a learner's parameters a name: dicts, lists, lists of (w, b) become name → array."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import CourseError


def named_arrays(tree: Any, what: str) -> dict[str, np.ndarray | None]:
    """Flatten `tree` into names and float arrays; None stays None (no gradient).

    {"w1": …} keeps its keys, a list is numbered from 0, and a list of (w, b) pairs gives "0.w", "0.b", "1.w",
    … Integers become floats. `what` names the argument in a complaint. Raises CourseError for anything else.
    """
    found: dict[str, np.ndarray | None] = {}
    _walk(tree, "", what, found)
    return found


def _walk(node: Any, name: str, what: str, found: dict[str, np.ndarray | None]) -> None:
    if isinstance(node, Mapping):
        for key, child in node.items():
            _walk(child, _join(name, str(key)), what, found)
    elif isinstance(node, list | tuple) and not _is_row_of_numbers(node):
        labels = ("w", "b") if name and _is_weight_and_bias(node) else tuple(map(str, range(len(node))))
        for label, child in zip(labels, node, strict=True):
            _walk(child, _join(name, label), what, found)
    else:
        found[name or what] = None if node is None else _as_float(node, name, what)


def _join(outer: str, inner: str) -> str:
    return f"{outer}.{inner}" if outer else inner


def _is_row_of_numbers(node: list | tuple) -> bool:
    return len(node) > 0 and all(isinstance(a, int | float | np.number) for a in node)


def _is_weight_and_bias(node: list | tuple) -> bool:
    return len(node) == 2 and all(isinstance(a, np.ndarray) for a in node) and node[0].ndim >= 2 > node[1].ndim


def _as_float(node: Any, name: str, what: str) -> np.ndarray:
    try:
        array = np.asarray(node)
    except Exception as error:  # a tensor that needs detaching, a ragged list: NumPy's own words name the cause
        raise CourseError(f"{what}[{name!r}] cannot be read as an array: {error}") from None
    if array.dtype.kind == "c":
        return np.abs(array)
    if array.dtype.kind not in "fiub":
        raise CourseError(
            f"{what}[{name!r}] holds {array.dtype} values; an array of numbers was expected "
            f"(a dict or a list of NumPy arrays)."
        )
    return array if array.dtype.kind == "f" else array.astype(float)
