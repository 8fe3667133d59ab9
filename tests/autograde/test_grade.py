"""A class of right, wrong, crashing and damaged submissions, graded from end to end by the command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest
from click.testing import CliRunner, Result
from nbgrader.api import Gradebook

from autograde.build import Built
from autograde.commands import grade
from autograde.sample_class import submissions, write_class
from dlcourse_utils.checks import Exercise
from dlcourse_utils.checks import Result as Verdict
from dlcourse_utils.errors import CourseError
from tests.autograde import tiny

NOT_READABLE = {"not_json", "wrong_nbformat", "empty_file"}
IDS = ["02.relu", "02.softmax", "02.accuracy"]


class Graded(NamedTuple):
    """What one run of the command left."""

    result: Result
    learners: dict[str, Any]
    out: Path


def invoke(*args: object) -> Result:
    return CliRunner().invoke(grade, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture(scope="module")
def sample(built: Built, solutions: Path, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The sample class of the tiny chapter, graded."""
    folder = tmp_path_factory.mktemp("class")
    write_class(built, folder / "in")
    out = folder / "out"
    result = invoke("02", "--submissions", folder / "in", "--out", out, "--json", out / "results.json",
                    "--check-seconds", 2, "--cell-seconds", 20, "--solutions", solutions)
    return Graded(result, json.loads((out / "results.json").read_text())["learners"], out)


def statuses(graded: Graded, learner: str) -> list[str]:
    return [graded.learners[learner]["exercises"][i]["status"] for i in IDS]


def test_the_json_has_the_documented_shape(sample: Graded) -> None:
    assert len(sample.learners) == 14
    for learner in sample.learners.values():
        assert list(learner) == ["score", "max", "exercises"]
        assert list(learner["exercises"]) == IDS
        assert learner["max"] == 3
        for exercise in learner["exercises"].values():
            assert list(exercise) == ["status", "score", "max", "diagnosis", "repaired"]


@pytest.mark.parametrize(
    ("learner", "expected", "score"),
    [
        ("full_marks", ["correct"] * 3, 3),
        ("untouched", ["not_attempted"] * 3, 0),
        ("half_done", ["correct", "not_attempted", "not_attempted"], 1),
        ("crash", ["correct", "crashed", "correct"], 2),
        ("endless_loop", ["correct", "timed_out", "correct"], 2),
        ("deleted_check", ["correct"] * 3, 3),
        ("duplicated_check", ["correct"] * 3, 3),
        ("duplicated_answer", ["correct"] * 3, 3),
    ],
)
def test_each_learner_gets_what_they_earned(sample: Graded, learner: str, expected: list[str], score: float) -> None:
    assert statuses(sample, learner) == expected
    assert sample.learners[learner]["score"] == score


def test_known_mistakes_are_named(sample: Graded) -> None:
    mistakes = [name for name in sample.learners if name.startswith("mistake_")]
    assert len(mistakes) == 3
    for name in mistakes:
        wrong = {i: e for i, e in sample.learners[name]["exercises"].items() if e["status"] != "correct"}
        ((exercise, found),) = wrong.items()
        assert name == f"mistake_{exercise.partition('.')[2]}_{found['diagnosis']}"
        assert found["score"] < found["max"]


@pytest.mark.parametrize("learner", ["deleted_check", "duplicated_check", "duplicated_answer"])
def test_repairs_are_told(sample: Graded, learner: str) -> None:
    repaired = [e["repaired"] for e in sample.learners[learner]["exercises"].values()]
    assert repaired[1]
    assert repaired[0] is repaired[2] is None


@pytest.mark.parametrize("learner", sorted(NOT_READABLE))
def test_what_cannot_be_read_is_not_graded_and_no_zero(sample: Graded, learner: str) -> None:
    assert statuses(sample, learner) == ["not_graded"] * 3
    assert sample.learners[learner]["score"] is None


def test_the_exit_code_says_that_something_was_not_graded(sample: Graded) -> None:
    assert sample.result.exit_code == 1


def test_the_table_names_every_learner_and_the_reason(sample: Graded) -> None:
    for learner in sample.learners:
        assert learner in sample.result.output
    for words in ("The file is empty.", "The file is not JSON", "has nbformat 9", "timed out", "Repaired:"):
        assert words in " ".join(sample.result.output.replace("│", " ").split())


def test_the_gradebook_says_the_same_to_the_point(sample: Graded) -> None:
    with Gradebook(f"sqlite:///{sample.out}/gradebook.db", "dlcourse") as gradebook:
        scores = {s["student"]: s["score"] for s in gradebook.submission_dicts(tiny.NAME)}
        assert not any(s["needs_manual_grade"] for s in gradebook.submission_dicts(tiny.NAME))
    assert scores == {n: e["score"] for n, e in sample.learners.items() if n not in NOT_READABLE}


