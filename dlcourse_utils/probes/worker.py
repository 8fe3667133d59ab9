"""The learner's side of grading, a program of its own: it runs cells and probes, and hands back plain data.

It reads commands from standard input and answers on standard output, which learner code never sees: both are
moved out of its reach before the first cell. What is written to the real descriptors 1 and 2 goes to standard
error. Commands: {"do": "cell", source, seconds} (with "defines_without": only what the cell defines, less those
names), {"do": "check", objects, probe, cases, seconds}. Answers: any number of "output" and "observation", then one
"done", each with the command's turn. {"do": "sync"} is answered by "sync": the command before it has really ended.

`dlcourse_utils.checks` cannot be imported here, whether it exists or not.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import threading
import time
from typing import Any

from .allowed import forbidden_uses
from .definitions import only_definitions
from .observe import Observation, observe
from .pipe import Pipe
from .traces import Raised

REMINDER = 0.5  # seconds between two alarms, for code that swallows the first


class TimeLimit(KeyboardInterrupt):
    """A cell or a check took longer than it may; like Ctrl-C, no `except Exception` stops it."""

    def _render_traceback_(self) -> list[str]:  # IPython asks for this; our own frames would teach nobody anything
        return [f"TimeLimit: {self}"]


class Worker:
    """Owns the shell and answers one command after the other."""

    def __init__(self, pipe: Pipe) -> None:
        from . import shell

        self.pipe = pipe
        self._armed = False
        self._turn: Any = None
        self._answering = threading.RLock()  # held while it is settled whether a command is still being answered
        self._idle = True
        self.stdout, self.stderr = shell.Stream("stdout", 1), shell.Stream("stderr", 2)
        sys.stdout, sys.stderr = self.stdout, self.stderr
        self.shell = shell.start(self._output)
        signal.signal(signal.SIGALRM, self._alarm)

    def serve(self) -> None:
        """Answer until the other side closes."""
        self._say("ready")
        while (command := self.pipe.receive()) is not None:
            self._turn = command["turn"]
            if command["do"] == "sync":
                self._say("sync")
                continue
            self._idle = False
            started = time.perf_counter()
            try:
                answer = self._cell(command) if command["do"] == "cell" else self._check(command)
            except TimeLimit:
                answer = {"status": "timed_out"}
            with self._answering:  # what a learner's thread still prints after this is dropped
                self._idle = True
                self._say("done", took=time.perf_counter() - started, **answer)

    def _say(self, said: str, **more: Any) -> None:
        self.pipe.send({"said": said, "turn": self._turn, **more})

    def _cell(self, command: dict[str, Any]) -> dict[str, Any]:
        sys.stdout, sys.stderr = self.stdout, self.stderr  # a cell before may have left its own
        try:
            self._limit(command["seconds"])
            source = command["source"]
            if "defines_without" in command:
                source = only_definitions(self.shell.transform_cell(source), command["defines_without"])
            ran = self.shell.run_cell(source, store_history=True)
        finally:
            self._limit(0)
            self.stdout.finish()
            self.stderr.finish()
        error = ran.error_before_exec or ran.error_in_exec
        if isinstance(error, TimeLimit):
            return {"status": "timed_out"}
        if error is not None:
            return {"status": "error", "error": [c.__name__ for c in type(error).__mro__]}
        return {"status": "ok"}

    def _check(self, command: dict[str, Any]) -> dict[str, Any]:
        names = command["objects"]
        missing = [name for name in names if name not in self.shell.user_ns]
        if missing:
            return {"status": "missing", "missing": missing}
        attempt = [self.shell.user_ns[name] for name in names]
        uncallable = [f"{n}: {type(o).__name__}" for n, o in zip(names, attempt, strict=True) if not callable(o)]
        if uncallable:
            return {"status": "uncallable", "missing": uncallable}
        used = forbidden_uses(attempt, command.get("forbidden") or ())
        if used:
            return {"status": "forbidden", "missing": list(used)}
        seed_everything()
        try:
            self._limit(command["seconds"])
            for number, (args, kwargs) in enumerate(command["cases"]):
                seen = observe(command["probe"], attempt, args, kwargs)
                self._say("observation", case=number, observation=packable(seen).to_plain())
        finally:
            self._limit(0)
        return {"status": "ok"}

    def _output(self, output: dict[str, Any]) -> None:
        try:
            text = json.dumps(output, default=str)
        except (TypeError, ValueError, RecursionError):
            text = json.dumps({"output_type": "display_data", "data": {"text/plain": "[no data]"}, "metadata": {}})
        with self._answering:
            if not self._idle:
                self._say("output", json=text)

    def _limit(self, seconds: float) -> None:
        self._armed = seconds > 0
        signal.setitimer(signal.ITIMER_REAL, seconds, REMINDER if seconds else 0)

    def _alarm(self, *_: Any) -> None:
        if self._armed and not self.pipe.busy:
            raise TimeLimit("the time allowed for this is used up")


def packable(seen: Observation) -> Observation:
    """Return the observation, or one that says why its value cannot cross."""
    from .wire import MAX_BYTES, pack

    try:
        if len(pack(seen.to_plain())) < MAX_BYTES - 1024:
            return seen
        why = "the result is too large to be checked"
    except (TypeError, ValueError, RecursionError) as error:
        why = f"the result cannot be checked: {error}"
    return Observation(raised=Raised("ResultError", why, ("ResultError", "Exception")))


def seed_everything() -> None:
    """Start all global random generators at the same place, so that a second run gives the same grade."""
    import numpy as np

    random.seed(0)
    np.random.seed(0)
    with contextlib.suppress(Exception):  # a learner may have put anything under this name
        sys.modules["torch"].manual_seed(0)


def main() -> None:
    """Move the pipe out of the learner's reach and serve."""
    # None makes both `import` and `find_spec` say that it does not exist.
    sys.modules["dlcourse_utils.checks"] = None  # type: ignore[assignment]
    if sys.platform == "linux":
        from .confine import die_with_parent

        die_with_parent()  # a loop that swallows everything would go on for ever if the grading process was killed
    reading, writing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    seed_everything()
    Worker(Pipe(reading, writing)).serve()


if __name__ == "__main__":
    main()
