"""Where a learner's progress is kept: inside their copy of the course, else in a folder of their user account."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..workspace.memory import FOLDER

FILE = "progress.json"
SWITCH = "DLCOURSE_PROGRESS"  # "off" keeps nothing


def is_off() -> bool:
    """True when nothing is to be kept: switched off, or a notebook that nbgrader runs."""
    return os.environ.get(SWITCH, "").lower() in ("off", "0", "no") or bool(os.environ.get("NBGRADER_EXECUTION"))


def copy_around(start: Path) -> Path | None:
    """Return the learner's copy that `start` lies in: the nearest folder upwards with a .dlcourse in it."""
    return next((folder for folder in (start, *start.parents) if (folder / FOLDER).is_dir()), None)


def progress_file(start: Path) -> Path:
    """Return where the progress of somebody who works in `start` is kept; it need not exist yet."""
    copy = copy_around(start)
    return (copy / FOLDER if copy else user_folder()) / FILE


def among_the_solutions(start: Path) -> bool:
    """True in the folder of solved chapters: running those is no work of the learner's."""
    copy = copy_around(start)
    inside = start.relative_to(copy).parts if copy else start.parts[-1:]
    return "solutions" in inside[:1]


def user_folder() -> Path:
    """Return the folder that this system gives programs for a user's data."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "dlcourse"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "dlcourse"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "dlcourse"
