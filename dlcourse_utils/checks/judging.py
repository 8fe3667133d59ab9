"""From observations to a result. Nothing here runs learner code."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence

import numpy as np

from ..errors import CourseError
from ..probes.data import Opaque, Recipe, Tensor, to_data
from ..probes.observe import Observation
from .compare import compare
from .diagnosis import diagnose
from .exercise import Case, Exercise
from .result import CaseResult, Diagnosis, Result, Status
from .troubles import trouble_of
from .verdict import Verdict


class CheckFailed(CourseError):
    """The check itself failed: a fault of ours, never the learner's, and never a zero."""


def cases_for(exercise: Exercise, seed: int) -> list[Case]:
    """Return the exercise's cases for a seed; every exercise draws from a stream of its own."""
    rng = np.random.default_rng([seed, zlib.crc32(exercise.id.encode())])
    try:
        return list(exercise.cases(rng))
    except Exception as error:
        raise CheckFailed(f"The cases of {exercise.id} could not be made: {error!r}.") from error


def judge(exercise: Exercise, cases: Sequence[Case], observations: Sequence[Observation], seed: int) -> Result:
    """Weigh one observation per case. A failure of the oracle gives the status "not_graded", never a zero."""
    try:
        return _judge(exercise, cases, observations, seed)
    except Exception as error:
        reason = str(error) if isinstance(error, CheckFailed) else f"{type(error).__name__}: {error}"
        note = f"This check failed, through no fault of yours, and nothing was counted ({reason})."
        return Result(exercise.id, exercise.title, "not_graded", 0.0, exercise.points, notes=(note,), seed=seed)


def forbidden_result(exercise: Exercise, used: Sequence[str], seed: int) -> Result:
    """Return the result of an answer that uses what this exercise asks the learner to write."""
    names = ", ".join(f"`{name}`" for name in used)
    note = f"Your code uses {names}, which this exercise forbids: here you write it yourself. It earns no points."
    return Result(
        exercise.id, exercise.title, "broken", 0.0, exercise.points, notes=(note,), hints=exercise.hints, seed=seed
    )


def verdict_on(exercise: Exercise, case: Case, observation: Observation) -> Verdict:
    """Return the verdict on one case."""
    if observation.raised is not None and not exercise.judges_errors:
        return _verdict_on_exception(observation)
    if not exercise.may_change_inputs:
        changed = changed_input(case, observation)
        if changed is not None and observation.value is not None:
            return changed
    if exercise.judge is not None:
        return exercise.judge(case, observation)
    assert exercise.oracle is not None  # Exercise.__post_init__ holds it
    expected = to_data(exercise.oracle(*case.args, **case.kwargs))
    return compare(expected, observation.value, exercise.rtol, exercise.atol)


def _judge(exercise: Exercise, cases: Sequence[Case], observations: Sequence[Observation], seed: int) -> Result:
    if len(cases) != len(observations):
        raise CheckFailed(f"{len(observations)} observations came for {len(cases)} cases")
    with np.errstate(all="ignore"):
        verdicts = [verdict_on(exercise, c, o) for c, o in zip(cases, observations, strict=True)]
    results = tuple(CaseResult(c.name, c.weight, v) for c, v in zip(cases, verdicts, strict=True))
    status = _status(verdicts, observations)
    score = 0.0 if status == "not_attempted" else _score(results)
    diagnosis: Diagnosis | None = None
    if status in ("broken", "incorrect"):
        diagnosis = diagnose(exercise, observations, verdicts, seed)
        if diagnosis is not None and diagnosis.is_convention:
            score = 0.5
    failing = next((o for o, v in zip(observations, verdicts, strict=True) if not v.passed), None)
    return Result(
        exercise.id,
        exercise.title,
        status,
        score,
        exercise.points,
        results,
        diagnosis,
        hints=exercise.hints,
        seed=seed,
        printed=next((o.printed for o in observations if o.printed), ""),
        warned=tuple(dict.fromkeys(w for o in observations for w in o.warned))[:3],
        lines=failing.raised.lines if failing is not None and failing.raised is not None else (),
    )


