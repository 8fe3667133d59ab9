"""Keep what learner code prints away from the notebook's output, and never keep more than is worth showing."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator


class BoundedText(io.TextIOBase):
    """A text stream that keeps its first `limit` characters and forgets the rest."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[str] = []
        self._kept = 0

    def writable(self) -> bool:
        """Return True: this stream only takes text."""
        return True

    def write(self, text: str) -> int:
        """Keep what still fits; claim to have taken everything, as a full stream would stop the learner's code."""
        room = self._limit - self._kept
        if room > 0:
            self._parts.append(text[:room])
            self._kept += min(len(text), room)
        return len(text)

    def getvalue(self) -> str:
        """Return what was kept."""
        return "".join(self._parts)


@contextlib.contextmanager
def captured_output(limit: int) -> Iterator[BoundedText]:
    """Send stdout and stderr to one bounded text for the length of the block."""
    text = BoundedText(limit)
    with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
        yield text
