"""Verdicts and cards, made once for a class: many learners' code gives the same observations, right ones above all.

A verdict depends on the exercise, the seed that its cases are drawn from, and the observations, to the bit. So it is
looked up by a hash of them. What is kept is bounded and lives as long as the grading process.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Sequence
from typing import TypeVar

from dlcourse_utils.checks import Case, Exercise, Result, judge
from dlcourse_utils.probes import Observation

K = TypeVar("K")
V = TypeVar("V")
KEPT = 2_000
_verdicts: dict[str, tuple[Exercise, Result]] = {}
_cards: dict[tuple[object, ...], str] = {}


def judged(exercise: Exercise, cases: Sequence[Case], seen: Sequence[Observation], seed: int) -> tuple[Result, str]:
    """Return `judge`'s result, and the key by which it is kept; "" when it is not, as a fault of ours may pass."""
    key = _key_of(exercise, len(cases), seen, seed)
    known, result = _verdicts.get(key, (None, None))
    if known is not exercise or result is None:
        result = judge(exercise, cases, seen, seed)
        if result.status == "not_graded":
            return result, ""
        _keep(_verdicts, key, (exercise, result))
    return result, key


def card_of(result: Result, key: str) -> str:
    """Return a result's card. key: of the verdict that it was made from; "" draws it anew."""
    if not key:
        return result._repr_html_()
    which = (key, result.status, result.notes, result.diagnosis and result.diagnosis.name)
    if which not in _cards:
        _keep(_cards, which, result._repr_html_())
    return _cards[which]


def _key_of(exercise: Exercise, cases: int, seen: Sequence[Observation], seed: int) -> str:
    digest = hashlib.sha256(f"{exercise.id} {seed} {cases}".encode())
    for observation in seen:
        packed = pickle.dumps(observation, protocol=5)  # a fingerprint, which nobody reads back
        digest.update(len(packed).to_bytes(8, "little"))
        digest.update(packed)
    return digest.hexdigest()


def _keep(kept: dict[K, V], key: K, value: V) -> None:
    if len(kept) >= KEPT:
        kept.clear()
    kept[key] = value
