"""Where tensors live: an NVIDIA GPU (cuda), Apple silicon (mps), or the CPU that is always there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def available_devices() -> tuple[str, ...]:
    """Name the usable kinds of device, fastest first; "cpu" is always the last."""
    import torch  # seconds to import: chapters 00–05 never pay for it

    found = []
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return (*found, "cpu")


def pick_device(prefer: str | torch.device | None = None) -> torch.device:
    """Give the wished-for device, or the fastest one that is here: cuda, then mps, then cpu.

    prefer: "cuda", "cuda:1", "mps", "cpu", or None for the fastest.
    Raises ValueError, naming what is there, when the wish cannot be met.
    """
    import torch

    found = available_devices()
    if prefer is None:
        return torch.device(found[0])
    try:
        device = torch.device(prefer)
    except RuntimeError:
        raise ValueError(f"{prefer!r} is not a device; here there is {', '.join(found)}.") from None
    count = torch.cuda.device_count() if device.type == "cuda" else 1
    if device.type not in found or (device.index or 0) >= count:
        raise ValueError(f"There is no {str(prefer)!r} on this machine; here there is {', '.join(found)}.")
    return device


def device_name(device: str | torch.device) -> str:
    """Say in words what a device is, such as "NVIDIA H100" or "CPU, 8 threads"."""
    import torch

    kind = torch.device(device)
    if kind.type == "cuda":
        return torch.cuda.get_device_name(kind)
    if kind.type == "mps":
        return "Apple GPU"
    return f"CPU, {torch.get_num_threads()} threads"
