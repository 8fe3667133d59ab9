"""Answers that are tuples."""

from __future__ import annotations

from typing import Any


def unpacked(value: Any, names: str, what: str) -> tuple[Any, ...]:
    """Take a tuple apart. Raises TypeError in words where Python would unpack the rows of an array."""
    count = len(names.split(", "))
    if not isinstance(value, (tuple, list)) or len(value) != count:
        given = "nothing" if value is None else f"a {type(value).__name__}"
        if isinstance(value, (tuple, list)):
            given += f" of {len(value)}"
        raise TypeError(f"{what} should return ({names}); yours returns {given}")
    return tuple(value)
