"""Lock the current process up before it runs learner code: namespaces, limits, no privileges, few system calls.

Covers, on Linux: a user, process, mount, IPC and network namespace of its own for every submission; temporary
folders of a fixed size that vanish with it; limits per process (address space, CPU time, file size, open files,
processes); no capabilities and no way to regain any; system calls refused that create namespaces, mount, trace
other processes, or hold memory that no limit counts (memfd, System V shared memory).

Does not cover: attacks on the kernel itself; secrets in files that were mounted in the first place (the mounts are
`autograde.sandbox`'s); the sum of memory over processes (`watchdog` looks after that from the outside).

Sources: namespaces(7), user_namespaces(7), capabilities(7), seccomp(2), getrlimit(2), prctl(2).
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
from dataclasses import dataclass

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = (
    0x00020000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
_ALL_NEW = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | 0x04000000 | 0x02000000
MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 38
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
    _refuse_system_calls()


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


# Numbers differ between machines: asm/unistd_64.h and asm-generic/unistd.h.
_SAME = {"clone3": 435, "io_uring_setup": 425, "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431,
         "fsmount": 432, "fspick": 433, "pidfd_getfd": 438, "mount_setattr": 442, "memfd_secret": 447}  # fmt: skip
_CALLS = {
    "x86_64": (0xC000003E, {
        "clone": 56, "ptrace": 101, "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "setns": 308,
        "unshare": 272, "memfd_create": 319, "add_key": 248, "request_key": 249, "keyctl": 250, "bpf": 321,
        "perf_event_open": 298, "userfaultfd": 323, "process_vm_readv": 310, "process_vm_writev": 311,
        "shmget": 29, "kcmp": 312, **_SAME}),
    "aarch64": (0xC00000B7, {
        "clone": 220, "ptrace": 117, "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "setns": 268,
        "unshare": 97, "memfd_create": 279, "add_key": 217, "request_key": 218, "keyctl": 219, "bpf": 280,
        "perf_event_open": 241, "userfaultfd": 282, "process_vm_readv": 270, "process_vm_writev": 271,
        "shmget": 194, "kcmp": 272, **_SAME}),
}  # fmt: skip
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE, _UNKNOWN, _KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000  # EPERM, ENOSYS


def _refuse_system_calls() -> None:
    machine = platform.machine()
    if machine not in _CALLS:  # the other walls still stand; say nothing false: see the module's docstring
        return
    program = _filter(*_CALLS[machine], x32=machine == "x86_64")
    buffer = ctypes.create_string_buffer(program, len(program))
    prog = struct.pack("<HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    _check(_libc.prctl(PR_SET_SECCOMP, 2, prog, 0, 0), "seccomp")


def _filter(arch: int, calls: dict[str, int], x32: bool) -> bytes:
    """Return a classic BPF program over `struct seccomp_data` (nr at 0, arch at 4, first argument at 16)."""
    refused = [number for name, number in calls.items() if name not in ("clone", "clone3")]
    code = [(_LOAD, 0, 0, 4), (_JUMP_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    if x32:  # the second set of numbers that the same machine understands
        code += [(_JUMP_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _KILL)]
    for number in refused:
        code += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    # glibc falls back to clone, whose flags can be looked at
    code += [(_JUMP_EQUAL, 0, 1, calls["clone3"]), (_RETURN, 0, 0, _UNKNOWN)]
    code += [(_JUMP_EQUAL, 0, 3, calls["clone"]), (_LOAD, 0, 0, 16), (_JUMP_BITS, 0, 1, _ALL_NEW)]
    code += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("<HBBI", *step) for step in code)


def _prctl(option: int, value: int) -> None:
    _check(_libc.prctl(option, value, 0, 0, 0), f"prctl {option}")


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
