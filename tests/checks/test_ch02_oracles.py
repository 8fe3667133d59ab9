"""Chapter 02's exercises: oracles against values known by heart, and cases that keep the promises of the text."""

import numpy as np
import pytest

from dlcourse_utils.checks import check
from dlcourse_utils.checks.ch02 import (
    accuracy,
    activation_grads,
    bce_with_logits,
    cross_entropy,
    log_softmax,
    milestone_digits,
    mlp_forward,
    mse_loss,
    sigmoid,
    softmax,
)
from dlcourse_utils.checks.judging import cases_for

SEEDS = range(10)


def logits_of(module, seed):
    return [case.args[0] for case in cases_for(module.EXERCISE, seed)]


def test_oracles_give_the_values_one_knows_by_heart():
    assert sigmoid.oracle(np.array([0.0])) == pytest.approx([0.5])
    assert softmax.oracle(np.array([[0, np.log(3)]])) == pytest.approx(np.array([[0.25, 0.75]]))
    assert log_softmax.oracle(np.array([[0.0, 800.0]])) == pytest.approx(np.array([[-800.0, 0.0]]))
    assert cross_entropy.oracle(np.zeros((3, 10)), np.array([1, 5, 9])) == pytest.approx(np.log(10))
    assert bce_with_logits.oracle(np.array([0, 1000.0]), np.array([1, 1])) == pytest.approx(np.log(2) / 2)
    assert mse_loss.oracle(np.array([[1, 2], [3, 4]]), np.array([[1, 2], [3, 8]])) == pytest.approx(4.0)
    slopes = activation_grads.oracle(np.array([1e-12]))
    assert [slopes[name][0] for name in ("sigmoid", "tanh", "relu")] == pytest.approx([0.25, 1.0, 1.0])


def test_mlp_oracle_bends_between_the_layers_and_not_after_the_last():
    params = [(np.array([[1.0, -1.0]]), np.zeros(2)), (np.array([[-1.0], [0.0]]), np.array([0.5]))]
    np.testing.assert_allclose(mlp_forward.oracle(np.array([[2], [-3]]), params), [[-1.5], [0.5]])


@pytest.mark.parametrize("module", [softmax, log_softmax, cross_entropy])
def test_subtracting_the_whole_arrays_maximum_is_right(module):
    """The text promises that the rows' maxima lie within 700 of each other, and that gaps inside a row go further."""
    for seed in SEEDS:
        arrays = logits_of(module, seed)
        tops = [z.max(axis=1) for z in arrays]
        assert max(top.max() - top.min() for top in tops) < 700
        assert max((z.max(axis=1) - z.min(axis=1)).max() for z in arrays) > 745


def test_accuracy_has_no_ties():
    for seed in SEEDS:
        assert all(len(np.unique(row)) == len(row) for logits in logits_of(accuracy, seed) for row in logits)


def test_no_slope_is_asked_for_at_the_kink():
    assert all(np.abs(z).min() >= 0.1 for seed in SEEDS for z in logits_of(activation_grads, seed))


def solved(x, labels, w1, b1):
    columns = np.column_stack([np.maximum(x @ w1 + b1, 0), np.ones(len(x))])
    solution = np.linalg.lstsq(columns, np.eye(labels.max() + 1)[labels], rcond=None)[0]
    return solution[:-1], solution[-1]


@pytest.mark.parametrize(
    ("answer", "status", "sentence"),
    [
        (lambda x, y, w1, b1: [(w1, b1), solved(x, y, w1, b1)], "correct", ""),
        (lambda x, y, w1, b1: solved(x, y, w1, b1), "broken", "Expected the list [(w1, b1), (w2, b2)]."),
        (lambda x, y, w1, b1: [(w1, b1), ("w2", "b2")], "broken", "w2 should be an array of numbers."),
        (lambda x, y, w1, b1: [(w1, b1), (np.zeros((3, 10)), np.zeros(10))], "broken", "yours is (3, 10)."),
        (lambda x, y, w1, b1: [(w1 * 2, b1), solved(x, y, w1, b1)], "incorrect", "The first layer is given"),
        (lambda x, y, w1, b1: [(w1, b1), tuple(a * np.nan for a in solved(x, y, w1, b1))], "incorrect", "not finite"),
        (lambda x, y, w1, b1: [(w1, b1), tuple(a * 0 for a in solved(x, y, w1, b1))], "incorrect", "the goal is 93%"),
    ],
)
def test_the_milestone_says_what_is_missing(answer, status, sentence):
    result = check("02.milestone_digits", answer, seed=3)
    assert result.status == status
    if sentence:
        assert sentence in result.failure.verdict.sentence


def test_the_milestone_judges_on_digits_that_were_not_trained_on():
    for case in cases_for(milestone_digits.EXERCISE, 0):
        x, labels, _, _ = case.args
        classes = labels.max() + 1
        images, truth = milestone_digits._held_out(x, classes)
        rows = {row.tobytes() for row in x}
        assert not any(row.tobytes() in rows for row in images)
        assert len(images) > 200
        assert set(truth) == set(range(classes))
