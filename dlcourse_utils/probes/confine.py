"""Lock the current process up before it runs learner code: namespaces, limits, no privileges, few system calls.

Covers, on Linux: a user, process, mount, IPC and network namespace of its own for every submission; temporary
folders of a fixed size that vanish with it; limits per process (address space, CPU time, file size, open files,
processes); no capabilities and no way to regain any; system calls refused as `system_calls` lists them.

Does not cover: attacks on the kernel itself; secrets in files that were mounted in the first place (the mounts are
`autograde.sandbox`'s); the sum of memory over processes (`watchdog` looks after that from the outside).

Sources: namespaces(7), user_namespaces(7), capabilities(7), getrlimit(2), prctl(2).
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
from dataclasses import dataclass

from . import system_calls

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = (
    0x00020000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
SIGKILL = 9
SCRATCH = "/scratch"


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Bytes, seconds and counts; memory is beyond what the warm parent already maps."""

    memory: int = 2 * 2**30
    cpu_seconds: int = 900
    processes: int = 64
    open_files: int = 256
    file_bytes: int = 64 * 2**20
    temporary_bytes: int = 128 * 2**20


def enter_namespaces(limits: Limits) -> None:
    """Move the caller into fresh namespaces with private temporary folders; its next child is process 1 there.

    Raises OSError when the kernel refuses.
    """
    uid, gid = os.getuid(), os.getgid()
    _prctl(PR_SET_DUMPABLE, 1)  # else this process may not write its own uid_map
    _check(_libc.unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWNET), "unshare")
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")
    hide()
    size = f"size={limits.temporary_bytes},nr_inodes=8192,mode=1777"
    for folder in temporary_folders():
        mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, size)


def temporary_folders() -> list[str]:
    """Return where a submission may write. `/tmp` is left alone when an interpreter lies below it."""
    return [SCRATCH, "/dev/shm", *(["/tmp"] if not os.listdir("/tmp") else [])]


def fresh_proc() -> None:
    """Show this process namespace only in /proc. Where the kernel refuses, the one mounted before stays.

    The one before lists our own warm parent too, which cannot be read (not dumpable) or signalled (not in this
    namespace) from here.
    """
    try:
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "")
    except OSError:
        return


def lock(limits: Limits) -> None:
    """Set the limits and give up every privilege for good. The caller is about to run learner code.

    Raises OSError when a step fails: then nothing may be run.
    """
    _set_limits(limits)
    _drop_capabilities()
    _prctl(PR_SET_DUMPABLE, 1)  # its own /proc/self is its own
    die_with_parent()
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    system_calls.refuse()


def become(uid: int) -> None:
    """Change from root to a real unprivileged user: limits on processes do nothing for root."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def hide() -> None:
    """Let no process of the same user read this one's memory, environment or open files."""
    _prctl(PR_SET_DUMPABLE, 0)


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends."""
    _prctl(PR_SET_PDEATHSIG, SIGKILL)


def mount(source: str, target: str, kind: str, flags: int, options: str) -> None:
    """mount(2). Raises OSError."""
    result = _libc.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode())
    _check(result, f"mount {target}")


def _set_limits(limits: Limits) -> None:
    with open("/proc/self/statm", encoding="ascii") as statm:
        mapped = int(statm.read().split()[0]) * resource.getpagesize()
    for what, value in (
        (resource.RLIMIT_AS, mapped + limits.memory),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(what, (value, value))


def _drop_capabilities() -> None:
    for capability in range(64):
        if _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break  # past the last capability that this kernel knows
    header = struct.pack("<Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    _check(_libc.capset(header, bytes(24)), "capset")


def _prctl(option: int, value: int) -> None:
    _check(_libc.prctl(option, value, 0, 0, 0), f"prctl {option}")


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
