"""A forward hook that leaves no trace in a model that is pickled or deep-copied while it is recorded."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any


class ForwardHook:
    """Calls `see(name, module, output)` after a forward pass, unless the pass is being compiled."""

    def __init__(self, see: Callable[[str, Any, Any], None], name: str) -> None:
        self._see = see
        self._name = name

    def __call__(self, module: Any, args: Any, output: Any) -> None:
        import torch

        if not torch.compiler.is_compiling():
            self._see(self._name, module, output)

    def __reduce__(self) -> tuple[Any, ...]:
        # Also what deepcopy uses. A standard-library callable that takes three arguments and returns None, as
        # a hook that does nothing must: the file can then be read where this package is not installed.
        return getattr, (contextlib.nullcontext(), "__exit__")
