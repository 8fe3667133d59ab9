"""What was judged about one submission, as a file beside its graded notebook."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from .atomic import write_json
from .grades import Grade
from .nbgrader_settings import RESULTS_FILE


@dataclass(frozen=True)
class Results:
    """The grades in the notebook's order, and the wall seconds that the submission's cells and checks ran.

    lasting: False when a busy machine may be to blame for something; the next grading runs the submission again.
    """

    grades: tuple[Grade, ...]
    seconds: float
    lasting: bool = True

    def save(self, folder: Path) -> None:
        """Write the file into `folder`, whole or not at all."""
        plain = {
            "seconds": round(self.seconds, 3),
            "lasting": self.lasting,
            "exercises": [grade.to_plain() for grade in self.grades],
        }
        write_json(folder / RESULTS_FILE, plain)

    @classmethod
    def load(cls, folder: Path) -> Results | None:
        """Return what `save` wrote into `folder`; None when there is nothing, or nothing that can be read."""
        try:
            plain = json.loads((folder / RESULTS_FILE).read_text(encoding="utf-8"))
            grades = tuple(map(Grade.from_plain, plain["exercises"]))
            return cls(grades, float(plain["seconds"]), plain.get("lasting") is not False)
        except (OSError, ValueError, TypeError, KeyError):
            return None
