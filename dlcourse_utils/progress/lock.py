"""One writer at a time: a lock that the system itself lets go of when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE = 0.005  # seconds between two tries

if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _release(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a network drive without locks: going on beats keeping nothing
            return True
        return True

    def _release(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)  # closing alone would not do while a forked child has it open


@contextmanager
def locked(path: Path, seconds: float) -> Iterator[None]:
    """Hold the lock file `path`, which is made if need be and stays: removing it would let two holders in.

    Holds between processes and between threads. Raises TimeoutError after `seconds`, OSError when the file
    cannot be made.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        end = time.monotonic() + seconds
        while not _try(handle):
            if time.monotonic() > end:
                raise TimeoutError(f"{path} is held by another program")
            time.sleep(PAUSE)
        try:
            yield
        finally:
            _release(handle)
    finally:
        os.close(handle)
