"""From what learner code did to status, score and diagnosis."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from autograde.proof import run
from dlcourse_utils.checks import Case, Exercise
from dlcourse_utils.checks.authoring import Verdict


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("a vector", (rng.normal(size=5) + 3,))
    yield Case("a matrix", (rng.normal(size=(2, 3)) + 3,), weight=3.0)


def halves(x: np.ndarray) -> np.ndarray:
    """You halve; the square is asked for."""
    return x / 2


def doubles(x: np.ndarray) -> np.ndarray:
    """You double; the square is asked for."""
    return x * 2


def in_place(x: np.ndarray) -> np.ndarray:
    """You write into x."""
    x *= x
    return x


def crashes(x: np.ndarray) -> np.ndarray:
    """You look up an element that is not there."""
    return x[99]


def negated(x: np.ndarray) -> np.ndarray:
    """The minus-square convention; plain squares are asked for."""
    return -(x**2)


SQUARE = Exercise(
    "99.square", "Square", ("square",), 2, cases, oracle=np.square,
    mistakes=(halves, doubles, in_place, crashes), conventions=(negated,), hints=("one", "two"),
)  # fmt: skip


def test_right() -> None:
    result = run(SQUARE, [lambda x: x * x], 0)
    assert (result.status, result.score, result.points, result.diagnosis) == ("correct", 1.0, 2.0, None)


def test_untouched() -> None:
    def square(x: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    result = run(SQUARE, [square], 0)
    assert (result.status, result.score) == ("not_attempted", 0.0)


@pytest.mark.parametrize("wrong", SQUARE.mistakes)
def test_each_mistake_is_named(wrong: object) -> None:
    result = run(SQUARE, [wrong], 3)
    assert result.diagnosis is not None
    assert result.diagnosis.name == wrong.__name__  # type: ignore[attr-defined]
    assert result.status == ("broken" if wrong is crashes else "incorrect")


def test_a_convention_scores_half() -> None:
    result = run(SQUARE, [negated], 0)
    assert result.diagnosis is not None
    assert result.diagnosis.is_convention
    assert result.score == 0.5


def test_the_score_is_by_case_weight() -> None:
    result = run(SQUARE, [lambda x: x**2 if x.ndim == 2 else x + 100], 0)
    assert result.score == 0.75
    assert result.diagnosis is None


def test_two_mistakes_at_once_name_the_one_behind_most_failures() -> None:
    def three(rng: np.random.Generator) -> Iterator[Case]:
        yield from (Case(str(n), (rng.normal(size=n) + 3,)) for n in (2, 3, 4))

    exercise = Exercise("99.three", "", ("f",), 1, three, oracle=np.square, mistakes=(halves, doubles))
    result = run(exercise, [lambda x: halves(x) if len(x) == 2 else doubles(x)], 0)
    assert result.diagnosis is not None
    assert (result.diagnosis.name, result.diagnosis.share) == ("doubles", "in 2 of the 3 failing cases")


def test_a_changed_input_is_said_even_when_the_value_is_right() -> None:
    def square(x: np.ndarray) -> np.ndarray:
        result = x * x
        x[...] = 0
        return result

    result = run(SQUARE, [square], 0)
    assert result.failure is not None
    assert result.failure.verdict.kind == "changed_input"


def test_an_unsolved_helper_is_named() -> None:
    def relu(x: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    result = run(SQUARE, [lambda x: relu(x)], 0)
    assert result.status == "broken"
    assert result.failure is not None
    assert "`relu`, which is not written yet" in result.failure.verdict.sentence


def test_a_failing_oracle_is_never_a_zero() -> None:
    def broken_oracle(x: np.ndarray) -> np.ndarray:
        raise RuntimeError("ours")

    exercise = Exercise("99.ours", "", ("f",), 1, cases, oracle=broken_oracle, mistakes=(halves,))
    result = run(exercise, [np.square], 0)
    assert result.status == "not_graded"
    assert "no fault of yours" in result.notes[0]


def test_a_property_judge_matches_mistakes_by_symptom() -> None:
    def draws(rng: np.random.Generator) -> Iterator[Case]:
        yield Case("ten numbers", (10,))

    def sums_to_one(case: Case, observation: object) -> Verdict:
        value = observation.value  # type: ignore[attr-defined]
        if np.isclose(value.sum(), 1):
            return Verdict.ok()
        return Verdict.wrong("They do not sum to one.", symptom="sum")

    def any_numbers(n: int) -> np.ndarray:
        """Your numbers are not normalised."""
        return np.random.default_rng().random(n) + 1

    exercise = Exercise("99.simplex", "", ("f",), 1, draws, judge=sums_to_one, mistakes=(any_numbers,))
    result = run(exercise, [lambda n: np.random.default_rng().random(n) + 1], 0)
    assert result.diagnosis is not None
    assert result.diagnosis.name == "any_numbers"


def test_seeds_repeat_and_differ() -> None:
    from dlcourse_utils.checks import cases_for

    first, again, other = (cases_for(SQUARE, s)[0].args[0] for s in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_an_exercise_needs_an_oracle_or_a_judge_and_sentences() -> None:
    with pytest.raises(ValueError, match="either an oracle or a judge"):
        Exercise("99.x", "", ("f",), 1, cases)
    with pytest.raises(ValueError, match="no sentence"):
        Exercise("99.x", "", ("f",), 1, cases, oracle=np.square, mistakes=(lambda x: x,))