def test_the_feedback_shows_the_cards(sample: Graded) -> None:
    page = (sample.out / "feedback/mistake_softmax_over_the_batch/02_tiny/02_tiny.html").read_text()
    assert page.count('class="dlc-card') == 3
    assert "Your columns sum to one, not your rows" in page
    assert "Score: 2.0 / 3.0" in page
    assert "<script" not in page
    assert "Repaired before grading" in (sample.out / "feedback/deleted_check/02_tiny/02_tiny.html").read_text()


def test_the_seed_stays_secret(sample: Graded) -> None:
    (seed,) = json.loads((sample.out / "seeds.json").read_text()).values()
    for path in [*(sample.out / "feedback").rglob("*"), *(sample.out / "autograded").rglob("*")]:
        assert path.is_dir() or str(seed) not in path.read_text()


def test_the_report_names_everybody_and_links_every_feedback(sample: Graded) -> None:
    page = (sample.out / "reports/02_tiny.html").read_text()
    assert str(sample.out / "reports/02_tiny.html") in sample.result.output
    for learner in set(sample.learners) - NOT_READABLE:
        assert f'href="../feedback/{learner}/02_tiny/02_tiny.html"' in page
    for sentence in ("The file is empty.", "has nbformat 9", "Your columns sum to one"):
        assert sentence in page


def test_illustrations_are_not_run(sample: Graded) -> None:
    notebook = nbformat.read(sample.out / "autograded/full_marks/02_tiny/02_tiny.ipynb", as_version=4)
    demo = next(cell for cell in notebook.cells if "demo" in cell.metadata.get("tags", []))
    assert demo.outputs == []
    assert any("0.26894142" in o.get("text", "") for c in notebook.cells for o in c.get("outputs", []))


def test_the_seed_is_recorded_and_a_second_run_gives_the_same(sample: Graded, solutions: Path) -> None:
    recorded = (sample.out / "seeds.json").read_text()
    some = ("crash", "mistake_accuracy_counts", "untouched")
    for learner in some:
        shutil.copytree(sample.out / "submitted" / learner, sample.out / "again" / learner)
    again = sample.out / "again.json"
    invoke("02", "--submissions", sample.out / "again", "--out", sample.out, "--json", again,
           "--check-seconds", 2, "--solutions", solutions)
    second = json.loads(again.read_text())["learners"]
    assert second == {learner: sample.learners[learner] for learner in some}
    assert (sample.out / "seeds.json").read_text() == recorded


def test_files_named_after_learners_and_a_seed_of_ones_own(built: Built, solutions: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_bytes(built.released)
    result = invoke("02_tiny", "--submissions", tmp_path / "in", "--out", tmp_path / "out", "--seed", 5,
                    "--json", tmp_path / "r.json", "--solutions", solutions)
    assert result.exit_code == 0
    assert list(json.loads((tmp_path / "r.json").read_text())["learners"]) == ["ada"]
    assert not (tmp_path / "out" / "seeds.json").exists()  # a seed for once is not recorded


def test_a_fault_of_ours_is_no_zero(
    built: Built, solutions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise CourseError("The process that runs submissions did not start: no memory")

    monkeypatch.setattr("autograde.jobs.run_plan", broken)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_bytes(built.released)
    result = invoke("02", "--submissions", tmp_path / "in", "--out", tmp_path, "--json", tmp_path / "r.json",
                    "--solutions", solutions)
    assert result.exit_code == 1
    learner = json.loads((tmp_path / "r.json").read_text())["learners"]["ada"]
    assert learner["score"] is None
    assert {e["status"] for e in learner["exercises"].values()} == {"not_graded"}
    assert "no fault of the learner's" in result.output
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db", "dlcourse") as gradebook:
        assert gradebook.find_submission(tiny.NAME, "ada").needs_manual_grade


def test_a_check_that_fails_itself_asks_for_a_person(
    built: Built, solutions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judged(exercise: Exercise, *args: object) -> Verdict:
        status = "not_graded" if exercise.id == "02.softmax" else "correct"
        return Verdict(exercise.id, exercise.title, status, 1.0, exercise.points, notes=("This check failed.",))

    monkeypatch.setattr("autograde.judged._verdicts", {})
    monkeypatch.setattr("autograde.judged.judge", judged)
    (tmp_path / "in").mkdir()
    solved = dict(submissions(built))["full_marks"]
    (tmp_path / "in" / "ada.ipynb").write_bytes(solved)
    result = invoke("02", "--submissions", tmp_path / "in", "--out", tmp_path, "--json", tmp_path / "r.json",
                    "--solutions", solutions)
    assert result.exit_code == 1
    learner = json.loads((tmp_path / "r.json").read_text())["learners"]["ada"]
    assert (learner["score"], learner["exercises"]["02.softmax"]["score"]) == (2, None)
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db", "dlcourse") as gradebook:
        grade = gradebook.find_grade("02-softmax-check", tiny.NAME, tiny.NAME, "ada")
        assert (grade.auto_score, grade.needs_manual_grade) == (None, True)
