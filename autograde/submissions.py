"""Find the learners' notebooks of one chapter in a folder, in nbgrader's layout or one file per learner."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from dlcourse_utils.errors import CourseError

_LEARNER = re.compile(r"[^/\\+*?\[\]{}\x00-\x1f.][^/\\+*?\[\]{}\x00-\x1f]{0,127}")


@dataclass(frozen=True)
class Submission:
    """One learner's file."""

    learner: str
    path: Path


def find_submissions(folder: Path, chapter: str) -> list[Submission]:
    """Return the submissions in `folder`, sorted by learner.

    LEARNER/CHAPTER/CHAPTER.ipynb and LEARNER.ipynb are understood; the first wins when a learner has both.
    Raises CourseError when the folder is not there or holds no submission of this chapter.
    """
    if not folder.is_dir():
        raise CourseError(f"There is no folder {folder} with submissions.")
    found: dict[str, Path] = {}
    try:
        for entry in sorted(folder.iterdir()):
            nested = entry / chapter / f"{chapter}.ipynb"
            if entry.is_dir() and nested.exists():
                found[entry.name] = nested
            elif entry.suffix == ".ipynb":
                found.setdefault(entry.stem, entry)
    except OSError as error:
        raise CourseError(f"{folder} cannot be read: {error.strerror}.") from error
    if not found:
        raise CourseError(
            f"{folder} holds no submission of {chapter}: expected LEARNER/{chapter}/{chapter}.ipynb or LEARNER.ipynb."
        )
    for learner in found:
        if not _LEARNER.fullmatch(learner):
            raise CourseError(f"The learner name {learner!r} has characters that nbgrader cannot take; rename it.")
    return [Submission(learner, path) for learner, path in sorted(found.items())]
