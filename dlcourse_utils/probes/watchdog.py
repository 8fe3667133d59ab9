"""How much memory a submission's processes hold together, seen from the keeper beside them."""

from __future__ import annotations

import os
from collections.abc import Sequence


def used_memory(others: set[int], folders: Sequence[str]) -> int:
    """Return bytes held by all processes in /proc except `others`, and by files in the temporary `folders`.

    Shared pages count in parts (proportional set size), so what the warm parent imported is not counted again for
    every process.
    """
    total = 0
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in others:
            total += _proportional(int(name))
    return total + sum(_held_in(folder) for folder in folders)


def _proportional(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            for line in file:
                if line.startswith("Pss:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError):  # it has just ended
        pass
    return 0


def _held_in(folder: str) -> int:
    try:
        held = os.statvfs(folder)
    except OSError:
        return 0
    return (held.f_blocks - held.f_bfree) * held.f_frsize
