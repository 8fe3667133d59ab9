"""The progress file on the disk: read, and changed by one program at a time without losing what another wrote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..errors import CourseError
from ..workspace.files import write_atomic
from .book import Book, Reading, dump, parse
from .lock import locked

PATIENCE = 2.0  # seconds to wait for another program; writing takes milliseconds


def update(path: Path, change: Callable[[Book], Book]) -> str:
    """Replace the book at `path` by `change` of it; return a sentence for the learner, "" when all is well.

    A damaged file is kept beside the new one, and what can be read of it is carried over.
    Raises CourseError, and changes nothing, when the file is from a newer version or the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.with_suffix(".lock"), PATIENCE):
            content = _bytes(path)
            reading = parse(content) if content is not None else Reading(Book())
            if reading.newer:
                raise CourseError(newer(path))
            says = _set_aside(path, content or b"", reading) if reading.damaged else ""
            write_atomic(path, dump(change(reading.book)), replace=True)
            return says
    except OSError as error:
        raise CourseError(
            f"Your progress cannot be kept in {path.parent} ({error.strerror or error}); "
            "everything else works as before."
        ) from None


def read(path: Path) -> tuple[Book, str]:
    """Return the book at `path` and a sentence, "" when all is well. Never raises for what the file is.

    A damaged file is mended at once, as `update` does it; one that cannot be read counts as empty.
    """
    try:
        content = _bytes(path)
    except OSError as error:
        return Book(), f"Your progress in {path} cannot be read ({error.strerror or error})."
    if content is None:
        return Book(), ""
    reading = parse(content)
    if reading.newer:
        return reading.book, newer(path)
    if not reading.damaged:
        return reading.book, ""
    try:
        return reading.book, update(path, lambda book: book)
    except CourseError as error:
        return reading.book, f"{path.name} is damaged. {error}"


def newer(path: Path) -> str:
    """Say that a file is from a newer version, and what that means."""
    return (
        f"{path} was written by a newer version of the course; it is left as it is and nothing is added to it. "
        "After an update of the course, `dlcourse check FILE.ipynb` adds what you solve now."
    )


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _set_aside(path: Path, content: bytes, reading: Reading) -> str:
    """Keep damaged bytes under a name that nothing has; raises OSError."""
    number = 1
    while not write_atomic(aside := path.with_name(f"{path.stem}.damaged-{number}.json"), content, replace=False):
        number += 1
    kept = len(reading.book.exercises)
    start = f"{kept} exercise{'s' if kept != 1 else ''} could still be read" if kept else "a new one was begun"
    return f"{path.name} was damaged: it is kept as {aside.name}, and {start}."
