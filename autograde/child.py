"""One worker process seen from the judge's side: messages with deadlines, and nothing it sends is trusted.

`Child` has the interface that a sandboxed or a forked worker will have too: start, ask, stop.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dlcourse_utils.errors import CourseError
from dlcourse_utils.probes.pipe import HEADER
from dlcourse_utils.probes.wire import MAX_BYTES, WireError, pack, unpack

START_SECONDS = 60.0
RAW_BYTES = 100_000  # kept of what is written to the real descriptors 1 and 2 while one command runs


class ChildGoneError(Exception):
    """The worker ended, or sent what no worker of ours sends; the message says which."""


class ChildTooSlowError(Exception):
    """The worker did not answer in time and was killed."""


class Child:
    """A worker in a process group and a temporary folder of its own; `stop` leaves nothing of either."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="dlcourse-run-", ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dlcourse_utils.probes.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=self._folder.name,
            env=environment(Path(self._folder.name)),
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._stdin, self._stdout, self._stderr = (
            self._process.stdin.fileno(), self._process.stdout.fileno(), self._process.stderr.fileno())
        for descriptor in (self._stdin, self._stdout, self._stderr):
            os.set_blocking(descriptor, False)
        self._incoming = bytearray()
        self.raw = bytearray()
        self._raw_open = True
        self._turn = 0
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
            yield message
            if message.get("said") == "done":
                return

    def stop(self) -> None:
        """Kill the worker with everything it started, and remove its folder."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._folder.cleanup()

    def _send(self, command: dict[str, Any], deadline: float) -> None:
        body = pack(command)
        view = memoryview(HEADER.pack(len(body)) + body)
        while view:
            try:
                view = view[os.write(self._stdin, view) :]
            except BlockingIOError:
                self._pump(deadline, writing=True)
            except OSError as error:
                raise ChildGoneError(self._ending()) from error

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
            raise ChildGoneError(f"it sent {error}") from error
        if not isinstance(message, dict):
            self.stop()
            raise ChildGoneError("it sent something that is no message")
        return message

    def _pump(self, deadline: float, writing: bool = False) -> None:
        """Wait until something can be read (or written), and read it."""
        left = deadline - time.monotonic()
        with selectors.DefaultSelector() as selector:
            selector.register(self._stdout, selectors.EVENT_READ)
            if self._raw_open:
                selector.register(self._stderr, selectors.EVENT_READ)
            if writing:
                selector.register(self._stdin, selectors.EVENT_WRITE)
            ready = selector.select(max(left, 0)) if left > 0 else []
        if not ready:
            self.stop()
            raise ChildTooSlowError
        for key, _ in ready:
            if key.fd == self._stderr:
                self._take_raw()
            elif key.fd == self._stdout:
                part = os.read(self._stdout, 1 << 20)
                if not part:
                    raise ChildGoneError(self._ending())
                self._incoming += part

    def _take_raw(self) -> None:
        part = os.read(self._stderr, 1 << 16)
        self._raw_open = bool(part)
        self.raw += part[: max(0, RAW_BYTES - len(self.raw))]

    def _ending(self) -> str:
        """Say how the worker ended, in words; it is dead afterwards."""
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.stop()
            return "it closed the line to the grader"
        while self._raw_open:
            try:
                self._take_raw()
            except BlockingIOError:
                break
        self.stop()
        if code < 0:
            return f"the process was ended by {signal.Signals(-code).name}"
        return f"the process ended itself with code {code}"


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a worker: little of ours, single-threaded, and the same on every run."""
    kept = {k: os.environ[k] for k in ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV", "SYSTEMROOT") if k in os.environ}
    package = Path(__file__).resolve().parent.parent
    paths = [str(package), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return kept | {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "IPYTHONDIR": str(folder / ".ipython"),
        "MPLCONFIGDIR": _matplotlib_cache(),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "NBGRADER_EXECUTION": "autograde",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
    }


def _matplotlib_cache() -> str:
    import matplotlib

    return matplotlib.get_cachedir()  # without its font cache every submission would search for fonts anew
