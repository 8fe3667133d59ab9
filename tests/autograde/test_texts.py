"""Texts become notebooks that do not depend on who builds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograde.texts import chapters, find_chapter, pages, read_text, to_bytes
from dlcourse_utils.errors import CourseError
from tests.autograde import tiny


def test_ids_come_from_the_grade_id_or_the_position(solutions: Path) -> None:
    notebook = read_text(solutions / "02_tiny.py")
    assert [cell.id for cell in notebook.cells][:5] == ["cell-001", "cell-002", "cell-003", "02-relu", "02-relu-check"]


def test_nothing_of_jupytext_or_of_this_machine_is_left(solutions: Path) -> None:
    notebook = read_text(solutions / "02_tiny.py")
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert "version" not in notebook.metadata.language_info
    assert {key for cell in notebook.cells for key in cell.metadata} == {"nbgrader", "tags"}


def test_the_same_text_gives_the_same_bytes(solutions: Path) -> None:
    first, second = (to_bytes(read_text(solutions / "02_tiny.py")) for _ in range(2))
    assert first == second
    assert first.endswith(b"}\n")


def test_chapters_and_pages_are_told_apart(tmp_path: Path) -> None:
    for name in ("03_two.py", "02_one.py", "welcome.py", "_draft.py"):
        (tmp_path / name).write_text("")
    assert chapters(tmp_path) == ["02_one", "03_two"]
    assert pages(tmp_path) == ["welcome"]


@pytest.mark.parametrize("name", ["02_tiny", "02", "2", "02_tiny/"])
def test_a_chapter_is_found_by_name_and_number(solutions: Path, name: str) -> None:
    assert find_chapter(name, solutions) == tiny.NAME


def test_an_unknown_chapter_suggests_the_nearest(solutions: Path) -> None:
    with pytest.raises(CourseError, match=r"no chapter '02_tyni'. Did you mean 02_tiny\?"):
        find_chapter("02_tyni", solutions)


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="no folder"):
        chapters(tmp_path / "nowhere")
