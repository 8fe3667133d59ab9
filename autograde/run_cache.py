"""What submissions did, kept: an unchanged submission is not run a second time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dlcourse_utils.errors import CourseError

from .atomic import write_bytes
from .performance import Performance
from .plan import Step


class RunCache:
    """A folder of runs by the key of their job. `None` in place of a folder keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def find(self, key: str, steps: Sequence[Step]) -> Performance | None:
        """Return what was kept under `key`, or None; a damaged file counts as none."""
        if self.folder is None:
            return None
        try:
            return Performance.from_bytes((self.folder / key).read_bytes(), steps)
        except (OSError, ValueError):
            return None

    def keep(self, key: str, packed: bytes) -> None:
        """Keep a run. A full disk loses the copy, not the grading."""
        if self.folder is None:
            return
        try:
            write_bytes(self.folder / key, packed)
        except CourseError:
            return
