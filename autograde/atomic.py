"""Files appear whole or not at all: write beside the target, flush to the disk, rename over it."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from dlcourse_utils.errors import CourseError


def write_bytes(path: Path, content: bytes) -> None:
    """Put `content` at `path`; a reader sees the old file or the new one, never a part of either.

    Raises CourseError with the system's reason when the folder cannot be written or the disk is full.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
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
