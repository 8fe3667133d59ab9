"""Which device is chosen, on a made-up machine."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from ..registry import Attempt, Parts, probe


@probe("ch06.pick_device")
def pick_device(attempt: Attempt, here: dict[str, bool], **wish: Any) -> Parts:
    """Ask on a made-up machine; a ValueError is an answer, and so is which devices it names."""
    import torch

    (function,) = attempt
    kinds = [*(kind for kind in ("cuda", "mps") if here[kind]), "cpu"]
    with (
        patch.object(torch.cuda, "is_available", lambda: here["cuda"]),
        patch.object(torch.cuda, "device_count", lambda: int(here["cuda"])),
        patch.object(torch.backends.mps, "is_available", lambda: here["mps"]),
        patch.object(torch.backends.mps, "is_built", lambda: here["mps"]),
    ):
        try:
            device = function(**wish)
        except ValueError as error:
            message = str(error).lower()
            yield "answer", "ValueError"
            yield "the message leaves out", ", ".join(kind for kind in kinds if kind not in message) or "nothing"
            absent = {"cuda", "mps"} - {*kinds, wish.get("prefer")}
            yield "the message names, though it is not there", ", ".join(k for k in absent if k in message) or "nothing"
            return
    yield "answer", device.type if isinstance(device, torch.device) else device
    yield "type", "torch.device" if isinstance(device, torch.device) else type(device).__name__
