"""Bad input to the teacher's commands: one sentence, exit code 2, and nothing half done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograde.build import Built
from autograde.commands import build, grade
from autograde.commands.options import check_writable
from autograde.submissions import find_submissions
from dlcourse_utils.errors import CourseError


def said(*args: object) -> str:
    """Run `dlcourse grade` and return the sentence that it fails with."""
    with pytest.raises(CourseError) as caught:
        CliRunner().invoke(grade, [str(arg) for arg in args], catch_exceptions=False, standalone_mode=False)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def one(tmp_path: Path, built: Built) -> Path:
    """A folder with one submission."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_bytes(built.released)
    return tmp_path / "in"


def test_an_unknown_chapter(one: Path, solutions: Path, tmp_path: Path) -> None:
    sentence = said("02_tyni", "--submissions", one, "--out", tmp_path / "out", "--solutions", solutions)
    assert "Did you mean 02_tiny?" in sentence
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_there(solutions: Path, tmp_path: Path) -> None:
    assert "no folder" in said("02", "--submissions", tmp_path / "x", "--out", tmp_path, "--solutions", solutions)


def test_a_folder_without_submissions(solutions: Path, tmp_path: Path) -> None:
    (tmp_path / "in" / "ada" / "03_other").mkdir(parents=True)
    sentence = said("02", "--submissions", tmp_path / "in", "--out", tmp_path / "out", "--solutions", solutions)
    assert "holds no submission of 02_tiny: expected LEARNER/02_tiny/02_tiny.ipynb" in sentence


def test_a_learner_name_that_nbgrader_cannot_take(built: Built, tmp_path: Path) -> None:
    (tmp_path / "a+b.ipynb").write_bytes(built.released)
    with pytest.raises(CourseError, match="'a\\+b' has characters"):
        find_submissions(tmp_path, "02_tiny")


def test_an_output_folder_that_is_a_file(one: Path, solutions: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(CourseError, match="Nothing can be written into"):
        check_writable(tmp_path / "out" / "deeper")


@pytest.mark.skipif(os.name != "posix", reason="permissions of another kind")
def test_a_read_only_output_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    if os.geteuid() == 0:  # permissions do not stop root: let the system call say what it says to others
        def denied(*args: object, **kwargs: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("tempfile.TemporaryFile", denied)
    with pytest.raises(CourseError, match=r"Nothing can be written into .*out: Permission denied\."):
        check_writable(tmp_path / "out")


def test_two_wishes_about_the_seed(one: Path, solutions: Path) -> None:
    assert "exclude each other" in said("02", "--submissions", one, "--seed", 1, "--new-seed", "--solutions", solutions)


def test_bad_files_stop_nobody_else(one: Path, built: Built, solutions: Path, tmp_path: Path) -> None:
    (one / "empty.ipynb").touch()
    (one / "huge.ipynb").touch()
    os.truncate(one / "huge.ipynb", 100 * 2**20)  # sparse: no disk is used
    (one / "link.ipynb").symlink_to("nowhere")
    result = CliRunner().invoke(
        grade, ["02", "--submissions", str(one), "--out", str(tmp_path / "out"), "--solutions", str(solutions)]
    )
    assert result.exit_code == 1
    words = " ".join(result.output.replace("│", " ").split())
    for sentence in ("The file is empty.", "at most 20 MB are read", "cannot be read"):
        assert sentence in words
    assert "4 submissions, 1 graded in full" in words
    assert not (tmp_path / "out" / "submitted" / "huge").exists()


def test_build_writes_and_then_finds_nothing_to_say(solutions: Path, tmp_path: Path) -> None:
    args = ["--solutions", str(solutions), "--out", str(tmp_path / "course")]
    first = CliRunner().invoke(build, args, catch_exceptions=False)
    assert (first.exit_code, first.output.splitlines()[-1]) == (0, "1 notebooks built, 1 changed.")
    (tmp_path / "course" / "02_tiny" / "02_tiny.ipynb").write_text("{}")
    checked = CliRunner().invoke(build, [*args, "--check", "--no-run"], catch_exceptions=False)
    assert checked.exit_code == 1
    assert "differs from what solutions/02_tiny.py gives" in checked.output


def test_the_commands_start_without_loading_the_engine() -> None:
    code = "import sys, autograde.commands; print('torch' in sys.modules, 'nbgrader' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=os.getcwd())
    assert done.stdout.split() == ["False", "False"]
