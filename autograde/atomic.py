"""Files and folders appear whole or not at all: write beside the target, flush to the disk, rename over it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dlcourse_utils.errors import CourseError

PART = ".dlc-part"  # ends the name of what is not finished; a process that was killed leaves it behind


def write_bytes(path: Path, content: bytes) -> None:
    """Put `content` at `path`; a reader sees the old file or the new one, never a part of either.

    Raises CourseError with the system's reason when the folder cannot be written or the disk is full.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=PART, dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)  # mkstemp makes it private
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        reason = error.strerror or type(error).__name__
        raise CourseError(f"{path} cannot be written: {reason}. Nothing there was changed.") from error


def write_text(path: Path, content: str) -> None:
    """Write UTF-8 text at `path`, whole or not at all; lone surrogates are replaced."""
    write_bytes(path, content.encode("utf-8", "replace"))


def write_json(path: Path, data: Any) -> None:
    """Write `data` as readable JSON at `path`, whole or not at all."""
    write_text(path, json.dumps(data, indent=2, ensure_ascii=False) + "\n")


@contextmanager
def unfinished_folder(beside: Path) -> Iterator[Path]:
    """Give an empty folder on the same disk as `beside`, and remove what is left in it afterwards."""
    beside.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{beside.name}.", suffix=PART, dir=beside.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_folder(made: Path, place: Path) -> None:
    """Move a finished folder to `place`; what was there before goes first. Raises OSError."""
    for file in made.rglob("*"):
        if file.is_file():
            with open(file, "rb") as opened:
                os.fsync(opened.fileno())
    remove_folder(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    os.rename(made, place)


def remove_folder(place: Path) -> None:
    """Remove a folder at one stroke: nobody ever sees a part of it."""
    if place.is_dir():
        with unfinished_folder(place) as away:
            os.rename(place, away / place.name)


def remove_unfinished(root: Path) -> None:
    """Remove what processes that were killed left half written below `root`. Nobody else may be writing there."""
    for left in list(root.rglob(f".*{PART}")):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                left.unlink()
