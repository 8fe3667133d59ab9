"""The proof of every check over a few seeds (`make proof` takes twenty), and proof that the proof can fail."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from autograde import proof
from dlcourse_utils.checks import Case, Exercise, registry

SEEDS = range(3)


@pytest.mark.parametrize("exercise_id", registry.ids())
def test_the_check_is_proven(exercise_id: str) -> None:
    breaches = {
        f"{row.kind} {row.name}": row.breaches for row in proof.prove_exercise(exercise_id, SEEDS) if row.breaches
    }
    assert not breaches


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("a vector", (rng.normal(size=4),))


def doubles(x: np.ndarray) -> np.ndarray:
    """You double."""
    return x * 2


def squares_really(x: np.ndarray) -> np.ndarray:
    """This "mistake" is none."""
    return x * x


def also_doubles(x: np.ndarray) -> np.ndarray:
    """You double, by adding."""
    return x + x


@pytest.mark.parametrize(
    ("mistakes", "name", "breach"),
    [
        ((squares_really,), "squares_really", "diagnosed as None"),
        ((doubles, also_doubles), "also_doubles", "diagnosed as doubles"),
    ],
)
def test_a_mistake_that_is_none_or_not_told_apart_is_a_breach(
    mistakes: tuple[object, ...], name: str, breach: str
) -> None:
    exercise = Exercise("99.square", "", ("f",), 1, cases, oracle=np.square, mistakes=mistakes)
    wrong = next(m for m in mistakes if m.__name__ == name)  # type: ignore[attr-defined]
    row = proof._row(exercise, "mistake", name, (wrong,), SEEDS, proof._mistake_breach(name, False))
    assert len(row.breaches) == len(SEEDS)
    assert breach in row.breaches[0]


def test_a_variant_that_fails_is_a_breach() -> None:
    exercise = Exercise("99.square", "", ("f",), 1, cases, oracle=np.square)
    row = proof._row(exercise, "variant", "doubles", (doubles,), SEEDS, proof._full_breach)
    assert len(row.breaches) == len(SEEDS)


def test_a_stub_that_earns_is_a_breach() -> None:
    exercise = Exercise("99.anything", "", ("f",), 1, cases, judge=lambda case, seen: proof_ok())
    row = proof._row(exercise, "stub", "untouched", (lambda x: x,), SEEDS, proof._stub_breach)
    assert row.breaches == tuple(f"seed {s}: correct, 1" for s in SEEDS)


def proof_ok() -> object:
    from dlcourse_utils.checks.authoring import Verdict

    return Verdict.ok()


def test_too_few_mistakes_need_a_reason() -> None:
    exercise = Exercise("99.square", "", ("f",), 1, cases, oracle=np.square, mistakes=(doubles,))
    (row, other) = proof._too_few(exercise, 1)
    assert "only 1 mistakes" in row.breaches[0]
    assert "only 1 variants" in other.breaches[0]
