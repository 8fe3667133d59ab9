"""See the gradients: record a training run, plot it, and be told what is wrong with it.

    with record(model, optimizer, every=10) as rec:     # any torch.nn.Module
        ...the training loop, unchanged...
    rec.history.plot_flow()
    rec.history.diagnose()

    rec = Recorder(every=10)                            # your own NumPy network
    rec.step(loss=loss, grads=grads, params=params)     # once a step, before the update

Importing this package loads neither torch nor matplotlib; a name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .diagnosis import Finding, diagnose
    from .history import History
    from .recorder import Recorder
    from .recording.session import record

_HOMES = {
    "record": "recording.session",
    "Recorder": "recorder",
    "History": "history",
    "Finding": "diagnosis",
    "diagnose": "diagnosis",
}

__all__ = ["Finding", "History", "Recorder", "diagnose", "record"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
