"""`check` and `hint` as a learner meets them."""

from __future__ import annotations

import logging
import sys
import threading

import numpy as np
import pytest

from dlcourse_utils import check, hint, needs
from dlcourse_utils.checks import session
from dlcourse_utils.errors import CourseError


def softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def over_the_batch(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def stub(z: np.ndarray) -> np.ndarray:
    raise NotImplementedError()


def test_the_contract() -> None:
    result = check("02.softmax", softmax)
    assert (result.status, result.score, result.diagnosis) == ("correct", 1.0, None)
    result = check("02.softmax", over_the_batch)
    assert result.status == "incorrect"
    assert result.score < 1
    assert result.diagnosis is not None
    assert result.diagnosis.name == "over_the_batch"
    assert "axis" in result.diagnosis.message


def test_unknown_exercises_are_met_with_the_nearest_names() -> None:
    with pytest.raises(CourseError, match=r"no exercise '02.sofmax'. Did you mean 02.softmax"):
        check("02.sofmax", softmax)
    with pytest.raises(CourseError, match="no exercise 'nonsense'"):
        hint("nonsense")


def test_the_error_shows_no_traceback_in_a_notebook() -> None:
    with pytest.raises(CourseError) as caught:
        check("02.nothing", softmax)
    (line,) = caught.value._render_traceback_()
    assert line.startswith("dlcourse: There is no exercise")


def test_the_wrong_number_of_objects() -> None:
    with pytest.raises(CourseError, match=r'write check\("02.softmax", softmax\)'):
        check("02.softmax")


@pytest.mark.parametrize("thing", [3, "softmax", np.zeros(3), None, softmax(np.ones((2, 2)))])
def test_an_object_of_the_wrong_kind(thing: object) -> None:
    result = check("02.softmax", thing)
    assert (result.status, result.score) == ("broken", 0.0)
    assert "`softmax` should be a function" in str(result)


def test_an_interrupted_check_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def forever(z: np.ndarray) -> np.ndarray:
        raise KeyboardInterrupt  # what the ■ button raises inside an endless loop

    result = check("02.softmax", forever)
    assert (result.status, result.score) == ("broken", 0.0)
    assert "You stopped the check during" in str(result)


def test_hints_come_one_by_one_and_the_last_stays() -> None:
    session._hints_shown.clear()
    shown = [hint("02.softmax") for _ in range(6)]
    assert shown[0].startswith("Hint 1 of ")
    assert shown[0] != shown[1]
    assert shown[-1] == shown[-2]


def test_a_wrong_foundation_is_named_first() -> None:
    check("02.relu", lambda z: -z)
    result = check("02.mlp_forward", lambda x, params: x)
    assert result.notes[0].startswith("Built on 02.relu, which is not right yet")
    check("02.relu", lambda z: np.maximum(z, 0))
    assert check("02.mlp_forward", lambda x, params: x).notes == ()


@pytest.mark.parametrize(("function", "points"), [(softmax, "1.0"), (stub, "0.0"), (over_the_batch, None)])
def test_nbgrader_reads_a_number(function: object, points: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    text = repr(check("02.softmax", function))
    assert 0.0 <= float(text) < 1.0 or text == points


def test_under_nbgrader_nothing_reaches_stderr(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    handler = logging.StreamHandler(sys.stderr)
    logger = logging.getLogger("learner")
    logger.addHandler(handler)

    def loud(z: np.ndarray) -> np.ndarray:
        import os

        os.write(2, b"from C\n")
        logger.warning("from a handler")
        print("printed", file=sys.stderr)
        return softmax(z)

    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert check("02.softmax", loud).status == "correct"
    logger.removeHandler(handler)
    assert capfd.readouterr().err == ""


def test_needs_names_the_missing_exercise_and_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    def relu(z: object) -> None:
        raise NotImplementedError

    with needs("02.softmax", "02.relu"):
        relu(3)
    assert capsys.readouterr().out.startswith("This cell uses exercise 02.relu, which is not written yet.")


def test_needs_knows_a_function_whose_exercise_has_another_name(capsys: pytest.CaptureFixture[str]) -> None:
    def linear_backward(dout: object, cache: object) -> None:
        raise NotImplementedError

    with needs("03.mlp_gradients", "03.linear_forward"):
        linear_backward(1, 2)
    assert capsys.readouterr().out.startswith("This cell uses exercise 03.linear_forward, which is")


def test_needs_lets_real_errors_through() -> None:
    with pytest.raises(ZeroDivisionError), needs("02.softmax"):
        _ = 1 / 0


def test_needs_closes_half_drawn_figures() -> None:
    import matplotlib.pyplot as plt

    others = plt.get_fignums()  # of tests before this one
    kept = plt.figure()
    with needs("02.softmax"):
        plt.figure()
        raise NotImplementedError
    assert plt.get_fignums() == [*others, kept.number]
    plt.close(kept)


def test_that_a_check_still_runs_is_said_on_the_page_and_is_not_the_learners_print(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(session, "SLOW_AFTER", 0.05)
    told = threading.Event()
    say = session._say_slow

    def say_and_tell(*args: object) -> None:
        say(*args)
        told.set()

    def slow(z: np.ndarray) -> np.ndarray:
        assert told.wait(30)
        return softmax(z)

    monkeypatch.setattr(session, "_say_slow", say_and_tell)
    result = check("02.softmax", slow)
    said = capsys.readouterr().out
    assert "02.softmax has been running for" in said
    assert "■" in said
    assert "has been running for" not in str(result)


def test_a_forbidden_library_is_named_before_anything_is_handed_in() -> None:
    def with_torch(z: np.ndarray) -> np.ndarray:
        import torch

        return torch.softmax(torch.as_tensor(z), dim=1).numpy()

    result = check("02.softmax", with_torch)
    assert (result.status, result.score) == ("broken", 0.0)
    assert "Your code uses `torch`, which this exercise forbids" in str(result)
