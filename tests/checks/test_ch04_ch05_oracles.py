"""Chapters 04 and 05: oracles against values known by heart, and the sentences of the judges that have no oracle."""

import numpy as np
import pytest

from dlcourse_utils.checks import check
from dlcourse_utils.checks.ch04 import adam_step, adamw_step, clip_by_global_norm, cosine_schedule, rmsprop_step
from dlcourse_utils.checks.ch05 import (
    batchnorm_forward,
    class_weights,
    earlystopping,
    impute,
    l1_penalty,
    l2_penalty,
    precision_recall_f1,
    roc_auc,
    weighted_cross_entropy,
)

G = {"p": np.array([3.0, -0.02])}
START = {"p": np.array([1.0, 1.0])}
ADAM = {"lr": 0.1, "beta1": 0.9, "beta2": 0.999, "eps": 1e-12}


def first_step(module, hyper):
    (step,) = module.oracle(params=START, grads=[G], hypers=[hyper]).values()
    return step["p"]


def test_the_adaptive_methods_first_steps_do_not_depend_on_the_gradients_size():
    assert first_step(adam_step, ADAM) == pytest.approx([0.9, 1.1])
    assert first_step(adamw_step, {**ADAM, "weight_decay": 0.5}) == pytest.approx([0.95 - 0.1, 0.95 + 0.1])
    by_rms = first_step(rmsprop_step, {"lr": 0.1, "beta": 0.99, "eps": 1e-12})
    assert by_rms == pytest.approx([1 - 0.1 / np.sqrt(0.01), 1 + 0.1 / np.sqrt(0.01)], abs=1e-9)


def test_the_schedule_passes_through_the_points_of_the_text():
    points = cosine_schedule.oracle([0, 5, 10, 60, 110, 500], total=110, lr_max=2.0, lr_min=0.2, warmup=10)
    assert points == pytest.approx([0.0, 1.0, 2.0, 1.1, 0.2, 0.2])


def test_three_four_five():
    clipped, norm = clip_by_global_norm.oracle({"a": np.array([3.0]), "b": np.array([[4.0]])}, 1.0)
    assert norm == pytest.approx(5.0)
    assert (clipped["a"][0], clipped["b"][0, 0]) == pytest.approx((0.6, 0.8), rel=1e-5)


def test_a_normalised_batch_by_heart():
    x = np.array([[1.0, 10.0], [3.0, 30.0]])
    seen = batchnorm_forward.oracle([x], np.ones(2), np.zeros(2), test=x, momentum=0.75, eps=1e-12)
    assert seen["out of training batch 1"] == pytest.approx(np.array([[-1.0, -1.0], [1.0, 1.0]]))
    assert seen["running mean after batch 1"] == pytest.approx([0.5, 5.0])
    assert seen["running variance after batch 1"] == pytest.approx([0.75 + 0.25 * 1, 0.75 + 0.25 * 100])


def test_penalties_by_heart():
    params = [(np.array([[2.0, 0.0], [-1.0, 0.5]]), np.array([9.0, 9.0]))]
    l1, [(slope, bias)] = l1_penalty.oracle(params, 0.5)
    assert (l1, slope.tolist(), bias.tolist()) == (1.75, [[0.5, 0.0], [-0.5, 0.5]], [0, 0])
    l2, [(slope, _)] = l2_penalty.oracle(params, 0.5)
    assert (l2, slope.tolist()) == (2.625, [[2.0, 0.0], [-1.0, 0.5]])


def test_patience_by_heart():
    seen = earlystopping.oracle([3.0, 2.0, 2.0, 2.5, 1.0, 0.9], patience=2, min_delta=0.5)
    assert seen["answers"] == [False, False, False, True, False, False]
    assert seen["best after each update"] == [3.0, 2.0, 2.0, 2.0, 1.0, 1.0]


def test_measures_and_weights_by_heart():
    assert class_weights.oracle(np.array([7, 2, 7, 7])) == pytest.approx([2.0, 2 / 3])
    sick = np.array([1, 1, 0, 0])
    assert precision_recall_f1.oracle(sick, np.array([1, 0, 1, 0])) == pytest.approx((0.5, 0.5, 0.5))
    pairs = 0.5 + 1 + 0 + 1  # a tie, a win, a loss, a win
    assert roc_auc.oracle(sick, np.array([0.9, 0.8, 0.9, 0.1])) == pytest.approx(pairs / 4)
    loss = weighted_cross_entropy.oracle(np.zeros((2, 2)), np.array([0, 1]), np.array([1.0, 9.0]))
    assert loss == pytest.approx(np.log(2))


def test_gaps_by_heart():
    train, test = np.array([[1.0, np.nan], [2.0, 4.0], [2.0, 5.0]]), np.array([[np.nan, np.nan]])
    filled, answer = impute.oracle(train, test, "most_frequent")
    assert filled.tolist() == [[1, 4, 1], [2, 4, 0], [2, 5, 0]]
    assert answer.tolist() == [[2, 4, 1]], "a test gap where train has none gets no indicator"


def sentence(result):
    return " ".join(c.verdict.sentence for c in result.cases if not c.verdict.passed)


def test_judges_say_what_is_wrong():
    def endless(x, y, batch_size, rng):
        while True:
            yield x[:batch_size], y[:batch_size]

    def apart(x, y, batch_size, rng):
        return [(x[:5], y[5:10])]

    assert "has come before" in sentence(check("04.iterate_minibatches", endless, seed=0))
    assert "another sample's label" in sentence(check("04.iterate_minibatches", apart, seed=0))
    assert "Expected the shape" in sentence(check("05.he_init", lambda i, o, r: r.normal(size=i), seed=0))
    assert "pair" in sentence(check("05.stratified_split", lambda y, f, r: np.arange(3), seed=0))
    assert "no setting called 'momentum'" in sentence(
        check("04.milestone_ravine", lambda: {"momentum": {"lr": 0.1, "momentum": 0.9}}, seed=0)
    )
    assert "probabilities, from 0 to 1" in sentence(
        check("05.milestone_heart", lambda x, y, t, rng: rng.normal(size=len(t)) * 3, seed=0)
    )


def test_a_step_that_returns_no_pair_is_told_so():
    result = check("04.sgd_step", lambda params, grads, state, lr: [1, 2, 3], seed=0)
    assert result.status == "broken"
    assert result.score == 0


@pytest.mark.parametrize("exercise_id", ["05.dropout_forward", "04.iterate_minibatches", "05.oversample"])
def test_doing_nothing_earns_little(exercise_id):
    nothing = {
        "05.dropout_forward": (lambda x, p_drop, train, rng: (x, None), lambda dout, cache: dout),
        "04.iterate_minibatches": (lambda x, y, batch_size, rng: [(x, y)],),
        "05.oversample": (lambda x, y, rng: (x, y),),
    }
    assert check(exercise_id, *nothing[exercise_id], seed=0).score < 0.35
