"""What nbgrader makes of a text, and that nothing is written in halves."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from autograde.atomic import write_bytes
from autograde.build import Built, build_all, build_chapter, write_all
from dlcourse_utils.errors import CourseError
from tests.autograde import tiny


def test_answers_are_cut_and_stubs_left(built: Built) -> None:
    sources = {cell.id: cell.source for cell in built.notebook().cells}
    assert sources["02-relu"].endswith("    # YOUR CODE HERE\n    raise NotImplementedError()")
    assert sources["02-relu-check"] == 'check("02.relu", relu)'
    assert "np.where" not in built.released.decode()
    assert "np.where" in {c.id: c.source for c in built.source.cells}["02-relu"]


def test_a_second_build_is_the_same_to_the_byte(built: Built, solutions: Path) -> None:
    assert build_chapter(solutions / "02_tiny.py").released == built.released
    assert built.released.endswith(b"}\n")


def test_the_records_are_those_that_nbgrader_checks(built: Built) -> None:
    check = next(c for c in json.loads(built.released)["cells"] if c["id"] == "02-relu-check")
    assert check["metadata"]["editable"] is False
    assert check["metadata"]["nbgrader"]["points"] == 1
    assert len(check["metadata"]["nbgrader"]["checksum"]) == 32


def test_plain_pages_are_built_beside_the_chapters(tmp_path: Path) -> None:
    tiny.write(tmp_path, [tiny.markdown("# Welcome"), tiny.code("1 + 1")], name="welcome")
    (page,) = build_all(tmp_path)
    assert page.path == Path("welcome.ipynb")
    assert [c.id for c in page.notebook().cells] == ["cell-001", "cell-002"]


def test_only_what_changed_is_written(built: Built, tmp_path: Path) -> None:
    assert write_all([built], tmp_path) == [tmp_path / "02_tiny" / "02_tiny.ipynb"]
    assert write_all([built], tmp_path) == []


def test_a_text_that_nbgrader_refuses_is_named(tmp_path: Path) -> None:
    text = tiny.write(tmp_path, [tiny.code("### BEGIN SOLUTION\n1\n### END SOLUTION")])
    with pytest.raises(CourseError, match=r"02_tiny\.py: nbgrader refuses.*Solution region detected"):
        build_chapter(text)


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_bytes(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CourseError, match="cannot be written: No space left on device"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]
