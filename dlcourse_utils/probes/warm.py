"""The warm parent, a program of its own inside the sandbox: everything imported once, one fork per submission.

It takes requests on a Unix socket (the settings name its descriptor), each with four descriptors: commands, answers,
raw output, and a leash. It never runs learner code, never starts a thread and never runs a parallel operation, which
would hang its children. A submission's worker is a grandchild: process 1 of a process namespace of its own, so when it
ends the kernel kills whatever it has started. Between the two stands a keeper that kills the worker when the leash is
let go or its memory grows too large, and says on the leash how it ended.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import traceback
from dataclasses import fields
from typing import Any, NoReturn

from . import confine
from .rehearsal import rehearse
from .watchdog import used_memory

LOOK_EVERY = 0.05  # seconds between two looks at the memory


def main() -> None:
    """Become unprivileged, import what submissions import, and serve until the head closes the socket."""
    settings = json.loads(sys.argv[1])
    if settings.get("try"):
        sys.exit(attempt(settings))
    sys.modules["dlcourse_utils.checks"] = None  # type: ignore[assignment]  # `import` says it does not exist
    if os.getuid() == 0:
        confine.become(settings["uid"])
    confine.hide()
    confine.die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are reaped by the kernel
    preload(settings["modules"])
    rehearse()
    gc.collect()
    gc.freeze()  # keeps the shared pages shared: the collector writes to what it looks at
    control = socket.socket(fileno=settings["control"])
    control.send(b"ready")
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, 65_536, 4)
        if not request:
            return
        wanted = json.loads(request)
        if missing := [name for name in wanted["modules"] if name not in sys.modules]:
            preload(missing)
            gc.collect()
            gc.freeze()
        if os.fork() == 0:
            control.close()
            keep(wanted["limits"], descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def attempt(settings: dict[str, Any]) -> int:
    """Take every step that a submission needs and run nothing: return 0, or say what the kernel refused."""
    try:
        if os.getuid() == 0:
            confine.become(settings["uid"])
        limits = confine.Limits()
        confine.enter_namespaces(limits)
        child = os.fork()
        if child == 0:
            confine.lock(limits)
            os._exit(0)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except OSError as error:
        print(error, file=sys.stderr)
        return 1


def preload(modules: list[str]) -> None:
    """Import what a notebook needs, so that no submission pays for it."""
    import importlib

    for name in modules:
        try:
            importlib.import_module(name)
        except ImportError:
            continue  # a chapter's library that is kept away from this parent


def keep(wanted: dict[str, int], descriptors: list[int]) -> NoReturn:
    """Run one worker in namespaces of its own, watch over it, and report its end on the leash.

    wanted: what the submission may use, by the names of confine.Limits.
    """
    commands, answers, raw, leash = descriptors
    worker = 0
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        confine.die_with_parent()
        limits = confine.Limits(**{f.name: wanted[f.name] for f in fields(confine.Limits) if f.name in wanted})
        folders = confine.temporary_folders()
        confine.enter_namespaces(limits)
        worker = os.fork()
        if worker == 0:
            os.close(leash)
            work(limits, commands, answers, raw)
        for descriptor in (commands, answers, raw):
            os.close(descriptor)
        say(leash, watch(worker, leash, limits, folders))
    except BaseException as error:
        if worker:  # never leave it without a keeper; nothing else is to be killed by it
            with contextlib.suppress(OSError):
                os.kill(worker, signal.SIGKILL)
        say(leash, {"failed": f"{type(error).__name__}: {error}"})
    os._exit(0)


def watch(worker: int, leash: int, limits: confine.Limits, folders: list[str]) -> dict[str, Any]:
    """Wait for the worker's end. Kill it when the head lets go of the leash or its memory is used up."""
    ending: dict[str, Any] = {}
    poller = select.poll()
    poller.register(leash, select.POLLIN | select.POLLHUP)
    handle = os.pidfd_open(worker)
    poller.register(handle, select.POLLIN)
    while True:
        ready = {descriptor for descriptor, _ in poller.poll(LOOK_EVERY * 1000)}
        if handle in ready:
            break
        if leash in ready:
            os.kill(worker, signal.SIGKILL)
            break
        if used_memory(worker, folders) > limits.memory:
            ending["memory"] = True
            os.kill(worker, signal.SIGKILL)
            break
    _, status = os.waitpid(worker, 0)
    code = os.waitstatus_to_exitcode(status)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    ending["cpu"] = sum(one.ru_utime + one.ru_stime for one in used)  # nobody waits for the keeper: it is told here
    return ending | ({"signal": -code} if code < 0 else {"code": code})


def work(limits: confine.Limits, commands: int, answers: int, raw: int) -> NoReturn:
    """Lock this process up and answer commands. Learner code runs from here on."""
    try:
        os.setsid()
        confine.fresh_proc()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(raw, 1)
        os.dup2(raw, 2)
        high = max(commands, answers) + 1
        for descriptor in range(3, max(high, 64)):
            if descriptor not in (commands, answers):
                _close(descriptor)
        os.chdir(confine.SCRATCH)
        confine.lock(limits)
        from .pipe import Pipe
        from .worker import Worker, seed_everything

        seed_everything()
        Worker(Pipe(commands, answers)).serve()
    except BaseException:
        traceback.print_exc()
        os._exit(70)
    os._exit(0)


def say(leash: int, words: dict[str, Any]) -> None:
    """Tell the head, if it still listens."""
    try:
        os.write(leash, json.dumps(words).encode())
    except OSError:
        return


def _close(descriptor: int) -> None:
    try:
        os.close(descriptor)
    except OSError:
        return


if __name__ == "__main__":
    main()
