"""Plain nbgrader with this course's configuration: the same grades, and no submission drags others down."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from autograde import nbgrader_settings
from autograde.atomic import write_bytes
from autograde.build import Built, put_source
from autograde.course import REPOSITORY, Course
from autograde.sample_class import submissions
from tests.autograde import tiny

LEARNERS = ("crash", "duplicated_answer", "not_json", "untouched")  # what breaks stock nbgrader, and one that does not
pytestmark = [
    pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def root(tmp_path: Path, built: Built) -> Path:
    """A copy of the repository's nbgrader side: both configuration files, the source, a class."""
    shutil.copy(REPOSITORY / "nbgrader_config.py", tmp_path)
    (tmp_path / "autograde").mkdir()
    shutil.copy(REPOSITORY / "autograde" / "nbgrader_config.py", tmp_path / "autograde")
    put_source(Course(tmp_path / "autograde", tmp_path / "course"), tiny.NAME, built.source)
    for learner, content in submissions(built):
        if learner in LEARNERS:
            write_bytes(tmp_path / "autograde" / "submitted" / learner / tiny.NAME / f"{tiny.NAME}.ipynb", content)
    return tmp_path


def nbgrader(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run nbgrader's own command in `folder`."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONWARNINGS": "ignore"}
    return subprocess.run([sys.executable, "-m", "nbgrader", *args], cwd=folder, env=environment,
                          capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_command_line_works_from_the_repositorys_root(root: Path, built: Built) -> None:
    assert nbgrader(root, "generate_assignment", tiny.NAME).returncode == 0
    assert (root / "course" / built.path).read_bytes() == built.released
    graded = nbgrader(root, "autograde", tiny.NAME)
    assert graded.returncode == 1  # one is not JSON
    assert nbgrader(root, "export").returncode == 0
    with open(root / "grades.csv", newline="") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores == {"crash": 2, "duplicated_answer": 3, "not_json": 0, "untouched": 0}
    assert sorted(p.name for p in root.iterdir()) == ["autograde", "course", "grades.csv", "nbgrader_config.py"]


@pytest.mark.slow
def test_stock_nbgrader_gives_the_same_without_our_steps(tmp_path: Path, built: Built) -> None:
    made = dict(submissions(built))
    wrong = next(name for name in made if name.startswith("mistake_accuracy"))
    course = Course(tmp_path, tmp_path / "course")
    put_source(course, tiny.NAME, built.source)
    course.generate_assignment(tiny.NAME)
    for learner in ("untouched", wrong):
        write_bytes(course.submission(learner, tiny.NAME), made[learner])
    ours = {}
    for learner in ("untouched", wrong):
        course.grade(tiny.NAME, learner)
        ours[learner] = score(course, learner)
    stock = Config()
    stock.CourseDirectory = course.config().CourseDirectory
    for learner in ("untouched", wrong):
        assert NbGraderAPI(config=stock).autograde(tiny.NAME, learner)["success"]
        assert score(course, learner) == pytest.approx(ours[learner], abs=0.35)  # other cases: another seed
    assert 2 < ours[wrong] < 3
    assert ours["untouched"] == score(course, "untouched") == 0


def score(course: Course, learner: str) -> float:
    with Gradebook(course.gradebook, "dlcourse") as gradebook:
        return float(gradebook.find_submission(tiny.NAME, learner).score)


def test_formgraders_interface_works(root: Path) -> None:
    config = nbgrader_settings.settings(root / "autograde", root / "course")
    api = NbGraderAPI(config=config)
    assert api.get_source_assignments() == {tiny.NAME}
    assert api.generate_assignment(tiny.NAME)["success"]
    assert api.autograde(tiny.NAME, "duplicated_answer")["success"]
    failed = api.autograde(tiny.NAME, "not_json")
    assert not failed["success"]
    assert "The file is not JSON" in failed["log"]
    assert api.generate_feedback(tiny.NAME, "duplicated_answer")["success"]
    submission = api.get_submission(tiny.NAME, "duplicated_answer")
    assert (submission["score"], submission["needs_manual_grade"]) == (3, False)


def test_a_learners_own_results_file_is_not_believed(root: Path) -> None:
    folder = root / "autograde" / "submitted" / "untouched" / tiny.NAME
    (folder / nbgrader_settings.RESULTS_FILE).write_text('{"seconds": 0, "exercises": []}')
    course = Course(root / "autograde", root / "course")
    course.generate_assignment(tiny.NAME)
    course.grade(tiny.NAME, "untouched")
    saved = json.loads((course.autograded("untouched", tiny.NAME) / nbgrader_settings.RESULTS_FILE).read_text())
    assert [grade["status"] for grade in saved["exercises"]] == ["not_attempted"] * 3