def _status(verdicts: Sequence[Verdict], observations: Sequence[Observation]) -> Status:
    kinds = {v.kind for v in verdicts if not v.passed}
    if not kinds:
        return "correct"
    if kinds == {"not_attempted"} and all(o.value is None for o in observations):
        return "not_attempted"
    return "broken" if kinds <= {"raised", "form", "not_attempted"} else "incorrect"


def _score(results: Sequence[CaseResult]) -> float:
    total = math.fsum(r.weight for r in results)
    return math.fsum(r.weight for r in results if r.verdict.passed) / total


def _verdict_on_exception(observation: Observation) -> Verdict:
    raised = observation.raised
    assert raised is not None
    if "missing the required \"forward\" function" in raised.message:
        lacks = "Your module has no method `forward`. Is it spelt so, and indented like `__init__`?"
        return Verdict(False, "raised", lacks)
    name = raised.function.rpartition(".")[2] or "a function"
    if raised.is_stub and raised.own_stub:
        return Verdict(False, "not_attempted", f"`{raised.function}` is not written yet.")
    if raised.is_stub:
        return Verdict(False, "raised", f"Your code calls `{name}`, which is not written yet.")
    if raised.type_name == "AttributeError" and not raised.function:  # the probe's line, not the learner's
        lacks = f"What you wrote lacks something that the exercise asks of it: {raised.message}."
        return Verdict(False, "raised", lacks)
    said = f": {raised.message}" if raised.message else ""
    trouble = trouble_of(raised)
    if trouble is not None:
        said = f"{said.rstrip('.!')}. {trouble.advice}"
    return Verdict(False, "raised", f"Your code stopped with {raised.type_name}{said}")


def changed_input(case: Case, observation: Observation) -> Verdict | None:
    """Return a verdict that names the input which is not bit for bit what it was, or None."""
    after = observation.after
    pairs = list(zip(case.args, after.get("args") or [], strict=False))
    pairs += [(given, (after.get("kwargs") or {}).get(key)) for key, given in case.kwargs.items()]
    for number, (given, now) in enumerate(pairs, start=1):
        if not _same_bits(_crossing(given), now):
            which = "its input" if len(pairs) == 1 else f"its input number {number}"
            return Verdict(
                False,
                "changed_input",
                f"Your code changes {which} in place, so the caller's data is no longer what it was. {_instead(given)}",
                expected=given,
                got=now,
            )
    return None


def _instead(given: object) -> str:
    """Say how to leave an input alone."""
    if isinstance(given, list):
        return "Leave the list as it is: `items[:-1]` makes a new one, `items.pop()` and `items[0] = …` do not."
    if isinstance(given, dict):
        return "Make a new dict: `{**params, ...}`."
    return "Work on a new array: `x = x * 2` makes one, `x *= 2` does not."


def _crossing(given: object) -> object:
    """Return an input as it looks after crossing: scalars plain, recipes as they are."""
    return given if isinstance(given, (Recipe, Tensor)) else to_data(given)


def _same_bits(given: object, now: object) -> bool:
    if isinstance(given, (Recipe, Opaque)):  # nothing was sent back for these
        return True
    if isinstance(given, np.ndarray):
        return (
            isinstance(now, np.ndarray)
            and given.dtype == now.dtype
            and given.shape == now.shape
            and given.tobytes() == now.tobytes()
        )
    if isinstance(given, (list, tuple)):
        return (
            type(now) is type(given)
            and len(now) == len(given)
            and all(_same_bits(a, b) for a, b in zip(given, now, strict=True))
        )
    if isinstance(given, dict):
        return isinstance(now, dict) and list(given) == list(now) and all(_same_bits(given[k], now[k]) for k in given)
    if isinstance(given, Tensor):
        return isinstance(now, Tensor) and _same_bits(given.array, now.array)
    return type(given) is type(now) and (given == now or given != given)
