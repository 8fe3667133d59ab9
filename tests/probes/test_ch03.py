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


def _trainer(pick, lr_counts=True, keep=True):
    """A training loop in which `pick(rng, n, steps)` yields (rows of x, rows of labels) for each step."""
    from dlcourse_utils.checks.ch03 import train_mlp_mistakes as known

    def train_mlp(x, labels, hidden, lr, steps, seed):
        rng = np.random.default_rng(seed)
        params = known._start(rng, x.shape[1], hidden, labels.max() + 1)
        for rows, names in pick(rng, len(x), steps):
            new = known._step(params, known._grads(params, x[rows], labels[names]), lr if lr_counts else 1)
            params = new if keep else params
        return params

    return train_mlp


def _fair(rng, n, steps):
    for _ in range(steps):
        rows = rng.permutation(n)[:25]
        yield rows, rows


def _only_x_shuffled(rng, n, steps):
    order = rng.permutation(n)
    for step in range(steps):
        at = np.arange(step * 25, step * 25 + 25) % n
        yield order[at], at


def _two_permutations(rng, n, steps):
    for _ in range(steps):
        yield rng.permutation(n)[:40], rng.permutation(n)[:40]


def _the_first_rows_of_one_permutation(rng, n, steps):
    order = rng.permutation(n)
    for _ in range(steps):
        yield order[:64], order[:64]


@pytest.mark.parametrize(
    ("train", "name"),
    [
        (_trainer(_fair), None),
        (_trainer(_only_x_shuffled), "x_and_labels_apart"),
        (_trainer(_two_permutations), "x_and_labels_apart"),
        (_trainer(_fair, keep=False), "never_assigned_back"),
        (_trainer(_fair, lr_counts=False), "learning_rate_forgotten"),
        (_trainer(_the_first_rows_of_one_permutation), "same_rows_for_ever"),
    ],
)
def test_slips_in_training_are_named_and_nobody_is_told_that_they_climb(train, name):
    result = result_of("03.train_mlp", train)
    assert (result.status == "correct") == (name is None)
    assert (result.diagnosis.name if result.diagnosis else None) == name


def test_a_cache_in_a_global_is_named_whatever_it_is_called():
    kept = {}

    def linear_forward(x, w, b):
        kept["all"] = (x, w)
        return np.einsum("nd,dm->nm", x.reshape(len(x), -1), w) + b, ()

    def linear_backward(dout, cache):
        x, w = kept["all"]
        return (dout @ w.T).reshape(x.shape), np.einsum("nd,nm->dm", x.reshape(len(x), -1), dout), dout.sum(axis=0)

    result = result_of("03.linear_forward", linear_forward, linear_backward)
    assert result.diagnosis is not None
    assert result.diagnosis.name == "cache_in_a_global"


@pytest.mark.parametrize(("restore", "name"), [(False, "nudge_left_in"), (True, "undone_by_arithmetic")])
def test_a_nudge_that_stays_is_told_from_one_undone_by_arithmetic(restore, name):
    def gradient_check(f, x, grad, eps=1e-5):
        worst = 0.0
        for i in np.ndindex(x.shape):
            x[i] += eps
            up = f(x)
            x[i] -= 2 * eps
            slope = (up - f(x)) / (2 * eps)
            if restore:
                x[i] += eps
            worst = max(worst, abs(slope - grad[i]) / (abs(slope) + abs(grad[i]) + 1e-8))
        return worst

    result = result_of("03.gradient_check", gradient_check)
    assert result.diagnosis is not None
    assert result.diagnosis.name == name
    assert ("do not put it back" in result.failure.verdict.sentence) is not restore


def test_the_mean_error_is_named_in_either_form():
    def gradient_check(f, x, grad, eps=1e-5):
        x, errors = x.copy(), []
        for i in np.ndindex(x.shape):
            old = x[i]
            x[i] = old + eps
            up = f(x)
            x[i] = old - eps
            slope = (up - f(x)) / (2 * eps)
            x[i] = old
            errors.append(abs(slope - grad[i]) / (abs(slope) + abs(grad[i]) + 1e-12))
        return float(np.mean(errors))

    result = result_of("03.gradient_check", gradient_check)
    assert result.diagnosis is not None
    assert result.diagnosis.name == "mean_error"


@pytest.mark.parametrize(
    ("lr", "steps", "advice", "not_this"),
    [
        (8.0, 300, "*smaller* lr", "larger lr"),
        (30.0, 40, "*smaller* lr", "larger lr"),
        (1e-5, 50, "larger lr", "smaller"),
    ],
)
def test_memorise_advice_turns_the_right_way(lr, steps, advice, not_this):
    from dlcourse_utils.checks.ch03.training_mistakes import _train

    result = result_of("03.milestone_memorise", lambda x, labels: _train(x, labels, 40, lr, steps, seed=3, size=16))
    said = result.failure.verdict.sentence
    assert advice in said
    assert not_this not in said


def test_memorise_with_labels_apart_is_not_told_to_change_the_learning_rate():
    from dlcourse_utils.checks.ch03.training_mistakes import _train

    result = result_of("03.milestone_memorise", lambda x, labels: _train(x, np.roll(labels, 7), 40, 0.5, 400, seed=3))
    assert "belong together" in result.failure.verdict.sentence


def _backward_slip(front=False, handed_down=True, doubly=False):
    """mlp_loss_and_grads on lists of caches, with one slip."""
    from dlcourse_utils.checks.ch03.mlp_loss_and_grads import _forward, _loss

    def mlp_loss_and_grads(params, x, labels):
        inputs, logits = _forward(params, x)
        caches = [(h, w) for h, (w, _) in zip(inputs, params, strict=True)]
        masks = [h > 0 for h in inputs[1:]]
        loss, dout = _loss(logits, labels)
        grads = []
        while caches:
            h, w = caches.pop(0 if front else -1)
            grads.insert(0, (h.T @ dout, dout.sum(axis=0)))
            down = dout @ w.T if handed_down else dout
            if masks:
                down = down * masks.pop(0 if front else -1)
            dout = down
        return loss, [(dw / len(x), db / len(x)) for dw, db in grads] if doubly else grads

    return mlp_loss_and_grads


@pytest.mark.parametrize(
    ("slip", "name"),
    [
        ({}, None),
        ({"front": True}, "caches_from_the_front"),
        ({"handed_down": False}, "dx_not_handed_down"),
        ({"doubly": True}, "divided_by_n_again"),
    ],
)
def test_slips_on_the_way_back_through_a_network_are_named(slip, name):
    result = result_of("03.mlp_loss_and_grads", _backward_slip(**slip))
    assert (result.diagnosis.name if result.diagnosis else None) == name
    assert (result.status == "correct") == (name is None)


def test_a_crash_in_deeper_networks_is_not_blamed_on_the_order_of_the_caches():
    right = _backward_slip()

    def mlp_loss_and_grads(params, x, labels):
        if len(params) > 1:
            raise ValueError("operands could not be broadcast together")
        return right(params, x, labels)

    assert result_of("03.mlp_loss_and_grads", mlp_loss_and_grads).diagnosis is None
