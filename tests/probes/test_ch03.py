"""Chapter 03's reading rules, where they need more than the proof: what counts as right, and what is said."""

import numpy as np
import pytest

from dlcourse_utils.checks import cases_for, get, judge
from dlcourse_utils.probes import observe


def result_of(exercise_id, *attempt, seed=5):
    exercise = get(exercise_id)
    cases = cases_for(exercise, seed)
    return judge(exercise, cases, [observe(exercise.probe, attempt, c.args, c.kwargs) for c in cases], seed)


def test_a_value_operation_without_return_is_named():
    class Value:
        def __init__(self, data):
            self.data, self.grad = data, 0.0

        def __mul__(self, other):
            Value(self.data)

        def backward(self):
            pass

    result = result_of("03.Value", Value)
    sentences = [c.verdict.sentence for c in result.cases]
    assert any("`v * v` gave None" in s or "v * v gave None" in s for s in sentences)


def test_relu_may_answer_in_place_of_nothing_but_not_hand_out_its_input():
    def relu_forward(x):
        np.maximum(x, 0, out=x)
        return x, x > 0

    result = result_of("03.relu_forward", relu_forward, lambda dout, cache: dout * cache)
    assert result.status == "incorrect"
    assert any("in place" in c.verdict.sentence for c in result.cases)


def test_unbroadcast_to_nothing_takes_a_numpy_scalar():
    def unbroadcast(grad, shape):
        if shape == ():
            return grad.sum()  # np.float64, not an array
        axes = tuple(i for i, n in enumerate((1,) * (grad.ndim - len(shape)) + shape) if n == 1)
        return grad.sum(axis=axes, keepdims=True).reshape(shape)

    assert result_of("03.unbroadcast", unbroadcast).status == "correct"


@pytest.mark.parametrize("batch", [1, 7, 32, 100, 10**6])
def test_any_batch_size_is_right_and_walking_in_order_is_not(batch):
    full = batch > 1000

    def trainer(shuffle):
        def train_mlp(x, labels, hidden, lr, steps, seed):
            rng = np.random.default_rng(seed)
            k = labels.max() + 1
            p = [0.3 * rng.normal(size=s) for s in ((x.shape[1], hidden), (hidden,), (hidden, k), (k,))]
            order, at = np.arange(len(x)), len(x)
            for _ in range(steps):
                if at >= len(x):
                    order, at = (rng.permutation(len(x)) if shuffle else order), 0
                rows, at = order[at : at + batch], at + batch
                h = np.maximum(x[rows] @ p[0] + p[1], 0)
                e = np.exp(h @ p[2] + p[3])
                d = (e / e.sum(axis=1, keepdims=True) - np.eye(k)[labels[rows]]) / len(rows)
                dh = (d @ p[2].T) * (h > 0)
                grads = (x[rows].T @ dh, dh.sum(axis=0), h.T @ d, d.sum(axis=0))
                p = [a - lr * g for a, g in zip(p, grads, strict=True)]
            return [(p[0], p[1]), (p[2], p[3])]

        return train_mlp

    assert result_of("03.train_mlp", trainer(shuffle=True)).status == "correct"
    walking = result_of("03.train_mlp", trainer(shuffle=False))
    if full:
        assert walking.status == "correct"
    else:
        assert walking.diagnosis is not None
        assert walking.diagnosis.name == "walks_in_order"


def test_another_learners_batch_size_does_not_hide_a_known_mistake():
    from dlcourse_utils.checks.ch03 import train_mlp_mistakes as known

    def train_mlp(x, labels, hidden, lr, steps, seed):  # four batches of 200 added up for each step
        rng = np.random.default_rng(seed)
        params = known._start(rng, x.shape[1], hidden, labels.max() + 1)
        for _ in range(steps):
            total = [(0.0, 0.0), (0.0, 0.0)]
            for rows in np.array_split(rng.permutation(len(x)), 4):
                grads = known._grads(params, x[rows], labels[rows])
                total = [(a + c, b + d) for (a, b), (c, d) in zip(total, grads, strict=True)]
            params = known._step(params, total, lr)
        return params

    result = result_of("03.train_mlp", train_mlp)
    assert result.diagnosis is not None
    assert result.diagnosis.name == "sums_over_the_epoch"


def test_the_held_out_labels_never_reach_the_learner():
    for case in cases_for(get("03.milestone_digits"), 3):
        x_train, labels_train, x_test = case.args
        assert (len(x_train), len(labels_train), len(x_test)) == (1437, 1437, 360)
        seen = {row.tobytes() for row in x_train}
        assert not any(row.tobytes() in seen for row in x_test)


def test_memorise_is_judged_by_the_weights_not_by_claims():
    result = result_of("03.milestone_memorise", lambda x, labels: labels)
    assert result.score == 0
    assert result.status == "broken"
