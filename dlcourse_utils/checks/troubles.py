"""Exceptions that say little to a learner, and what they mean: device, precision, memory, files."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..probes.traces import Raised


@dataclass(frozen=True)
class Trouble:
    """A kind of trouble: its name, how its exceptions are recognised, and what the exercise expected instead."""

    name: str
    pattern: str
    advice: str

    def fits(self, raised: Raised) -> bool:
        """True when an exception is of this kind; the pattern is looked for in "TypeName: message"."""
        return re.search(self.pattern, f"{raised.type_name}: {raised.message}", re.IGNORECASE) is not None


TROUBLES = (
    Trouble(
        "device",
        r"on the same device|not on the expected device|meta tensor|meta device|is on (cuda|mps|meta)|"
        r"tensor type|not compiled with cuda|no nvidia driver|cuda-capable device|to numpy\. use tensor\.cpu",
        "The check runs on the CPU, so what you build should be there too: a tensor follows its input "
        "(`device=x.device`), and `.to(device)` is the caller's affair.",
    ),
    Trouble(
        "precision",
        r"same dtype|does not match weight dtype|expected scalar type|should be the same|dtype mismatch|"
        r"not implemented for 'half'|expected .*(float|double) but (got|found)",
        "Two precisions meet here. Follow the inputs' dtype; the usual causes are `.double()`, `.half()`, or a NumPy "
        "array in float64 beside PyTorch's float32.",
    ),
    Trouble(
        "memory",
        r"MemoryError|can't allocate memory|out of memory|unable to allocate|bad_alloc|"
        r"storage size calculation overflowed",
        "That is more memory than there is, and this exercise needs a few megabytes. Is one size multiplied with "
        "another that it should not meet?",
    ),
    Trouble(
        "file",
        r"^FileNotFoundError",
        "An answer stands on its own: when it is checked, no file of yours lies beside it.",
    ),
)


def trouble_of(raised: Raised | None) -> Trouble | None:
    """Return the kind of trouble that an exception is, if it is one of these."""
    return None if raised is None else next((t for t in TROUBLES if t.fits(raised)), None)
