"""A history is plain data: it can be asked, cut, saved and read again."""

import numpy as np
import pytest

from dlcourse_utils.errors import CourseError
from dlcourse_utils.gradients import History, Recorder


@pytest.fixture
def history():
    rec = Recorder(every=2)
    rng = np.random.default_rng(3)
    for i in range(7):
        p = {"schön/w": rng.normal(size=(4, 3)), "b": rng.normal(size=3)}
        rec.step(
            loss=1.0 / (i + 1),
            grads=p,
            params=p,
            activations={"relu1": np.maximum(p["schön/w"], 0)},
            kinds={"relu1": "relu"},
        )
    return rec.history


def same(a: History, b: History) -> bool:
    for name in vars(a):
        x, y = getattr(a, name), getattr(b, name)
        if isinstance(x, dict):
            if x.keys() != y.keys() or not all(np.array_equal(x[k], y[k], equal_nan=x[k].dtype.kind == "f") for k in x):
                return False
        elif isinstance(x, np.ndarray):
            if not np.array_equal(x, y, equal_nan=x.dtype.kind == "f") or x.dtype != y.dtype:
                return False
        elif x != y:
            return False
    return True


def test_saving_and_loading_gives_the_same_back(history, tmp_path):
    path = history.save(tmp_path / "run one")
    assert path.name == "run one.npz"
    assert same(History.load(path), history)


def test_the_file_needs_no_pickle(history, tmp_path):
    with np.load(history.save(tmp_path / "h.npz"), allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)


def test_an_empty_history_survives_too(tmp_path):
    empty = Recorder().history
    assert len(empty) == 0
    assert same(History.load(empty.save(tmp_path / "e.npz")), empty)


@pytest.mark.parametrize("content", [b"", b"not a zip at all", None])
def test_another_file_is_one_sentence(tmp_path, content):
    path = tmp_path / "x.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CourseError, match=r"is not a saved history|There is no file"):
        History.load(path)


def test_another_npz_is_one_sentence(tmp_path):
    np.savez(tmp_path / "x.npz", a=np.ones(3))
    with pytest.raises(CourseError, match="is not a saved history"):
        History.load(tmp_path / "x.npz")


def test_an_unknown_table_or_name_is_answered_with_a_likely_one(history):
    with pytest.raises(CourseError, match="grad_norm"):
        history["grad_norms"]
    with pytest.raises(CourseError, match=r"no 'c'"):
        history.series("grad_norm", "c")


def test_cut_before_the_first_nan(history):
    rec = Recorder()
    for value in (1.0, 2.0, np.nan, np.nan):
        rec.step(grads=[np.array([value, 1.0])])
    h = rec.history
    assert h.first_nonfinite() == 2
    assert h.before_nonfinite().steps.tolist() == [0, 1]
    assert history.first_nonfinite() is None
    assert history.before_nonfinite() is history


def test_weights_are_the_columns_with_two_dimensions(history):
    assert [history.params[j] for j in history.weights] == ["schön/w"]
    assert history.sizes.tolist() == [12, 3]
