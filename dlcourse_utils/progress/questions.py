"""The "check yourself" questions of the released chapters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import CourseError
from ..workspace.notebook import read_notebook, source, tags
from .chapters import Chapter

TAG = "check-yourself"
CHECK = re.compile(r"""^check\(\s*["']([^"']+)["']""", re.MULTILINE)  # a released check cell


@dataclass(frozen=True)
class Question:
    """One question. id: "02.1", the first of chapter 02. after: the exercise checked last before it, "" if none."""

    id: str
    chapter: Chapter
    after: str
    text: str


def questions(course: Path, chapters: Sequence[Chapter]) -> list[Question]:
    """Read the questions of `chapters` from the notebooks in `course`; one that cannot be read has none."""
    return [question for chapter in chapters for question in _of(course, chapter)]


def _of(course: Path, chapter: Chapter) -> list[Question]:
    try:
        cells = read_notebook(course / chapter.notebook)["cells"]
    except CourseError:
        return []
    found: list[Question] = []
    latest = ""
    for cell in cells:
        if cell["cell_type"] == "code":
            latest = (CHECK.findall(source(cell)) or [latest])[-1]
        elif TAG in tags(cell):
            found.append(Question(f"{chapter.number}.{len(found) + 1}", chapter, latest, source(cell)))
    return found
