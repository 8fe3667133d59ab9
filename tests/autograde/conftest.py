"""The tiny chapter, built once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograde.build import Built, build_chapter
from autograde.course import Course
from autograde.grade import prepare
from tests.autograde import tiny


@pytest.fixture(scope="session")
def solutions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of texts that holds the tiny chapter."""
    folder = tmp_path_factory.mktemp("solutions")
    tiny.write(folder)
    return folder


@pytest.fixture(scope="session")
def built(solutions: Path) -> Built:
    """The tiny chapter, built."""
    return build_chapter(solutions / f"{tiny.NAME}.py")


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory, solutions: Path) -> Course:
    """A course folder whose gradebook knows the tiny chapter and no submission. Tests must not change it."""
    course = Course(tmp_path_factory.mktemp("recorded"), Path("unused"))
    prepare(course, tiny.NAME, solutions)
    return course
