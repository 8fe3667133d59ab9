"""A class shares one secret seed, and it stays what it was."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from autograde.seeds import FILE, seed_for
from dlcourse_utils.errors import CourseError


def test_a_seed_is_drawn_once_per_assignment(tmp_path: Path) -> None:
    first = seed_for(tmp_path, "02_a")
    assert seed_for(tmp_path, "02_a") == first
    assert seed_for(tmp_path, "03_b") != first
    assert seed_for(tmp_path, "02_a") == first


def test_a_new_one_comes_on_request(tmp_path: Path) -> None:
    first = seed_for(tmp_path, "02_a")
    second = seed_for(tmp_path, "02_a", renew=True)
    assert second != first
    assert seed_for(tmp_path, "02_a") == second


def test_only_the_teacher_can_read_it(tmp_path: Path) -> None:
    seed_for(tmp_path, "02_a")
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["not JSON", "[1]", '{"02_a": "x"}'])
def test_a_damaged_file_is_said_and_not_drawn_over(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    with pytest.raises(CourseError, match="is damaged"):
        seed_for(tmp_path, "02_a")
    assert (tmp_path / FILE).read_text() == content
