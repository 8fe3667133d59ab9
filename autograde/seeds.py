"""One secret seed per assignment, drawn when it is first graded: a class is graded alike, and any grade again."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from dlcourse_utils.errors import CourseError

from .atomic import write_json

FILE = "seeds.json"  # beside the gradebook


def seed_for(folder: Path, chapter: str, renew: bool = False) -> int:
    """Return the chapter's recorded seed; draw and record one when there is none or `renew` asks for it.

    Raises CourseError when the file is damaged: drawing anew would silently grade half a class otherwise.
    """
    path = folder / FILE
    seeds: dict[str, int] = {}
    if path.is_file():
        try:
            seeds = {str(k): int(v) for k, v in json.loads(path.read_text(encoding="utf-8")).items()}
        except (OSError, ValueError, AttributeError, TypeError) as error:
            raise CourseError(f"{path} is damaged; mend it, or delete it to grade everybody with new seeds.") from error
    if renew or chapter not in seeds:
        seeds[chapter] = secrets.randbelow(2**63)
        write_json(path, seeds)
        path.chmod(0o600)
    return seeds[chapter]
