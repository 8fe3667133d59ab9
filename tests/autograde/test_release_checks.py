"""Every breach of a released notebook has its sentence; a sound chapter has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograde.build import Built, build_chapter, write_all
from autograde.release_checks import disagreements, drift, leaks, static_problems, strangers, untidy
from autograde.release_run import unsolved_problems
from autograde.texts import to_bytes
from tests.autograde import tiny


@dataclass(frozen=True)
class Known:
    """The part of an exercise that a check cell must agree with."""

    id: str
    objects: tuple[str, ...]
    points: float = 1


EXERCISES = [Known("02.relu", ("relu",)), Known("02.softmax", ("softmax",)), Known("02.accuracy", ("accuracy",))]


def changed(built: Built, edit: Callable[[NotebookNode], None]) -> Built:
    notebook = built.notebook()
    edit(notebook)
    return replace(built, released=to_bytes(notebook))


def cell(notebook: NotebookNode, cell_id: str) -> NotebookNode:
    return next(c for c in notebook.cells if c.id == cell_id)


def test_a_sound_chapter_has_no_problem(built: Built, tmp_path: Path) -> None:
    write_all([built], tmp_path)
    assert list(static_problems([built], tmp_path, lambda number: EXERCISES)) == []


def test_drift_is_named(built: Built, tmp_path: Path) -> None:
    assert "is missing" in next(drift([built], tmp_path))
    write_all([built], tmp_path)
    path = tmp_path / built.path
    path.write_bytes(path.read_bytes().replace(b"A tiny chapter", b"A big chapter"))
    (tmp_path / "old.ipynb").write_text("{}")
    (tmp_path / "answers.py").write_text("")
    problems = [*drift([built], tmp_path), *strangers([built], tmp_path)]
    assert len(problems) == 3
    assert "differs from what solutions/02_tiny.py gives" in problems[0]
    assert "comes from no text" in problems[1]
    assert "may hold answers" in problems[2]


@pytest.mark.parametrize("text", ["### BEGIN SOLUTION", "### BEGIN HIDDEN TESTS\nassert True"])
def test_a_marker_in_a_released_notebook_is_named(built: Built, text: str) -> None:
    def edit(notebook: NotebookNode) -> None:
        notebook.cells.append(nbformat.v4.new_code_cell(text, id="extra"))

    assert any("still holds the marker" in problem for problem in leaks(changed(built, edit)))


def test_a_line_of_a_solution_is_named_wherever_it_stands(built: Built) -> None:
    def edit(notebook: NotebookNode) -> None:
        cell(notebook, "cell-001").source += "\n    return  np.where(z > 0, z, np.zeros_like(z))"

    (problem,) = leaks(changed(built, edit))
    assert "return np.where(z > 0, z, np.zeros_like(z))" in problem


def test_what_the_same_cell_shows_as_an_example_is_given(tmp_path: Path) -> None:
    line = "    other = other if isinstance(other, Node) else Node(other)"
    source = f"def add(other):\n{line}\n\ndef mul(other):\n    ### BEGIN SOLUTION\n{line}\n    ### END SOLUTION"
    text = tiny.write(tmp_path, [tiny.answer("02-relu", source)])
    assert list(leaks(build_chapter(text))) == []


def test_duplicate_ids_and_outputs_are_named(built: Built) -> None:
    notebook = built.notebook()
    cell(notebook, "02-softmax").metadata.nbgrader.grade_id = "02-relu"
    cell(notebook, "cell-002").outputs = [nbformat.v4.new_output("stream", text="hello")]
    problems = list(untidy("02_tiny", notebook))
    assert "the id '02-relu' is used more than once" in problems[0]
    assert "'cell-002' carries outputs" in problems[1]


def test_points_line_and_registry_must_agree(built: Built) -> None:
    notebook = built.notebook()
    cell(notebook, "02-relu-check").source += "\nprint('more')"
    exercises = [EXERCISES[0], replace(EXERCISES[1], points=3), Known("02.sigmoid", ("sigmoid",))]
    problems = list(disagreements("02_tiny", notebook, exercises))
    assert "'02-accuracy-check' belongs to no exercise" in problems[0]
    assert 'must hold exactly `check("02.relu", relu)`' in problems[1]
    assert "worth 1 points, its exercise 3" in problems[2]
    assert "02.sigmoid has no check cell" in problems[3]
    assert len(problems) == 4


@pytest.mark.slow
def test_running_it_unsolved_finds_free_points_and_tracebacks(tmp_path: Path) -> None:
    text = tiny.write(tmp_path, [
        *tiny.CELLS[:2],
        tiny.answer("02-relu", tiny.RELU),
        tiny.check("02-relu-check", 'check("02.relu", relu)'),
        tiny.answer("02-free", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION\nx = 0"),
        tiny.check("02-free-check", "0.5"),
        tiny.code("relu(np.array([1.0]))"),
    ])
    built = build_chapter(text)
    problems = list(unsolved_problems("02_tiny", built.notebook()))
    assert [problem.partition("nothing solved ")[2] for problem in problems] == [
        "the cell '02-free' shows a traceback (NotImplementedError).",
        "the check cell '02-free-check' scores 0.5 points.",
        "the cell 'cell-007' shows a traceback (NotImplementedError).",
    ]
