"""Where tensors live: an NVIDIA GPU (cuda), Apple silicon (mps), or the CPU that is always there."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

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
    threads = torch.get_num_threads()
    return f"CPU, {threads} thread{'' if threads == 1 else 's'}"


class MixedPrecision:
    """Train in 16 bits where an NVIDIA GPU has fast ways for them; elsewhere every number stays what it was.

    with half.forward():
        loss = F.cross_entropy(model(x), labels)
    half.step(loss, optimizer)

    The forward pass multiplies matrices in 16 bits and adds losses up in 32; the weights stay in float32. bfloat16 has
    float32's range and needs nothing else. Where only float16 is fast, small gradients would round to 0, so the loss
    is scaled up before backward and the gradients down again before the step, which is left out when one overflowed.
    Source: PyTorch documentation, "Automatic Mixed Precision package"; P. Micikevicius et al. (ICLR 2018).
    """

    def __init__(self, device: str | torch.device) -> None:
        """Choose for one device; dtype is torch.bfloat16, torch.float16, or None for ordinary precision."""
        import torch

        self.dtype: torch.dtype | None = None
        if torch.device(device).type == "cuda":
            native = torch.cuda.is_bf16_supported(including_emulation=False)  # emulated, it is slower than float32
            self.dtype = torch.bfloat16 if native else torch.float16
        self.scaler = torch.amp.GradScaler("cuda", enabled=self.dtype == torch.float16)

    def forward(self) -> AbstractContextManager[Any]:
        """Give the block in which the model and the loss are computed; backward stays outside."""
        import torch

        return nullcontext() if self.dtype is None else torch.autocast("cuda", dtype=self.dtype)

    def step(self, loss: torch.Tensor, optimizer: torch.optim.Optimizer) -> None:
        """Go backward from the loss, a tensor without axes, and let the optimizer make its step."""
        self.scaler.scale(loss).backward()
        self.scaler.step(optimizer)
        self.scaler.update()
