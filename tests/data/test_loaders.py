"""The loaders give what their docstrings say, and refuse what was not shipped."""

import gzip
import shutil

import numpy as np
import pytest

from dlcourse_utils.data import DATASETS, load_digits_split, load_mnist5k, verify
from dlcourse_utils.data.registry import FILES, checksums
from dlcourse_utils.errors import CourseError


@pytest.fixture
def copy_of_files(tmp_path):
    return shutil.copytree(FILES, tmp_path / "files")


def test_mnist5k_is_five_hundred_of_each_digit_between_paper_and_ink():
    data = load_mnist5k()
    assert data.images.shape == (5000, 28, 28)
    assert data.images.dtype == np.float32
    assert data.images.min() == 0.0
    assert data.images.max() == 1.0
    assert data.labels.dtype == np.int64
    assert np.bincount(data.labels).tolist() == [500] * 10
    assert (np.diff(data.labels) >= 0).all(), "the docstring promises the file's order: sorted by label"


def test_mnist5k_pairs_images_with_their_labels():
    data = load_mnist5k()
    means = np.stack([data.images[data.labels == k].mean(axis=0) for k in range(10)])
    distance = ((data.images[:, None] - means) ** 2).sum(axis=(2, 3))
    assert (distance.argmin(axis=1) == data.labels).mean() > 0.75  # a nearest-mean classifier, ~0.8 on MNIST


def test_each_call_gives_arrays_of_its_own():
    first = load_mnist5k()
    first.images[:] = 7
    assert load_mnist5k().images.max() == 1.0


def test_digits_split_is_stratified_scaled_and_without_overlap():
    split = load_digits_split()
    assert split.x_train.shape == (1437, 64)
    assert split.x_test.shape == (360, 64)
    assert split.x_train.min() == 0.0
    assert split.x_train.max() == 1.0
    share = np.bincount(split.y_train) / 1437 - np.bincount(split.y_test) / 360
    assert np.abs(share).max() < 0.005
    train = {row.tobytes() for row in split.x_train}
    assert not any(row.tobytes() in train for row in split.x_test)


def test_digits_split_depends_on_the_seed_alone():
    a, b, c = load_digits_split(1), load_digits_split(1), load_digits_split(2)
    assert np.array_equal(a.x_test, b.x_test)
    assert not np.array_equal(a.x_test, c.x_test)


def test_every_set_is_listed_licensed_and_intact():
    assert {d.path for d in DATASETS.values()} == set(checksums())
    for dataset in DATASETS.values():
        assert verify(dataset.name).is_file()
        notice = FILES / dataset.path.split("/")[0] / "NOTICE.txt"
        assert dataset.licence in notice.read_text(encoding="utf-8")


def test_a_missing_file_is_named_with_the_remedy(copy_of_files):
    (copy_of_files / "mnist5k/mnist5k.npz").unlink()
    with pytest.raises(CourseError, match=r"mnist5k\.npz is missing.*dlcourse doctor"):
        load_mnist5k(copy_of_files)


@pytest.mark.parametrize(
    "damage", [b"", b"not an archive", gzip.compress(b"x", mtime=0)], ids=["empty", "no archive", "archive"]
)
def test_a_changed_file_is_never_read(copy_of_files, damage):
    (copy_of_files / "mnist5k/mnist5k.npz").write_bytes(damage)
    with pytest.raises(CourseError, match="checksum differs"):
        load_mnist5k(copy_of_files)


def test_a_missing_list_of_checksums_is_named(copy_of_files):
    (copy_of_files / "SHA256SUMS").unlink()
    with pytest.raises(CourseError, match="SHA256SUMS is missing"):
        load_mnist5k(copy_of_files)


def test_a_folder_in_the_files_place_is_one_sentence(copy_of_files):
    file = copy_of_files / "mnist5k/mnist5k.npz"
    file.unlink()
    file.mkdir()
    with pytest.raises(CourseError, match="cannot be read"):
        load_mnist5k(copy_of_files)
