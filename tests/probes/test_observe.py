"""An observation says what learner code did, whatever it did."""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pytest

from dlcourse_utils.probes import Opaque, Recipe, observe
from dlcourse_utils.probes.data import to_data


def test_the_value_and_the_inputs_afterwards() -> None:
    def double_in_place(x: np.ndarray) -> np.ndarray:
        x *= 2
        return x

    given = np.array([1.0, 2.0])
    seen = observe("call", [double_in_place], [given])
    assert given.tolist() == [1, 2], "the probe works on a copy"
    assert seen.value.tolist() == [2, 4]
    assert seen.after["args"][0].tolist() == [2, 4]


def test_a_later_change_does_not_reach_the_observation() -> None:
    kept = np.zeros(2)

    seen = observe("call", [lambda: kept])
    kept += 1
    assert seen.value.tolist() == [0, 0]


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3), RecursionError(), MemoryError(), GeneratorExit()])
def test_exceptions_become_facts(error: BaseException) -> None:
    def fails() -> None:
        raise error

    seen = observe("call", [fails])
    assert seen.raised is not None
    assert seen.raised.type_name == type(error).__name__
    assert seen.raised.function.endswith("fails")
    assert not seen.raised.own_stub


def test_the_keyboard_is_obeyed() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        observe("call", [interrupted])


def test_an_own_stub_is_told_from_another_one() -> None:
    def relu() -> None:
        raise NotImplementedError

    def mlp() -> None:
        relu()

    own = observe("call", [relu]).raised
    other = observe("call", [mlp]).raised
    assert own is not None
    assert own.own_stub
    assert other is not None
    assert not other.own_stub
    assert other.function.endswith("relu")


def test_an_exception_that_cannot_print_itself() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    def fails() -> None:
        raise Mute

    seen = observe("call", [fails])
    assert seen.raised is not None
    assert (seen.raised.type_name, seen.raised.message) == ("Mute", "")


def test_prints_and_warnings_are_kept_and_bounded(capsys: pytest.CaptureFixture[str]) -> None:
    def loud() -> float:
        print("x" * 1_000_000)
        print("to stderr", file=sys.stderr)
        warnings.warn("careful", stacklevel=1)
        return 1.0

    seen = observe("call", [loud])
    assert len(seen.printed) == 2_000
    assert seen.warned == ("UserWarning: careful",)
    assert capsys.readouterr() == ("", "")


def test_parts_before_a_crash_are_kept() -> None:
    from dlcourse_utils.probes import registry

    @registry.probe("test_observe.parts")
    def parts(attempt: tuple[object, ...]) -> object:
        yield "out", 1
        raise ValueError

    seen = observe("test_observe.parts", [object()])
    assert seen.value == {"out": 1}
    assert seen.raised is not None


class Liar(np.ndarray):
    """Claims to equal everything."""

    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        return True

    __hash__ = None  # type: ignore[assignment]


class AlwaysOne(float):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.float32(1.5), 1.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        ((1, [2.0, None]), (1, [2.0, None])),
        ({"a": 1}, {"a": 1}),
        ({1: 2}, Opaque("dict", "keys that are not strings")),
        pytest.param(iter(()), Opaque("tuple_iterator"), id="an iterator"),
        (2**70, Opaque("int", "more than 64 bits")),
        (AlwaysOne(2.0), Opaque("AlwaysOne")),
        (np.array([{}], dtype=object), Opaque("ndarray", "an array of Python objects")),
    ],
    ids=str,
)
def test_plain_data(value: object, plain: object) -> None:
    assert to_data(value) == plain


def test_an_array_subclass_becomes_a_plain_array() -> None:
    seen = to_data(np.arange(3.0).view(Liar))
    assert type(seen) is np.ndarray
    assert seen.tolist() == [0, 1, 2]


def test_endless_nesting_stops() -> None:
    nested: list[object] = []
    nested.append(nested)
    assert "too deep" in repr(to_data(nested))


def test_a_recipe_is_built_afresh_for_every_case() -> None:
    def draw(rng: np.random.Generator) -> float:
        return rng.random()

    first, second = (observe("call", [draw], [Recipe("rng", seed=5)]).value for _ in range(2))
    assert first == second == np.random.default_rng(5).random()
