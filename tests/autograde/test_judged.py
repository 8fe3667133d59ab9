"""A verdict is made once for equal observations, and never in place of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograde import judged
from dlcourse_utils.checks import Exercise, Result, cases_for, registry
from dlcourse_utils.probes import Observation, observe

RELU = registry.get("02.relu")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The exercises that the judge itself was asked about, from an empty store on."""
    seen: list[str] = []
    real = judged.judge
    monkeypatch.setattr(judged, "_verdicts", {})
    monkeypatch.setattr(judged, "_cards", {})

    def judge(exercise: Exercise, *rest: Any) -> Result:
        seen.append(exercise.id)
        return real(exercise, *rest)

    monkeypatch.setattr(judged, "judge", judge)
    return seen


def observed(answer: Callable[[Any], Any], seed: int = 1) -> tuple[Any, list[Observation], int]:
    cases = cases_for(RELU, seed)
    return cases, [observe(RELU.probe, [answer], tuple(c.args), dict(c.kwargs)) for c in cases], seed


def right(z: Any) -> Any:
    return np.maximum(z, 0)


def test_equal_observations_are_judged_once(asked: list[str]) -> None:
    first, key = judged.judged(RELU, *observed(right))
    second, same = judged.judged(RELU, *observed(lambda z: np.where(z > 0, z, 0.0)))
    assert second is first
    assert key == same
    assert len(asked) == 1


def test_whatever_differs_is_judged_anew(asked: list[str]) -> None:
    assert judged.judged(RELU, *observed(right))[0].status == "correct"
    assert judged.judged(RELU, *observed(lambda z: right(z) + 1e-3))[0].status == "incorrect"
    judged.judged(RELU, *observed(right, seed=2))
    judged.judged(replace(RELU, points=3), *observed(right))
    assert len(asked) == 4


def test_a_fault_of_ours_is_not_kept(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    real = judged.judge
    monkeypatch.setattr(judged, "judge", lambda *some: replace(real(*some), status="not_graded"))
    assert judged.judged(RELU, *observed(right))[1] == ""
    monkeypatch.setattr(judged, "judge", real)
    assert judged.judged(RELU, *observed(right))[0].status == "correct"


def test_cards_differ_by_their_notes(asked: list[str]) -> None:
    result, key = judged.judged(RELU, *observed(lambda z: right(z) + 1e-3))
    plain, noted = judged.card_of(result, key), judged.card_of(replace(result, notes=("Look here.",)), key)
    assert "Look here." in noted
    assert "Look here." not in plain
    assert judged.card_of(result, key) is plain
