"""What a check writes down, where, and that it is never in the check's way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dlcourse_utils import check
from dlcourse_utils.errors import CourseError
from dlcourse_utils.progress import place, recording, store

ROOT = Path(__file__).parents[2]


def relu(z: np.ndarray) -> np.ndarray:
    return np.maximum(z, 0)


def stub(z: np.ndarray) -> np.ndarray:
    raise NotImplementedError


def kept(folder: Path) -> dict:
    return dict(store.read(folder / place.FILE)[0].exercises)


def test_a_check_is_written_down_in_the_copy_around_the_notebook(copy: Path) -> None:
    assert check("02.relu", lambda z: -z).status == "incorrect"
    check("02.relu", relu)
    check("02.relu", lambda z: None)
    (entry,) = kept(copy / ".dlcourse").values()
    assert (entry.status, entry.score, entry.points, entry.tries) == ("correct", 1.0, 1, 3)


def test_a_stub_is_no_try(copy: Path) -> None:
    check("02.relu", stub)
    assert list((copy / ".dlcourse").iterdir()) == []


def test_outside_a_copy_the_user_accounts_folder_is_used(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check("02.relu", relu)
    assert list(kept(home)) == ["02.relu"]


@pytest.mark.parametrize("where", ["solutions", "."])
def test_the_solved_chapters_are_nobodys_progress(copy: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copy / where)
    check("02.relu", relu)
    assert bool(kept(copy / ".dlcourse")) == (where == ".")


def test_the_checkouts_solutions_are_nobodys_progress(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "solutions").mkdir()
    monkeypatch.chdir(tmp_path / "solutions")
    check("02.relu", relu)
    assert not home.exists()


@pytest.mark.parametrize(("name", "value"), [("NBGRADER_EXECUTION", "autograde"), ("DLCOURSE_PROGRESS", "off")])
def test_nothing_is_kept_under_nbgrader_or_when_switched_off(
    copy: Path, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert check("02.relu", relu).status == "correct"
    assert list((copy / ".dlcourse").iterdir()) == []


def test_under_nbgrader_progress_is_not_even_imported() -> None:
    program = (
        "import os, sys; os.environ['NBGRADER_EXECUTION'] = 'autograde'\n"
        "from dlcourse_utils import check; check('02.relu', abs)\n"
        "print([m for m in sys.modules if m.startswith('dlcourse_utils.progress')])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("error", [RuntimeError("a bug of ours"), OSError(5, "I/O error"), MemoryError()])
def test_whatever_goes_wrong_the_check_answers(copy: Path, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise error

    monkeypatch.setattr(store, "update", fail)
    assert check("02.relu", relu).status == "correct"


def test_a_working_directory_that_is_gone_costs_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert check("02.relu", relu).status == "correct"


def test_what_cannot_be_written_is_said_once_and_joins_the_next_result(
    copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: Path, change: object) -> str:
        raise CourseError("Your progress cannot be kept.")

    with monkeypatch.context() as patched:
        patched.setattr(store, "update", refuse)
        check("02.relu", relu)
        check("02.sigmoid", relu)
    assert capsys.readouterr().out == "dlcourse: Your progress cannot be kept.\n"
    check("02.leaky_relu", relu)
    assert sorted(kept(copy / ".dlcourse")) == ["02.leaky_relu", "02.relu", "02.sigmoid"]
    check("02.relu", relu)
    assert kept(copy / ".dlcourse")["02.relu"].tries == 2
    assert recording._pending == []


def test_a_newer_file_is_said_once_and_left_alone(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = copy / ".dlcourse" / "progress.json"
    file.write_text('{"format": 7, "exercises": {}}')
    for _ in range(3):
        assert check("02.relu", relu).status == "correct"
    assert capsys.readouterr().out.count("newer version") == 1
    assert file.read_text() == '{"format": 7, "exercises": {}}'


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/dlcourse"),
        ("linux", {"HOME": "/home/ada"}, "/home/ada/.local/share/dlcourse"),
        ("darwin", {"HOME": "/Users/ada"}, "/Users/ada/Library/Application Support/dlcourse"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/dlcourse"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="the paths are written as elsewhere")
def test_each_systems_own_folder(
    platform: str, variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(place.sys, "platform", platform)
    assert place.user_folder() == Path(expected)
