"""Whatever goes wrong on the command line is one sentence and an exit code."""

import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from click.testing import CliRunner

from dlcourse_utils.cli import group, main
from dlcourse_utils.errors import CourseError

ROOT = Path(__file__).parents[2]


def dlcourse(*arguments: str):
    return CliRunner().invoke(main, list(arguments))


def sentence(outcome) -> str:
    """The only line on stderr, which must not be a traceback."""
    (line,) = outcome.stderr.strip().splitlines()
    assert line.startswith("dlcourse: ")
    return line


def test_an_unknown_command_gets_the_nearest_names():
    outcome = dlcourse("docter")
    assert outcome.exit_code == 2
    assert "Did you mean doctor?" in sentence(outcome)


def test_an_unknown_exercise_gets_the_nearest_names():
    outcome = dlcourse("hint", "02.sofmax")
    assert outcome.exit_code == 2
    assert "02.softmax" in sentence(outcome)


def test_hints_come_one_by_one_and_end():
    first = dlcourse("hint", "02.softmax")
    assert first.exit_code == 0
    assert "Hint 1 of" in first.output
    assert "dlcourse hint 02.softmax 2" in first.output
    beyond = dlcourse("hint", "02.softmax", "99")
    assert beyond.exit_code == 2
    assert "no hint 99" in sentence(beyond)


@pytest.fixture
def joined(monkeypatch):
    """Make entry points of the given (name, value) pairs the only ones."""

    def set_up(**values: str) -> None:
        entries = {name: EntryPoint(name, value, "dlcourse.commands") for name, value in values.items()}
        monkeypatch.setattr(group, "_joined", lambda: entries)

    return set_up


def test_a_teachers_command_without_nbgrader_names_the_extra(joined, monkeypatch, tmp_path):
    (tmp_path / "needs_nbgrader.py").write_text("import nbgrader.nowhere_to_be_found\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "nbgrader", None)
    joined(grade="needs_nbgrader:grade")
    outcome = dlcourse("grade", "02", "--json", "x")
    assert outcome.exit_code == 2
    assert "pip install 'dlcourse[autograde]'" in sentence(outcome)
    listing = dlcourse("--help")
    assert listing.exit_code == 0
    assert "lab" in listing.output


@pytest.mark.parametrize(
    ("raised", "says", "code"),
    [
        (CourseError("Do this."), "Do this.", 2),
        (ModuleNotFoundError("No module", name="nbgrader.api"), "dlcourse[autograde]", 2),
        (ModuleNotFoundError("No module", name="torch"), "torch is missing", 2),
        (RuntimeError("a\nb" * 500), "RuntimeError: a b", 1),
    ],
)
def test_every_error_is_one_sentence(monkeypatch, raised, says, code):
    def fail(*_):
        raise raised

    monkeypatch.delenv("DLCOURSE_TRACEBACK", raising=False)
    monkeypatch.setattr("dlcourse_utils.checks.get", fail)
    outcome = dlcourse("hint", "02.softmax")
    assert outcome.exit_code == code
    assert says in sentence(outcome)
    assert len(sentence(outcome)) < 500


def test_a_developer_can_ask_for_the_traceback(monkeypatch):
    monkeypatch.setenv("DLCOURSE_TRACEBACK", "1")
    monkeypatch.setattr("dlcourse_utils.checks.get", lambda _: 1 / 0)
    assert isinstance(dlcourse("hint", "02.softmax").exception, ZeroDivisionError)


def test_the_commands_that_pyproject_promises_exist(needs_part):
    needs_part("nbgrader")
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["dlcourse.commands"]
    for name, value in promised.items():
        assert EntryPoint(name, value, "dlcourse.commands").load().name == name
