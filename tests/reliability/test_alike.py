"""The same class, graded in other ways, gets the same grades; what is wrong in two ways is said to be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import autograde.runs
from autograde.commands import grade
from autograde.course import Course
from autograde.grade import grade_class
from autograde.grades import Grade
from autograde.jobs import run_job
from autograde.submissions import Submission, find_submissions
from autograde.twice import told_if_unsteady
from tests.autograde import tiny

SEED = 11


@pytest.fixture
def graded(few: Path, solutions: Path, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Grade the few submissions into a new folder and return the grades by learner."""

    def run(name: str, workers: int = 1, backwards: bool = False) -> dict[str, Any]:
        found = find_submissions(few, tiny.NAME)[:: -1 if backwards else 1]
        course = Course(tmp_path / name, tmp_path / "unused")
        learners = grade_class(tiny.NAME, found, course, solutions, SEED, workers=workers)
        return {learner.name: [g.to_plain() for g in learner.grades.values()] for learner in learners}

    return run


def test_workers_order_and_a_second_time_change_nothing(
    graded: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []
    monkeypatch.setattr("autograde.runs.run_job", lambda job: (ran.append(job["cells"]), run_job(job))[1])
    one = graded("one")
    assert len(ran) == 3  # ahead, and not again when nbgrader comes to it
    assert one["crash"][1]["status"] == "crashed"
    assert one["mistake_softmax_over_the_batch"][1]["diagnosis"] == "over_the_batch"
    assert graded("one") == one
    assert len(ran) == 3  # from the kept runs
    assert graded("three", workers=3) == one
    assert graded("backwards", workers=2, backwards=True) == one
    assert len(ran) == 9
    assert not autograde.runs._handed


def test_equal_submissions_run_once(
    few: Path, solutions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []
    monkeypatch.setattr("autograde.runs.run_job", lambda job: (ran.append(1), run_job(job))[1])
    twins = [Submission(name, few / "untouched.ipynb") for name in ("ada", "bob", "cleo")]
    learners = grade_class(tiny.NAME, twins, Course(tmp_path, tmp_path / "unused"), solutions, SEED, workers=2)
    assert [learner.score for learner in learners] == [0, 0, 0]
    assert len(ran) == 1


@pytest.mark.parametrize("on", [True, False])
def test_what_is_wrong_only_sometimes_is_told_on_the_learners_row(
    few: Path, solutions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on: bool
) -> None:
    """The answer depends on how often the class file was run, which a seed cannot hold: an odd count is wrong."""
    counter = tmp_path / "runs"
    counter.write_text("")
    answer = (
        f"def softmax(z):\n    with open({str(counter)!r}) as file: odd = len(file.read()) % 2\n"
        "    e = np.exp(z - z.max(axis=1, keepdims=True))\n"
        "    return e / e.sum(axis=1, keepdims=True) * (2 if odd else 1)\n"
    )
    (tmp_path / "in").mkdir()
    notebook = json.loads((few / "untouched.ipynb").read_text())
    for cell in notebook["cells"]:
        if cell["id"] == "02-softmax":
            cell["source"] = f"open({str(counter)!r}, 'a').write('.')\n{answer}"
    (tmp_path / "in" / "ada.ipynb").write_text(json.dumps(notebook))
    monkeypatch.setenv("DLCOURSE_SANDBOX", "none")  # inside the sandbox nothing survives that could be counted
    options = ["02", "--submissions", tmp_path / "in", "--out", tmp_path / "out", "--solutions", solutions]
    result = CliRunner().invoke(
        grade, [*map(str, options), *([] if on else ["--no-recheck"])], catch_exceptions=False
    )
    said = " ".join(result.output.replace("│", " ").split())
    assert ("Not the same twice: incorrect" in said) is on
    assert ("correct (1 of 1) when run again" in said) is on
    kept = json.loads((tmp_path / "out/autograded/ada/02_tiny/dlcourse-results.json").read_text())["exercises"][1]
    assert kept["status"] == "incorrect"  # the first counts
    assert (kept["unsteady"] is not None) is on
    page = (tmp_path / "out/feedback/ada/02_tiny/02_tiny.html").read_text()
    assert ("Not the same twice" in page) is on
    assert len(counter.read_text()) == 1 + on


def test_only_another_verdict_is_told() -> None:
    wrong = Grade("02.relu", "incorrect", 0.5, 1.0, "leaky")
    assert told_if_unsteady(wrong, None) is wrong
    assert told_if_unsteady(wrong, Grade("02.relu", "incorrect", 0.5, 1.0, "leaky", said="other words")) is wrong
    assert told_if_unsteady(wrong, Grade("02.relu", "not_graded", None, 1.0)) is wrong  # ours
    for other in (Grade("02.relu", "incorrect", 0.25, 1.0, "leaky"), Grade("02.relu", "incorrect", 0.5, 1.0)):
        told = told_if_unsteady(wrong, other)
        assert (told.score, told.unsteady is not None) == (0.5, True)
    told = told_if_unsteady(wrong, Grade("02.relu", "timed_out", 0.0, 1.0))
    assert told.unsteady == (
        "Not the same twice: incorrect (0.5 of 1, “leaky”) at first, "
        "timed out (0 of 1) when run again with the same data."
    )
