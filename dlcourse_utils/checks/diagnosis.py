"""Recognise a known mistake: the same inputs through the known-wrong code give what the learner's code gave."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from ..probes.observe import Observation, observe
from .compare import compare
from .exercise import Case, Exercise, sentence_of
from .result import Diagnosis
from .troubles import trouble_of
from .verdict import Verdict


def diagnose(
    exercise: Exercise, observations: Sequence[Observation], verdicts: Sequence[Verdict], seed: int
) -> Diagnosis | None:
    """Return the mistake that explains the failing cases, or None.

    One that explains all of them wins; of several, the one that also agrees on most of the passing cases. Two
    mistakes at once leave none that explains all: then the one behind more than half of the failing cases is
    named, and `share` says how far it reaches.
    """
    failing = [i for i, v in enumerate(verdicts) if not v.passed]
    best: tuple[tuple[int, int], Any] | None = None
    for wrong in (*exercise.conventions, *exercise.mistakes):
        known = observations_of(exercise, wrong, seed)
        rows = zip(_cases(exercise, seed), observations, verdicts, known, strict=True)
        agrees = [_same(exercise, *row) for row in rows]
        rank = sum(agrees[i] for i in failing), sum(agrees)
        if 2 * rank[0] > len(failing) and (best is None or rank > best[0]):
            best = rank, wrong
    if best is None:
        return None
    (explained, _), wrong = best
    is_convention = any(wrong is c for c in exercise.conventions)
    if is_convention and explained < len(failing):  # half the points are for following a convention throughout
        return None
    share = "" if explained == len(failing) else f"in {explained} of the {len(failing)} failing cases"
    return Diagnosis(wrong.__name__, sentence_of(wrong), is_convention, share)


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
    if trouble_of(mine.raised) != trouble_of(theirs.raised):  # a RuntimeError about shapes is none about devices
        return False
    if verdict.symptom:
        from .judging import verdict_on

        return verdict_on(exercise, case, theirs).symptom == verdict.symptom
    return compare(theirs.value, mine.value, exercise.rtol, exercise.atol).passed and _changes_inputs(
        exercise, case, mine
    ) == _changes_inputs(exercise, case, theirs)


def _changes_inputs(exercise: Exercise, case: Case, observation: Observation) -> bool:
    from .judging import changed_input

    return not exercise.may_change_inputs and changed_input(case, observation) is not None
