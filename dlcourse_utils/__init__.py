"""dlcourse: check what you wrote, see what gradients do.

>>> from dlcourse_utils import check, hint, needs
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

from .waiting import needs

if TYPE_CHECKING:
    from .checks import check, hint

__version__ = "0.1.0"
__all__ = ["check", "hint", "needs"]


def __getattr__(name: str) -> Any:  # lazily: a NumPy chapter must start fast, and grading has no `checks`
    if name in ("check", "hint"):
        if importlib.util.find_spec(f"{__name__}.checks") is None:
            return getattr(importlib.import_module(f"{__name__}.pending"), name)
        return getattr(importlib.import_module(f"{__name__}.checks"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
