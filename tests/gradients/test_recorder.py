"""The NumPy recorder: two lines in a learner's own loop."""

import numpy as np
import pytest

from dlcourse_utils.errors import CourseError
from dlcourse_utils.gradients import Recorder


def descend(rec: Recorder, steps: int = 6, lr: float = 0.1) -> list[np.ndarray]:
    """Gradient descent on ½‖w‖², so gradient = w and update = −lr·w; returns w before each step."""
    rng = np.random.default_rng(0)
    params = {"w": rng.normal(size=(3, 4)), "b": rng.normal(size=4)}
    seen = []
    for _ in range(steps):
        grads = {name: p.copy() for name, p in params.items()}
        seen.append(params["w"].copy())
        rec.step(loss=sum(0.5 * (p**2).sum() for p in params.values()), grads=grads, params=params)
        for name in params:
            params[name] -= lr * grads[name]
    return seen


def test_norms_and_updates_are_the_exact_ones():
    rec = Recorder()
    seen = descend(rec)
    h = rec.history
    lengths = [np.linalg.norm(w) for w in seen]
    np.testing.assert_allclose(h.series("grad_norm", "w"), lengths)
    np.testing.assert_allclose(h.series("weight_norm", "w"), lengths)
    np.testing.assert_allclose(h.series("update_norm", "w")[:-1], 0.1 * np.array(lengths[:-1]))
    assert np.isnan(h.series("update_norm", "w")[-1]), "nobody knows yet what the last step changes"


def test_only_every_third_step_is_kept_and_its_own_update():
    rec = Recorder(every=3)
    seen = descend(rec, steps=8)
    h = rec.history
    assert h.steps.tolist() == [0, 3, 6]
    np.testing.assert_allclose(h.series("update_norm", "w"), [0.1 * np.linalg.norm(seen[i]) for i in (0, 3, 6)])


def test_nothing_the_learner_owns_is_changed_or_kept():
    rec = Recorder()
    g = np.ones((2, 2))
    rec.step(grads={"w": g}, params={"w": g})
    g *= 5
    assert rec.history.series("grad_norm", "w")[0] == 2.0


def test_the_courses_list_of_pairs_is_named_by_layer():
    rec = Recorder()
    params = [(np.ones((2, 3)), np.zeros(3)), (np.ones((3, 1)), np.zeros(1))]
    rec.step(grads=params, params=params)
    assert rec.history.params == ("0.w", "0.b", "1.w", "1.b")


def test_clipping_is_kept_apart():
    rec = Recorder()
    rec.step(raw_grads=[np.array([3.0, 4.0])], grads=[np.array([0.6, 0.8])], params=[np.zeros(2)])
    assert rec.history["raw_grad_norm"][0, 0] == pytest.approx(5.0)
    assert rec.history["grad_norm"][0, 0] == pytest.approx(1.0)


def test_a_dead_unit_is_seen_in_its_activation_and_a_flat_sigmoid_too():
    rec = Recorder()
    hidden = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 2.0]])
    rec.step(activations={"h": hidden, "s": np.array([[0.001, 0.5]])}, kinds={"h": "relu", "s": "sigmoid"})
    h = rec.history
    assert h.series("activation_dead", "h")[0] == pytest.approx(1 / 3)
    assert h.silent["h"].tolist() == [[1, 0, 0]]
    assert h.series("activation_saturated", "s")[0] == 0.5


def test_integers_none_and_empty_arrays_are_taken_as_they_come():
    rec = Recorder()
    rec.step(
        grads={"a": np.array([3, 4]), "b": None, "c": np.empty((0, 2))},
        params={"a": [1, 2], "b": [1.0], "c": np.empty((0, 2))},
    )
    h = rec.history
    assert h.series("grad_norm", "a")[0] == 5.0
    assert h.series("grad_missing", "b")[0] == 1.0
    assert h.series("grad_norm", "c")[0] == 0.0


def test_half_precision_does_not_overflow():
    rec = Recorder()
    rec.step(grads=[np.full((10, 10), 6e4, dtype=np.float16)])
    assert rec.history["grad_norm"][0, 0] == pytest.approx(6e5, rel=1e-3)


def test_a_shape_that_changes_between_steps_is_noted():
    rec = Recorder()
    rec.step(grads=[np.ones((2, 3))], params=[np.ones((2, 3))])
    rec.step(grads=[np.ones((2, 5))], params=[np.ones((2, 5))])
    h = rec.history
    assert np.isnan(h["update_norm"]).all()
    assert h.notes == ("0 changed its shape from (2, 3) to (2, 5) at step 1.",)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"grads": {"w": np.ones(3)}, "params": {"w": np.ones((3, 1))}}, "shape (3,), the parameter has (3, 1)"),
        ({"grads": {"W": np.ones(3)}, "params": {"w": np.ones(3)}}, "grads has 'W', params has not"),
        ({"grads": {"w": "text"}}, "an array of numbers"),
        ({"grads": [np.ones(2)], "loss": np.ones(2)}, "loss should be one number"),
    ],
)
def test_a_wrong_call_is_one_sentence(call, words):
    rec = Recorder()
    with pytest.raises(CourseError) as error:
        rec.step(**call)
    assert words in str(error.value)


@pytest.mark.parametrize("every", [0, -3, 2.5, True, "10"])
def test_every_must_be_a_whole_number(every):
    with pytest.raises(CourseError, match="whole number of at least 1"):
        Recorder(every=every)
