"""`check` and `hint` as a learner calls them in a notebook or a terminal."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TextIO

from ..errors import CourseError
from ..probes.allowed import forbidden_uses
from ..probes.observe import Observation, observe
from . import registry
from .compare import compare
from .exercise import Case, Exercise
from .judging import cases_for, forbidden_result, judge
from .quiet import nothing_on_stderr
from .result import Result

AGAIN_WITHIN = 2.0  # seconds that a case may have taken to be tried a second time
RESTLESS = (
    "The same inputs gave two different answers. Here they should give one: whatever is drawn at random comes from "
    "what the exercise hands in (a seed, an rng, a generator), or not at all."
)
SLOW_AFTER = 10.0  # seconds until a learner is told that their code is still running
# One seed for the whole session, so that a second try meets the same numbers as the first.
_SESSION_SEED = int(os.environ.get("DLCOURSE_SEED") or secrets.randbelow(2**31))
_latest: dict[str, Result] = {}
_hints_shown: dict[str, int] = {}


def check(exercise_id: str, *attempt: Any, seed: int | None = None) -> Result:
    """Check an exercise: `check("02.softmax", softmax)`.

    exercise_id: the id in the exercise's heading. attempt: what you wrote, in the order the exercise asks.
    seed: draw the inputs from this seed instead of the session's.

    Returns a Result with .status ("not_attempted", "broken", "incorrect", "correct"), .score (0.0 … 1.0) and
    .diagnosis. Raises CourseError for an unknown id or the wrong number of objects.
    """
    exercise = registry.get(exercise_id)
    if len(attempt) != len(exercise.objects):
        wanted = ", ".join(exercise.objects)
        raise CourseError(f'{exercise.id} takes {wanted}: write check("{exercise.id}", {wanted}).')
    seed = _SESSION_SEED if seed is None else seed
    result = (
        _not_callable(exercise, attempt, seed) or _forbidden(exercise, attempt, seed) or _run(exercise, attempt, seed)
    )
    result = replace(result, notes=(*_foundations(exercise, result), *result.notes))
    _latest[exercise.id] = result
    _write_down(result)
    return result


def hint(exercise_id: str, number: int | None = None) -> str:
    """Return a hint for an exercise: the next one at each call, or hint `number` (1 is the first).

    The last is nearly the solution. Raises CourseError for an unknown id or number.
    """
    exercise = registry.get(exercise_id)
    last = len(exercise.hints)
    if number is None:
        number = min(_hints_shown.get(exercise.id, 0) + 1, last)
        _hints_shown[exercise.id] = number
    if not 1 <= number <= last:
        raise CourseError(f"{exercise.id} has hints 1 to {last}; there is no hint {number}.")
    more = "" if number == last else "\n\nRun it again for the next one."
    return HintText(f"Hint {number} of {last} · {exercise.hints[number - 1]}{more}")


class HintText(str):
    """A hint that shows as Markdown in a notebook and as plain text elsewhere."""

    def __repr__(self) -> str:
        return str(self)

    def _repr_markdown_(self) -> str:
        return f"**{self.partition(' · ')[0]}**\n\n{self.partition(' · ')[2]}"


def _run(exercise: Exercise, attempt: tuple[Any, ...], seed: int) -> Result:
    cases = cases_for(exercise, seed)
    observations: list[Observation] = []
    seconds: list[float] = []
    slow = threading.Timer(SLOW_AFTER, _say_slow, [exercise.id, sys.stdout])
    slow.daemon = True
    if not os.environ.get("NBGRADER_EXECUTION"):
        slow.start()
    try:
        with nothing_on_stderr():
            for case in cases:
                start = time.perf_counter()
                observations.append(observe(exercise.probe, attempt, case.args, case.kwargs))
                seconds.append(time.perf_counter() - start)
    except KeyboardInterrupt:
        at = cases[len(observations)].name
        note = f"You stopped the check during “{at}”. If a loop never ends, look at its condition."
        return Result(
            exercise.id,
            exercise.title,
            "broken",
            0.0,
            exercise.points,
            notes=(note,),
            seed=seed,
            hints=exercise.hints,
        )
    finally:
        slow.cancel()
    result = judge(exercise, cases, observations, seed)
    return replace(result, notes=(*result.notes, *_restless(exercise, attempt, cases, observations, seconds, result)))


def _restless(
    exercise: Exercise,
    attempt: tuple[Any, ...],
    cases: Sequence[Case],
    observations: Sequence[Observation],
    seconds: Sequence[float],
    result: Result,
) -> tuple[str, ...]:
    """Return a note if the first wrong answer is another one at a second try; slow cases are not tried again."""
    wrong = next((k for k, c in enumerate(result.cases) if not c.verdict.passed), None)
    if result.status != "incorrect" or result.diagnosis is not None or wrong is None or seconds[wrong] > AGAIN_WITHIN:
        return ()
    with nothing_on_stderr():
        again = observe(exercise.probe, attempt, cases[wrong].args, cases[wrong].kwargs)
    if compare(observations[wrong].value, again.value, exercise.rtol, exercise.atol).passed:
        return ()
    return (RESTLESS,)


def _write_down(result: Result) -> None:
    """Add the result to the learner's progress file; whatever happens to that, the check is not touched by it."""
    if os.environ.get("NBGRADER_EXECUTION"):
        return
    with contextlib.suppress(Exception):
        from ..progress import record

        record(result)


def _say_slow(exercise_id: str, page: TextIO) -> None:
    """Write to the page itself: what is printed during a check is kept apart, as the learner's own words."""
    print(
        f"{exercise_id} has been running for {SLOW_AFTER:.0f} seconds. If a loop never ends, "
        "stop it: the ■ button, or the keys I, I.",
        file=page,
        flush=True,
    )


def _not_callable(exercise: Exercise, attempt: tuple[Any, ...], seed: int) -> Result | None:
    for name, obj in zip(exercise.objects, attempt, strict=True):
        if not callable(obj):
            kind = type(obj).__name__
            called = " Pass the function itself, without calling it." if kind in ("ndarray", "float", "list") else ""
            note = f"`{name}` should be a function or class; found: {kind}.{called}"
            return Result(
                exercise.id,
                exercise.title,
                "broken",
                0.0,
                exercise.points,
                notes=(note,),
                seed=seed,
                hints=exercise.hints,
            )
    return None


def _forbidden(exercise: Exercise, attempt: tuple[Any, ...], seed: int) -> Result | None:
    used = forbidden_uses(attempt, exercise.forbidden)
    return forbidden_result(exercise, used, seed) if used else None


def _foundations(exercise: Exercise, result: Result) -> tuple[str, ...]:
    """Return a sentence for each earlier exercise that this one may call and that is not right yet."""
    if result.status in ("correct", "not_attempted"):
        return ()
    shaky = [i for i in exercise.builds_on if i in _latest and _latest[i].status != "correct"]
    return tuple(f"Built on {i}, which is not right yet. Mend that one first." for i in shaky)
