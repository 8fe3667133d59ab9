"""A failure of ours is "not graded" with its reason, never a zero; the next run tries again and gets it right."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograde.build import Built
from autograde.commands import grade
from autograde.sample_class import submissions
from autograde.warm import WarmParent
from dlcourse_utils.errors import CourseError
from tests.autograde import tiny

IDS = ["02.relu", "02.softmax", "02.accuracy"]


@pytest.fixture
def out(built: Built, tmp_path: Path) -> Path:
    """A course folder beside a folder with one learner, who solved everything."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_bytes(dict(submissions(built))["full_marks"])
    return tmp_path / "out"


def graded(out: Path, solutions: Path, code: int) -> tuple[dict[str, Any], str]:
    """Grade, and return the learner's results and what was printed."""
    file = out.with_name("results.json")
    arguments = ["02", "--submissions", out.with_name("in"), "--out", out, "--json", file, "--solutions", solutions]
    result = CliRunner().invoke(grade, [*map(str, arguments), "--seed", "3"], catch_exceptions=False)
    assert result.exit_code == code
    return json.loads(file.read_text())["learners"]["ada"], " ".join(result.output.replace("│", " ").split())


def statuses(learner: dict[str, Any]) -> list[str]:
    return [learner["exercises"][i]["status"] for i in IDS]


def held(out: Path) -> tuple[list[float | None], bool]:
    """Return what the gradebook holds: the automatic scores, and whether it asks for a person."""
    with Gradebook(f"sqlite:///{out}/gradebook.db", "dlcourse") as gradebook:
        submission = gradebook.find_submission(tiny.NAME, "ada")
        (notebook,) = submission.notebooks
        return [grade.auto_score for grade in notebook.grades], submission.needs_manual_grade


def retried(out: Path, solutions: Path) -> None:
    learner, _ = graded(out, solutions, 0)
    assert statuses(learner) == ["correct"] * 3
    assert held(out) == ([1, 1, 1], False)
    assert (out / "feedback/ada/02_tiny/02_tiny.html").is_file()


def test_a_sandbox_that_does_not_start(out: Path, solutions: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise CourseError("The warm parent did not start: no memory")

    for start in ("autograde.warm.fork", "autograde.workers.Child"):
        monkeypatch.setattr(start, broken)
    learner, said = graded(out, solutions, 1)
    assert statuses(learner) == ["not_graded"] * 3
    assert learner["score"] is None
    assert "no fault of the learner's: " in said
    assert "The warm parent did not start: no memory" in said
    assert held(out) == ([None] * 3, True)
    monkeypatch.undo()
    retried(out, solutions)


def test_a_warm_parent_that_died_is_started_again(
    out: Path, solutions: Path, monkeypatch: pytest.MonkeyPatch, needs_part: Any
) -> None:
    needs_part("bwrap")
    import autograde.warm

    def dying(self: WarmParent, *args: object) -> None:
        self._process.kill()
        self._process.wait()
        raise CourseError("The warm parent is gone")

    monkeypatch.setattr(autograde.warm.WarmParent, "fork", dying)
    assert statuses(graded(out, solutions, 1)[0]) == ["not_graded"] * 3
    monkeypatch.undo()
    retried(out, solutions)


def test_a_judge_that_raises_costs_its_exercise_alone(
    out: Path, solutions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograde.judged import judge

    def raising(exercise: Any, *args: Any) -> Any:
        if exercise.id == "02.softmax":
            raise ZeroDivisionError("in the judge")
        return judge(exercise, *args)

    monkeypatch.setattr("autograde.judged._verdicts", {})
    monkeypatch.setattr("autograde.judged.judge", raising)
    learner, said = graded(out, solutions, 1)
    assert statuses(learner) == ["correct", "not_graded", "correct"]
    assert learner["score"] == 2
    assert "The judge failed" in said
    assert "in the judge" in said
    scores, person = held(out)
    assert (sorted(scores, key=str), person) == ([1, 1, None], True)
    monkeypatch.undo()
    retried(out, solutions)


@pytest.mark.parametrize("where", ["submitted", "autograded", "feedback"])
def test_a_full_disk(out: Path, solutions: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """It is full for the files of one step: the copy of the submission, the graded notebook, the feedback."""
    opened, made = os.open, os.mkdir

    def full(path: Any) -> None:
        if (isinstance(path, str) and f"/out/.{where}" in path) or f"/out/{where}/ada" in str(path):
            raise OSError(errno.ENOSPC, "No space left on device", str(path))

    def open_(path: Any, *args: Any, **kwargs: Any) -> int:
        full(path)
        return opened(path, *args, **kwargs)

    def mkdir(path: Any, *args: Any, **kwargs: Any) -> None:
        full(path)
        made(path, *args, **kwargs)

    monkeypatch.setattr("os.open", open_)
    monkeypatch.setattr("os.mkdir", mkdir)
    learner, said = graded(out, solutions, 1)
    assert statuses(learner) == ["not_graded"] * 3
    assert learner["score"] is None
    assert "No space left on device" in said
    assert "no fault of the learner's" in said
    monkeypatch.undo()
    retried(out, solutions)


def test_a_gradebook_that_cannot_be_written(out: Path, solutions: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    def full(*args: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr("nbgrader.api.Gradebook.update_or_create_submission", full)
    learner, said = graded(out, solutions, 1)
    assert statuses(learner) == ["not_graded"] * 3
    assert "database or disk is full" in said
    monkeypatch.undo()
    retried(out, solutions)


def test_two_at_once_in_one_folder(out: Path, solutions: Path) -> None:
    from autograde.gradebook import only_writer

    out.mkdir()
    with only_writer(out), pytest.raises(CourseError, match="Another `dlcourse grade` is at work in"):
        CliRunner().invoke(
            grade,
            ["02", "--submissions", str(out.with_name("in")), "--out", str(out), "--solutions", str(solutions)],
            catch_exceptions=False,
            standalone_mode=False,
        )
    with only_writer(out):
        pass  # it was let go


def test_a_gradebook_whose_making_was_cut_short_is_finished(tmp_path: Path) -> None:
    import sqlite3

    from autograde.gradebook import require_gradebook
    from autograde.nbgrader_once import newest_schema

    url = f"sqlite:///{tmp_path}/gradebook.db"
    for cut in ("DROP TABLE alembic_version", "DELETE FROM alembic_version", "DROP TABLE comment"):
        require_gradebook(url)
        with sqlite3.connect(tmp_path / "gradebook.db") as db:
            db.execute(cut)
        db.close()
    require_gradebook(url)
    with sqlite3.connect(tmp_path / "gradebook.db") as db:
        assert db.execute("SELECT * FROM alembic_version").fetchall() == [(newest_schema(),)]
        assert db.execute("SELECT count(*) FROM comment").fetchone() == (0,)
    db.close()
