"""How much memory a submission's processes hold together, seen from the keeper beside them."""

from __future__ import annotations

import os
from collections.abc import Sequence


def used_memory(root: int, folders: Sequence[str]) -> int:
    """Return bytes held by process `root` and all below it, and by files in the temporary `folders`.

    Orphans in a process namespace become children of its first process, so nothing started there escapes. Shared
    pages count in parts (proportional set size): what the warm parent imported is not counted once per process.
    """
    return sum(map(_proportional, _family(root))) + sum(map(_held_in, folders))


def _family(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            children.setdefault(_parent(int(name)), []).append(int(name))
    family = [root]
    for pid in family:  # the list grows while it is walked
        family += children.get(pid, [])
    return family


def _parent(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return int(file.read().rpartition(")")[2].split()[1])  # a name may hold blanks and brackets
    except (OSError, ValueError, IndexError):  # it has just ended
        return -1


def _proportional(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            for line in file:
                if line.startswith("Pss:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return 0


def _held_in(folder: str) -> int:
    try:
        held = os.statvfs(folder)
    except OSError:
        return 0
    return (held.f_blocks - held.f_bfree) * held.f_frsize
