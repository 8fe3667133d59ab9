"""Messages of plain data over a pair of file descriptors: 8 bytes of length, then the packed message."""

from __future__ import annotations

import os
import struct
import threading
from typing import Any

from .wire import MAX_BYTES, WireError, pack, unpack

HEADER = struct.Struct("<Q")


class Pipe:
    """The learner side's end: blocking, and safe against a thread or an alarm in the middle of a message."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = reading
        self._writing = writing
        self._lock = threading.RLock()
        self._owner = os.getpid()
        self.busy = False  # True while a message is half sent; an alarm must wait

    def send(self, message: dict[str, Any]) -> None:
        """Send one message. Raises OSError when the other side is gone."""
        if os.getpid() != self._owner:  # learner code forked: the copy must not speak for the original
            os._exit(0)
        body = pack(message)
        with self._lock:
            self.busy = True
            try:
                self._write(HEADER.pack(len(body)) + body)
            finally:
                self.busy = False

    def receive(self) -> dict[str, Any] | None:
        """Return the next message, or None when the other side has closed."""
        header = self._read(HEADER.size)
        if header is None:
            return None
        (size,) = HEADER.unpack(header)
        if size > MAX_BYTES:
            raise WireError(f"a message of {size:,} bytes is too large")
        body = self._read(size)
        return None if body is None else unpack(body)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._writing, view) :]

    def _read(self, size: int) -> bytes | None:
        parts = []
        while size:
            part = os.read(self._reading, min(size, 1 << 20))
            if not part:
                return None
            parts.append(part)
            size -= len(part)
        return b"".join(parts)
