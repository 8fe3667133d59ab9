"""How much memory a submission's processes hold together, seen from the keeper beside them."""

from __future__ import annotations

import os
from collections.abc import Sequence

SOCKET_BYTES = 425_984  # what the kernel may hold for one socket: twice net.core.wmem_max


def used_memory(root: int, folders: Sequence[str]) -> int:
    """Return bytes held by process `root` and all below it, by files in `folders`, and by sockets at the most.

    Orphans in a process namespace become children of its first process, so nothing started there escapes. Shared
    pages count in parts (proportional set size): what the warm parent imported is not counted once per process. A
    process that has made itself unreadable is charged with all its anonymous pages instead.
    """
    held = sum(map(_proportional, _family(root))) + sum(map(_held_in, folders))
    return held + _sockets() * SOCKET_BYTES


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
        return _kilobytes(f"/proc/{pid}/smaps_rollup", ("Pss:",))
    except PermissionError:
        try:
            return _kilobytes(f"/proc/{pid}/status", ("RssAnon:", "RssShmem:"))
        except (OSError, ValueError):
            return 0
    except (OSError, ValueError):  # it has just ended
        return 0


def _kilobytes(path: str, names: tuple[str, ...]) -> int:
    with open(path, encoding="utf-8", errors="replace") as file:
        return sum(int(line.split()[1]) * 1024 for line in file if line.startswith(names))


def _held_in(folder: str) -> int:
    try:
        held = os.statvfs(folder)
    except OSError:
        return 0
    return (held.f_blocks - held.f_bfree) * held.f_frsize


def _sockets() -> int:
    """Return how many sockets exist in this network namespace, which the submission shares with its keeper only."""
    try:
        with open("/proc/self/net/sockstat", encoding="ascii") as file:
            return int(file.readline().split()[2])
    except (OSError, ValueError, IndexError):
        return 0
