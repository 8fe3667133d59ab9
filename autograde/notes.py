"""Sentences about whole submissions, kept beside the gradebook: it has no place for a file that nbgrader never saw."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from .atomic import write_json

NOTES_FILE = "notes.json"


def notes_of(root: Path, chapter: str) -> dict[str, str]:
    """Return the sentence about each learner of whom there is one; a damaged file counts as none."""
    noted = _read(root).get(chapter)
    return {str(k): str(v) for k, v in noted.items()} if isinstance(noted, dict) else {}


def save_notes(root: Path, chapter: str, said: Mapping[str, str]) -> None:
    """Note what the last grading said of each learner; "" takes an earlier note back."""
    noted = {learner: text for learner, text in {**notes_of(root, chapter), **said}.items() if text}
    write_json(root / NOTES_FILE, {**_read(root), chapter: noted})


def _read(root: Path) -> dict[str, object]:
    try:
        noted = json.loads((root / NOTES_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}
