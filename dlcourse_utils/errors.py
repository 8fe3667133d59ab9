"""The one error class that learners and teachers meet."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class CourseError(Exception):
    """Something that a person can put right; the message is one clear sentence that says how.

    In a notebook only the sentence is shown: a traceback through this package would teach nobody anything.
    The command line prints the sentence and exits with code 2.
    """

    def _render_traceback_(self) -> list[str]:  # IPython asks for this before it formats a traceback
        return [f"dlcourse: {self}"]


def did_you_mean(wanted: str, known: Iterable[str]) -> str:
    """Return " Did you mean … ?" with the nearest known names, or the list of all when nothing is near."""
    names = list(known)
    near = difflib.get_close_matches(wanted.lower(), [n.lower() for n in names], n=3, cutoff=0.5)
    if near:
        original = {n.lower(): n for n in names}
        return f" Did you mean {' or '.join(original[n] for n in near)}?"
    return f" Known are: {', '.join(names)}." if names else ""
