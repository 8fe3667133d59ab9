"""Chapter 01's recipes have the slopes that the judge expects, and its probe takes NumPy's texts for texts."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from dlcourse_utils.checks import cases_for, get, judge
from dlcourse_utils.checks.ch01.numerical_gradient import GRADIENTS
from dlcourse_utils.probes import Recipe, observe

SETTINGS = {
    "01.weighted_squares": {"weights": np.array([2.0, -1.5, 0.7]), "centre": np.array([0.1, 2.0, -1.0])},
    "01.waves": {"weights": np.array([1.0, -2.5, 0.3])},
    "01.log_sum_exp": {"weights": np.array([0.6, 1.7, -2.0])},
}


@pytest.mark.parametrize("name", GRADIENTS)
def test_the_gradient_on_paper_is_that_of_the_function(name):
    at = np.array([0.4, -1.1, 2.3])
    measured = approx_fprime(at, Recipe(name, **SETTINGS[name]).build(), 1e-7)
    np.testing.assert_allclose(GRADIENTS[name](at, **SETTINGS[name]), measured, rtol=1e-5)


def test_every_function_takes_a_single_number_and_whole_numbers():
    f = Recipe("01.waves", weights=np.array(2.0)).build()
    assert f(np.array(3)) == pytest.approx(2 * np.sin(3))


def test_the_spread_out_table_holds_the_values_and_is_contiguous_in_neither_way():
    values = np.arange(12.0).reshape(4, 3)
    x = Recipe("01.spread_out", values=values).build()
    np.testing.assert_array_equal(x, values)
    assert not x.flags.c_contiguous
    assert not x.flags.f_contiguous
    assert np.array(x, dtype=float).flags.f_contiguous, "a copy of it must trap those who nudge a flattened copy"


def test_a_vocabulary_from_np_unique_arrives_as_plain_text():
    def fit(text, order=1):
        return np.eye(2), list(np.unique(list(text)))

    assert observe("01.chain", (fit,), ("abba",)).value[1] == ["a", "b"]


@pytest.mark.parametrize("answer", [None, 3.0, (1, 2, 3), (np.eye(2), {"a": 0})])
def test_whatever_else_comes_back_is_left_to_the_judge(answer):
    seen = observe("01.chain", (lambda text, order=1: answer,), ("abba",))
    assert seen.raised is None


def test_the_order_is_passed_on_only_where_a_case_gives_it():
    def without_order(text):
        return np.eye(1), [text]

    assert observe("01.chain", (without_order,), ("z",)).value[1] == ["z"]
    assert observe("01.chain", (without_order,), ("zz",), {"order": 2}).raised.type_name == "TypeError"


def _asked_world_by_world(entry, states=None, room=None):
    def bayes_net_query(network, query, evidence):
        sizes = [states or table.shape[-1] for _, table in network.values()]
        answer = np.zeros(room or network[query][1].shape[-1])
        for place in np.ndindex(*sizes):
            world = dict(zip(network, place, strict=True))
            if any(world[name] != state for name, state in evidence.items()):
                continue
            factors = [entry(t, tuple(world[a] for a in above), world[n]) for n, (above, t) in network.items()]
            answer[world[query]] += np.prod(factors)
        with np.errstate(invalid="ignore"):
            return answer / answer.sum()

    return bayes_net_query


@pytest.mark.parametrize(
    ("attempt", "name"),
    [
        (_asked_world_by_world(lambda t, above, own: t[(*above, own)]), None),
        (_asked_world_by_world(lambda t, above, own: t[(own, *above)]), "own_state_first"),
        (_asked_world_by_world(lambda t, above, own: t[(*above, own)], states=2, room=2), "two_states_everywhere"),
        (_asked_world_by_world(lambda t, above, own: t[(*above, own)], room=2), "answer_of_length_two"),
    ],
)
def test_slips_in_asking_a_network_are_named(attempt, name):
    exercise = get("01.bayes_net_query")
    cases = cases_for(exercise, 5)
    result = judge(exercise, cases, [observe(exercise.probe, (attempt,), c.args, c.kwargs) for c in cases], 5)
    assert (result.diagnosis.name if result.diagnosis else None) == name
    assert (result.status == "correct") == (name is None)
