"""Run a plan in a worker: a crash or an endless loop costs the cell it happened in, and no other."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dlcourse_utils.checks import Case, Exercise
from dlcourse_utils.probes import Observation

from .child import Child
from .line import ChildGoneError, ChildTooSlowError, Line
from .outputs import MAX_CHARACTERS, Outputs
from .plan import Step

Ending = Literal["ok", "error", "missing", "uncallable", "forbidden", "timed_out", "crashed", "out_of_time", "left_out"]
CasesFor = Callable[[Exercise], Sequence[Case]]


@dataclass(frozen=True)
class Limits:
    """Wall seconds: for an ordinary cell, for all cases of one check, for the submission; and how many restarts.

    output_characters: kept of what one cell prints and shows; the rest is dropped as it comes.
    """

    cell_seconds: float = 30.0
    check_seconds: float = 30.0
    submission_seconds: float = 900.0
    restarts: int = 20
    grace: float = 2.0  # after the worker's own alarm, until it is killed
    output_characters: int = MAX_CHARACTERS


@dataclass
class Ran:
    """What happened at one step. `error` names the exception's classes, `said` explains in words."""

    step: Step
    ending: Ending = "ok"
    outputs: list[dict[str, Any]] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    error: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    said: str = ""
    seconds: float = 0.0


def run_plan(
    steps: Sequence[Step],
    cases_for: CasesFor,
    limits: Limits | None = None,
    start: Callable[[], Line] = Child,
) -> list[Ran]:
    """Run all steps; return what happened at each. Cases are drawn here and sent only when their check is reached.

    Raises CourseError when the worker cannot be started: that is our failure, never the learner's.
    """
    run = _Run(cases_for, limits or Limits(), start)
    try:
        for step in steps:
            run.take(step)
    finally:
        run.stop()
    return run.done


class _Run:
    def __init__(self, cases_for: CasesFor, limits: Limits, start: Callable[[], Line]) -> None:
        self.cases_for = cases_for
        self.limits = limits
        self.start = start
        self.child: Line | None = None
        self.started = 0
        self.rendered = 0
        self.deadline = time.monotonic() + limits.submission_seconds
        self.done: list[Ran] = []

    def take(self, step: Step) -> None:
        ran = Ran(step)
        self.done.append(ran)
        began = time.monotonic()
        if began > self.deadline:
            ran.ending, ran.said = "out_of_time", self._used_up()
        elif lethal := self._lethal(step):
            ran.ending, ran.said = "left_out", f"it uses {lethal}, which does not come to its end"
        elif not self._ready():
            ran.ending = "crashed"
            ran.said = f"the notebook crashed {self.started} times before this; it was not started again"
        else:
            self._perform(ran)
        ran.seconds = time.monotonic() - began

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()
            self.child = None

    def _lethal(self, step: Step) -> str:
        """Return the exercise that an illustration waits for and that crashed or never ended before, or ""."""
        if step.cell_id or "needs(" not in step.source:
            return ""
        ended = {
            r.step.exercise.id
            for r in self.done[:-1]
            if r.step.exercise is not None and r.ending in ("timed_out", "crashed")
        }
        return next((i for i in sorted(ended) if f'"{i}"' in step.source or f"'{i}'" in step.source), "")

    def _ready(self) -> bool:
        """Return whether a worker stands where the notebook had come to; after a crash, replay without the culprit."""
        while self.child is None:
            if self.started > self.limits.restarts:
                return False
            self.child = self.start()
            self.started += 1
            for earlier in self.done[:-1]:
                if earlier.step.exercise is not None or earlier.ending not in ("ok", "error"):
                    continue
                again = Ran(earlier.step)
                self._perform(again)
                if again.ending not in ("ok", "error"):  # this time it crashed: leave it out from now on
                    earlier.ending, earlier.said = again.ending, again.said
                    break
        return True

    def _perform(self, ran: Ran) -> None:
        """Run one step in the worker, which may not survive it."""
        assert self.child is not None
        exercise = ran.step.exercise
        seconds = self.limits.cell_seconds if exercise is None else self.limits.check_seconds
        seconds = max(min(seconds, self.deadline - time.monotonic()), 0.1)
        command: dict[str, Any] = {"do": "cell", "source": ran.step.source, "seconds": seconds}
        if ran.step.defines_without is not None:
            command["defines_without"] = list(ran.step.defines_without)
        if exercise is not None:
            cases = [(tuple(case.args), dict(case.kwargs)) for case in self.cases_for(exercise)]
            command = {
                "do": "check",
                "objects": list(exercise.objects),
                "forbidden": list(exercise.forbidden),
                "probe": exercise.probe,
                "cases": cases,
                "seconds": seconds,
            }
        outputs = Outputs(self.rendered, self.limits.output_characters)
        expected = len(command.get("cases", ()))
        try:
            for message in self.child.ask(command, seconds + self.limits.grace):
                if not _take_message(ran, message, outputs, expected):
                    self.child.stop()
                    ran.observations.clear()
                    raise ChildGoneError("it answered a case twice or out of order")
        except ChildTooSlowError:
            ran.ending, self.child = "timed_out", None
        except ChildGoneError as error:
            ran.ending, ran.said, self.child = "crashed", str(error), None
        else:
            if exercise is None:
                outputs.add_raw(bytes(self.child.raw))
        ran.outputs = outputs.finished()
        if ran is self.done[-1]:  # no replay
            self.rendered = outputs.rendered
        if ran.ending == "timed_out" and not ran.said:
            late = time.monotonic() > self.deadline
            ran.said = self._used_up() if late else f"it ran longer than {seconds:g} seconds"

    def _used_up(self) -> str:
        return f"the submission used up its {self.limits.submission_seconds:g} seconds"


def _take_message(ran: Ran, message: dict[str, Any], outputs: Outputs, expected: int) -> bool:
    """File one answer of the worker. It may lie, so everything is forced into its type.

    Return False for what no worker of ours does: it sends one observation for every case, in order.
    """
    said = message.get("said")
    if said == "output":
        try:
            outputs.add(json.loads(str(message.get("json"))))
        except (ValueError, RecursionError):
            return True
    elif said == "observation" and ran.step.exercise is not None:
        plain = message.get("observation")
        number = len(ran.observations)
        if message.get("case") != number or number >= expected or not isinstance(plain, dict):
            return False
        ran.observations.append(_observation(plain))
    elif said == "done":
        status = message.get("status")
        known = ("ok", "error", "missing", "uncallable", "forbidden", "timed_out")
        ran.ending = status if status in known else "error"
        ran.error = _names(message.get("error"))
        ran.missing = _names(message.get("missing"))
    return True


def _observation(plain: dict[str, Any]) -> Observation:
    try:
        observation = Observation.from_plain(plain)
    except (TypeError, ValueError, AttributeError):  # forged: as if nothing had been returned
        return Observation()
    after = observation.after
    if not isinstance(after.get("args", []), list) or not isinstance(after.get("kwargs", {}), dict):
        return Observation()
    return observation


def _names(value: Any) -> tuple[str, ...]:
    return tuple(str(name)[:200] for name in value[:50]) if isinstance(value, (list, tuple)) else ()
