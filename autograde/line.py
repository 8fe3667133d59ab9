"""The line to a worker, seen from the judge's side: messages with deadlines, and nothing it sends is trusted."""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from dlcourse_utils.errors import CourseError
from dlcourse_utils.probes.pipe import HEADER
from dlcourse_utils.probes.wire import MAX_BYTES, WireError, pack, unpack

START_SECONDS = 60.0
SYNC_SECONDS = 5.0
RAW_BYTES = 100_000  # kept of what is written to the real descriptors 1 and 2 while one command runs
MAX_PENDING = MAX_BYTES + 2 * 2**20  # of answers that nobody has asked for yet


class ChildGoneError(Exception):
    """The worker ended, or sent what no worker of ours sends; the message says which."""


class ChildTooSlowError(Exception):
    """The worker did not answer in time and was killed."""


class Line(ABC):
    """Commands out, answers and raw output in, over three descriptors. How a worker is started and ended differs."""

    def __init__(self, commands: int, answers: int, raw: int) -> None:
        self._commands, self._answers, self._raw = commands, answers, raw
        for descriptor in (commands, answers, raw):
            os.set_blocking(descriptor, False)
        self._poll = select.poll()
        for descriptor in (answers, raw):
            self._poll.register(descriptor, select.POLLIN)
        self._incoming = bytearray()
        self.raw = bytearray()
        self._raw_open = True
        self._turn = 0

    @abstractmethod
    def stop(self) -> None:
        """End the worker with everything it started, and leave nothing of it. May be called twice."""

    @abstractmethod
    def ending(self) -> str:
        """Say in words how the worker ended by itself; it is dead afterwards."""

    def wait_until_ready(self) -> None:
        """Take the worker's first word. Raises CourseError when it does not come: that is our failure."""
        try:
            hello = self._receive(time.monotonic() + START_SECONDS)
        except (ChildGoneError, ChildTooSlowError) as error:
            said = self.raw.decode("utf-8", "replace").strip().splitlines()
            self.stop()
            why = said[-1] if said else error
            raise CourseError(f"The process that runs submissions did not start: {why}") from error
        if hello.get("said") != "ready":
            self.stop()
            raise CourseError("The process that runs submissions did not start: it answered something unknown.")

    def ask(self, command: dict[str, Any], seconds: float) -> Iterator[dict[str, Any]]:
        """Send a command and yield every answer up to and including "done".

        Raises ChildTooSlowError after `seconds` (the worker is then dead), ChildGoneError when it ended by itself.
        """
        self.raw.clear()
        self._turn += 1
        deadline = time.monotonic() + seconds
        self._send({**command, "turn": self._turn}, deadline)
        while True:
            message = self._receive(deadline)
            if message.get("turn") != self._turn:  # else a forged answer could stand in for a later one
                self.stop()
                raise ChildGoneError("it answered out of turn")
            done = message.get("said") == "done"
            if done:
                self._sync()
            yield message
            if done:
                return

    def _sync(self) -> None:
        """See that the worker waits for a command: a forged "done" must not cost the step that comes next."""
        nonce = secrets.randbits(60)
        deadline = time.monotonic() + SYNC_SECONDS
        try:
            self._send({"do": "sync", "turn": nonce}, deadline)
            answer = self._receive(deadline)
        except ChildTooSlowError as error:
            raise ChildGoneError("it went on after it was done") from error
        if answer.get("said") != "sync" or answer.get("turn") != nonce:
            self.stop()
            raise ChildGoneError("it answered out of turn")

    def close_descriptors(self) -> None:
        """Close this side of the line."""
        for descriptor in (self._commands, self._answers, self._raw):
            with contextlib.suppress(OSError):
                os.close(descriptor)
        self._commands = self._answers = self._raw = -1

    def drain_raw(self) -> None:
        """Read what a dead worker has still left on its real output; one that is not dead may write for ever."""
        while self._raw_open and self._raw >= 0 and len(self.raw) < RAW_BYTES:
            try:
                self._take_raw()
            except (BlockingIOError, OSError):
                return

    def _send(self, command: dict[str, Any], deadline: float) -> None:
        body = pack(command)
        view = memoryview(HEADER.pack(len(body)) + body)
        while view:
            try:
                view = view[os.write(self._commands, view) :]
            except BlockingIOError:
                self._pump(deadline, writing=True)
            except OSError as error:
                raise ChildGoneError(self.ending()) from error

    def _receive(self, deadline: float) -> dict[str, Any]:
        while True:
            if len(self._incoming) >= HEADER.size:
                (size,) = HEADER.unpack_from(self._incoming)
                if size > MAX_BYTES:
                    self.stop()
                    raise ChildGoneError("it sent a message larger than is allowed")
                if len(self._incoming) >= HEADER.size + size:
                    body = bytes(self._incoming[HEADER.size : HEADER.size + size])
                    del self._incoming[: HEADER.size + size]
                    return self._parse(body)
            self._pump(deadline)

    def _parse(self, body: bytes) -> dict[str, Any]:
        try:
            message = unpack(body)
        except WireError as error:
            self.stop()
            raise ChildGoneError(f"its answer could not be read: {error}") from error
        if not isinstance(message, dict):
            self.stop()
            raise ChildGoneError("it sent something that is no message")
        return message

    def _pump(self, deadline: float, writing: bool = False) -> None:
        """Wait until something can be read (or written), and read it."""
        left = deadline - time.monotonic()
        if writing:
            self._poll.register(self._commands, select.POLLOUT)
        ready = {descriptor for descriptor, _ in self._poll.poll(left * 1000)} if left > 0 else set()
        if writing:
            self._poll.unregister(self._commands)
        if not ready:
            self.stop()
            raise ChildTooSlowError
        if self._raw in ready:
            self._take_raw()
        if self._answers in ready:
            part = os.read(self._answers, 1 << 20)
            if not part:
                raise ChildGoneError(self.ending())
            self._incoming += part
            if len(self._incoming) > MAX_PENDING:
                self.stop()
                raise ChildGoneError("it sent more than is allowed")

    def _take_raw(self) -> None:
        part = os.read(self._raw, 1 << 16)
        self._raw_open = bool(part)
        if not part:
            self._poll.unregister(self._raw)
        self.raw += part[: max(0, RAW_BYTES - len(self.raw))]
