"""A line for each submission: in grading.log always, on the screen where there is no bar."""

from __future__ import annotations

from pathlib import Path

from autograde.grade import Learner
from autograde.grades import Grade
from autograde.log import FILE, GradingLog


def test_each_submission_has_one_line(tmp_path: Path) -> None:
    right, unknown = Grade("02.relu", "correct", 1.0, 1.0), Grade("02.softmax", "not_graded", None, 2.0)
    log = GradingLog(tmp_path, "02_tiny", 3)
    assert log.add(Learner("ada", {"02.relu": right}, seconds=0.52)) == "1 of 3: ada, 1 of 1 points, 0.5 s"
    assert log.add(Learner("bob", {"a": right, "b": unknown})).endswith("1 of 3 points, not graded in full, 0.0 s")
    log.add(Learner("eve\nforged", note="The file is\nempty."))
    lines = (tmp_path / FILE).read_text().splitlines()
    assert len(lines) == 3
    assert lines[2].endswith("02_tiny 3 of 3: eve forged, not graded (The file is empty.), 0.0 s")


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert GradingLog(tmp_path, "02_tiny", 1).add(Learner("ada")).startswith("1 of 1: ada")
