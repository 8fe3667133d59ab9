"""The tiny chapter and three of its submissions, for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograde.build import Built, build_chapter
from autograde.sample_class import submissions
from tests.autograde import tiny

FEW = ("crash", "mistake_softmax_over_the_batch", "untouched")


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
def few(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three submissions."""
    folder = tmp_path_factory.mktemp("few")
    for learner, content in submissions(built):
        if learner in FEW:
            (folder / f"{learner}.ipynb").write_bytes(content)
    assert len(list(folder.iterdir())) == len(FEW)
    return folder
