"""The warm parent and its forks, seen from the judge's side.

One warm parent per kind (with or without torch) and grading process; it is started when first needed and lives until
the grading process ends. Every submission is a fork of it, in namespaces of its own.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from dlcourse_utils.errors import CourseError
from dlcourse_utils.probes.confine import Limits

from . import sandbox
from .line import START_SECONDS, Line

# What a chapter's cells import; none of it starts a thread.
NUMPY_MODULES = (
    "numpy",
    "scipy.special",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "IPython.core.interactiveshell",
    "IPython.core.ultratb",
    "stack_data",
    "executing",
    "asttokens",
    "pure_eval",
    "pygments.lexers.python",
    "ipywidgets",
    "anywidget",
    "tqdm.auto",
    "dlcourse_utils",
    "dlcourse_utils.data",
    "dlcourse_utils.gradients",
    "dlcourse_utils.widgets",
    "dlcourse_utils.probes.shell",
    "dlcourse_utils.probes.worker",
    "dlcourse_utils.probes.call",
    "dlcourse_utils.probes.recipes",
)
# What takes a second to import is imported when the first submission comes whose cells have the word.
LARGE_MODULES = {
    "sklearn": ("sklearn.datasets", "sklearn.linear_model", "sklearn.model_selection"),
    "load_digits": ("sklearn.datasets", "sklearn.model_selection"),
    "scipy.stats": ("scipy.stats",),
}
# A first optimizer imports torch._dynamo, with sympy behind it: two seconds and 80 MB that forks can share.
TORCH_MODULES = (*NUMPY_MODULES, "torch", "torch.nn.functional", "torch.optim", "torch.utils.data", "torch._dynamo")
_parents: dict[bool, WarmParent] = {}
_cpu_seconds: list[float] = []
# The kernel ends a parent together with the thread that started it (--die-with-parent): one thread lives for that.
_spawner = ThreadPoolExecutor(1, "dlcourse-warm")
_starting = threading.Lock()  # several submissions may run at once, each in a thread that waits for its worker


class WarmParent:
    """The process inside the sandbox that has imported everything and forks on request."""

    def __init__(self, torch: bool) -> None:
        sandbox.require()
        self.torch = torch
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        modules = TORCH_MODULES if torch else NUMPY_MODULES
        program = [sys.executable, "-m", "dlcourse_utils.probes.warm", sandbox.settings(theirs.fileno(), modules)]
        self._process = _spawner.submit(
            subprocess.Popen,
            sandbox.command(program, torch),
            env=sandbox.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
        ).result()
        theirs.close()
        self._control = ours
        self._control.settimeout(START_SECONDS)
        if self._hello() != b"ready":
            said = self._last_words()
            self.close()
            raise CourseError(f"The warm parent did not start: {said}")

    @property
    def alive(self) -> bool:
        """Whether it still takes requests."""
        return self._process.poll() is None

    def fork(self, limits: Limits, modules: Sequence[str] = ()) -> WarmChild:
        """Return a fresh worker in which `modules` are imported. Raises CourseError when none can be had."""
        commands, self_commands = os.pipe()
        self_answers, answers = os.pipe()
        self_raw, raw = os.pipe()
        leash, their_leash = socket.socketpair()
        theirs = [commands, answers, raw, their_leash.fileno()]
        try:
            request = {"limits": asdict(limits), "modules": list(modules)}
            socket.send_fds(self._control, [json.dumps(request).encode()], theirs)
        except OSError as error:
            raise CourseError(f"The warm parent is gone: {self._last_words()}") from error
        finally:
            for descriptor in (commands, answers, raw):
                os.close(descriptor)
            their_leash.close()
        child = WarmChild(self_commands, self_answers, self_raw, leash)
        child.wait_until_ready()
        return child

    def close(self) -> None:
        """End the parent and every fork of it."""
        self._control.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()  # everything inside dies with it
        self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _hello(self) -> bytes:
        try:
            return self._control.recv(16)
        except OSError:
            return b""

    def _last_words(self) -> str:
        assert self._process.stderr is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        os.set_blocking(self._process.stderr.fileno(), False)
        said = (self._process.stderr.read() or b"").decode("utf-8", "replace").strip().splitlines()
        return said[-1] if said else f"it ended with code {self._process.poll()}"


class WarmChild(Line):
    """One fork. Letting go of the leash kills it with everything it has started."""

    def __init__(self, commands: int, answers: int, raw: int, leash: socket.socket) -> None:
        super().__init__(commands, answers, raw)
        self._leash = leash

    def stop(self) -> None:
        """Kill the worker; the kernel kills the rest of its process namespace, and its files go with it."""
        with contextlib.suppress(OSError):
            self._leash.shutdown(socket.SHUT_WR)
            self._leash.settimeout(5)
            while said := self._leash.recv(4096):  # until the keeper has seen it die
                _note_cpu(said)
        self._leash.close()
        self.close_descriptors()

    def ending(self) -> str:
        """Say how the worker ended, in words; it is dead afterwards."""
        self._leash.settimeout(1)
        try:
            said = self._leash.recv(4096) or b"{}"
            _note_cpu(said)
            words = json.loads(said)
        except (OSError, ValueError):
            words = {}
        self.drain_raw()
        self.stop()
        return in_words(words)


def in_words(words: dict[str, object]) -> str:
    """Say what the keeper reported about a worker's end."""
    if words.get("memory"):
        return "it used more memory than is allowed and was ended"
    if words.get("signal") == signal.SIGXCPU:
        return "it used more CPU time than is allowed and was ended"
    if isinstance(words.get("signal"), int):
        return f"the process was ended by {signal.Signals(int(str(words['signal']))).name}"
    if "code" in words:
        return f"the process ended itself with code {words['code']}"
    return str(words.get("failed") or "it closed the line to the grader")


def fork(torch: bool, limits: Limits | None = None, modules: Sequence[str] = ()) -> WarmChild:
    """Return a fresh worker from this process's warm parent, which is started when there is none.

    modules: what the parent is to import first, unless it has; see `large_modules`.
    """
    return _parent(torch).fork(limits or Limits(), modules)


def large_modules(sources: Iterable[str]) -> tuple[str, ...]:
    """Return which of LARGE_MODULES these cells want. Only words are looked for: what is missed is imported later."""
    text = "\n".join(sources)
    return tuple(sorted({name for word, names in LARGE_MODULES.items() if word in text for name in names}))


def start_ahead(torch: bool) -> None:
    """Start this process's warm parent in the background; what keeps it from starting is told at the first fork."""

    def start() -> None:
        with contextlib.suppress(CourseError, OSError):
            _parent(torch)

    threading.Thread(target=start, name="dlcourse-start", daemon=True).start()


def _parent(torch: bool) -> WarmParent:
    with _starting:
        parent = _parents.get(torch)
        if parent is None or not parent.alive:
            if parent is not None:
                parent.close()
            parent = _parents[torch] = WarmParent(torch)
    return parent


def cpu_seconds() -> float:
    """Return the CPU seconds of this process's workers that have ended, and of the processes they waited for."""
    return sum(_cpu_seconds)


def _note_cpu(said: bytes) -> None:
    with contextlib.suppress(ValueError, TypeError, AttributeError):
        _cpu_seconds.append(float(json.loads(said).get("cpu", 0.0)))


@atexit.register
def close_all() -> None:
    """End the warm parents of this process."""
    while _parents:
        _parents.popitem()[1].close()
