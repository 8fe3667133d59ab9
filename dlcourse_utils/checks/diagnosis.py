"""Recognise a known mistake: the same inputs through the known-wrong code give what the learner's code gave."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from ..probes.observe import Observation, observe
from .compare import compare
from .exercise import Case, Exercise, sentence_of
from .result import Diagnosis
from .verdict import Verdict


def diagnose(
    exercise: Exercise, observations: Sequence[Observation], verdicts: Sequence[Verdict], seed: int
) -> Diagnosis | None:
    """Return the mistake that explains every failing case; of several, the one that also agrees on most others."""
    best: tuple[int, Diagnosis] | None = None
    for wrong in (*exercise.conventions, *exercise.mistakes):
        agreed = 0
        for case, mine, verdict, theirs in zip(
            _cases(exercise, seed), observations, verdicts, observations_of(exercise, wrong, seed), strict=True
        ):
            same = _same(exercise, case, mine, verdict, theirs)
            if not same and not verdict.passed:
                break
            agreed += same
        else:
            if best is None or agreed > best[0]:
                is_convention = any(wrong is c for c in exercise.conventions)
                best = agreed, Diagnosis(wrong.__name__, sentence_of(wrong), is_convention)
    return best[1] if best else None


@lru_cache(maxsize=512)  # a class of thirty shares one seed, so each mistake runs once for all of them
def observations_of(exercise: Exercise, wrong: Any, seed: int) -> tuple[Observation, ...]:
    """Return what a known-wrong implementation does with the cases of `seed`."""
    attempt = exercise.attempt_of(wrong)
    return tuple(observe(exercise.probe, attempt, c.args, c.kwargs) for c in _cases(exercise, seed))


@lru_cache(maxsize=256)
def _cases(exercise: Exercise, seed: int) -> tuple[Case, ...]:
    from .judging import cases_for  # judging imports this module

    return tuple(cases_for(exercise, seed))


def _same(exercise: Exercise, case: Case, mine: Observation, verdict: Verdict, theirs: Observation) -> bool:
    if (mine.raised is None) != (theirs.raised is None):
        return False
    if mine.raised is not None and theirs.raised is not None and mine.raised.type_name != theirs.raised.type_name:
        return False
    if verdict.symptom:
        from .judging import verdict_on

        return verdict_on(exercise, case, theirs).symptom == verdict.symptom
    return (
        compare(theirs.value, mine.value, exercise.rtol, exercise.atol).passed
        and _changes_inputs(exercise, case, mine) == _changes_inputs(exercise, case, theirs)
    )


def _changes_inputs(exercise: Exercise, case: Case, observation: Observation) -> bool:
    from .judging import changed_input

    return not exercise.may_change_inputs and changed_input(case, observation) is not None
