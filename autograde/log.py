"""grading.log in the course folder: a line for each submission as it is done, for whoever looks in later."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .grade import Learner

FILE = "grading.log"


class GradingLog:
    """Adds a line for each of `total` submissions; a log that cannot be written stops no grading."""

    def __init__(self, folder: Path, chapter: str, total: int) -> None:
        self._path = folder / FILE
        self._chapter = chapter
        self._total = total
        self._done = 0

    def add(self, learner: Learner) -> str:
        """Write the line about a graded submission, and return it without its date."""
        self._done += 1
        line = f"{self._done} of {self._total}: {learner.name}, {_result(learner)}, {learner.seconds:.1f} s"
        line = "".join(c if c.isprintable() else " " for c in line)  # a name or a reason starts no line of its own
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {self._chapter} {line}\n")
        except OSError:
            pass
        return line


def _result(learner: Learner) -> str:
    if learner.score is None:
        return f"not graded ({learner.note or 'see the report'})"
    return f"{learner.score:.4g} of {learner.max:g} points{'' if learner.all_graded else ', not graded in full'}"
