"""The probe that most exercises use: call the one function with the case's arguments."""

from __future__ import annotations

from typing import Any

from .registry import probe


@probe("call")
def call(attempt: tuple[Any, ...], *args: Any, **kwargs: Any) -> Any:
    """Call the learner's one object and return what it returns."""
    (function,) = attempt
    return function(*args, **kwargs)
