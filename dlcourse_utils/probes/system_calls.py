"""A seccomp filter: the system calls that a submission has no use for and that a wall or a limit would miss.

Refused are calls that create or enter namespaces, mount, trace other processes, or reach the kernel's keys, programs
and log; sockets of families that no network namespace holds back (AF_VSOCK reaches the host of a virtual machine);
and every way to hold memory that neither RLIMIT_AS nor `watchdog` sees: memfd, System V shared memory, semaphores and
messages, shared anonymous mappings (their pages stay after MADV_DONTNEED), pages given to pipes, asynchronous I/O.

On machines other than x86_64 and aarch64 nothing is refused; the other walls still stand.

Sources: seccomp(2), asm/unistd_64.h and asm-generic/unistd.h for the numbers, linux/filter.h for the program.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_NEW_NAMESPACE = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
_SHARED_ANONYMOUS, _MAP_TYPE = 0x21, 0x0F  # MAP_SHARED | MAP_ANONYMOUS
_FAMILIES = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: each bound to its network namespace

_SAME = {"clone3": 435, "io_uring_setup": 425, "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431,
         "fsmount": 432, "fspick": 433, "pidfd_getfd": 438, "mount_setattr": 442, "memfd_secret": 447}  # fmt: skip
_CALLS = {
    "x86_64": (0xC000003E, {
        "clone": 56, "socket": 41, "mmap": 9,
        "ptrace": 101, "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "setns": 308,
        "unshare": 272, "memfd_create": 319, "add_key": 248, "request_key": 249, "keyctl": 250, "bpf": 321,
        "perf_event_open": 298, "userfaultfd": 323, "process_vm_readv": 310, "process_vm_writev": 311,
        "shmget": 29, "semget": 64, "msgget": 68, "vmsplice": 278, "io_setup": 206, "syslog": 103, "kcmp": 312,
        **_SAME}),
    "aarch64": (0xC00000B7, {
        "clone": 220, "socket": 198, "mmap": 222,
        "ptrace": 117, "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "setns": 268,
        "unshare": 97, "memfd_create": 279, "add_key": 217, "request_key": 218, "keyctl": 219, "bpf": 280,
        "perf_event_open": 241, "userfaultfd": 282, "process_vm_readv": 270, "process_vm_writev": 271,
        "shmget": 194, "semget": 190, "msgget": 186, "vmsplice": 75, "io_setup": 0, "syslog": 116, "kcmp": 272,
        **_SAME}),
}  # fmt: skip
_LOOKED_AT = ("clone", "clone3", "socket", "mmap")  # allowed or not by their arguments

_LOAD, _AND, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_BITS, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE, _UNKNOWN, _KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000  # EPERM, ENOSYS
_NUMBER, _ARCH, _FIRST, _FOURTH = 0, 4, 16, 40  # offsets in `struct seccomp_data`


def refuse() -> None:
    """Refuse the calls from now on, for this process and all its children. Raises OSError."""
    machine = platform.machine()
    if machine not in _CALLS:
        return
    program = program_for(*_CALLS[machine], x32=machine == "x86_64")
    buffer = ctypes.create_string_buffer(program, len(program))
    prog = struct.pack("<HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    if _libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, prog, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"seccomp: {os.strerror(number)}")


def program_for(arch: int, calls: dict[str, int], x32: bool) -> bytes:
    """Return the classic BPF program. `x32`: the machine also understands a second set of numbers, which kills."""
    code = [(_LOAD, 0, 0, _ARCH), (_JUMP_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _NUMBER)]
    if x32:
        code += [(_JUMP_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _KILL)]
    for name, number in calls.items():
        if name not in _LOOKED_AT:
            code += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    # glibc falls back to clone, whose flags can be looked at
    code += [(_JUMP_EQUAL, 0, 1, calls["clone3"]), (_RETURN, 0, 0, _UNKNOWN)]
    code += _when(calls["clone"], [(_LOAD, 0, 0, _FIRST), (_JUMP_BITS, 0, 1, _NEW_NAMESPACE)])
    code += _when(calls["mmap"], [(_LOAD, 0, 0, _FOURTH), (_AND, 0, 0, _MAP_TYPE | 0x20),
                                  (_JUMP_EQUAL, 0, 1, _SHARED_ANONYMOUS)])  # fmt: skip
    left = [(_JUMP_EQUAL, len(_FAMILIES) - i, 0, family) for i, family in enumerate(_FAMILIES)]
    code += _when(calls["socket"], [(_LOAD, 0, 0, _FIRST), *left])
    code += [(_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("<HBBI", *step) for step in code)


def _when(number: int, looks: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """For one call only: load an argument, look at it, and refuse; a look may jump over the refusal to "allow"."""
    return [(_JUMP_EQUAL, 0, len(looks) + 2, number), *looks, (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
