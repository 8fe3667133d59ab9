"""Which kind of worker runs a submission: a fork in the sandbox, or a plain process when the teacher says so."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import Literal

from dlcourse_utils.errors import CourseError
from dlcourse_utils.probes import confine

from . import sandbox, warm
from .child import Child
from .line import Line

Walls = Literal["bwrap", "none"]


def default_walls() -> str:
    """Return "bwrap", or what the environment variable DLCOURSE_SANDBOX says."""
    return os.environ.get("DLCOURSE_SANDBOX") or "bwrap"


def starter(
    walls: str, chapter: str, box: confine.Limits | None = None, sources: Iterable[str] = ()
) -> Callable[[], Line]:
    """Return what starts a worker for a chapter's submissions.

    walls: "bwrap" (the default everywhere) or "none": learner code then runs as the teacher, with the teacher's files
    and network. box: what a submission may use in the sandbox; without walls nothing holds it. Chapters before 06 get a
    sandbox in which torch does not exist. sources: the cells that will run, whose libraries are imported before.
    Raises CourseError when the sandbox cannot be started here, and for an unknown kind.
    """
    if walls == "none":
        return Child
    if walls != "bwrap":
        raise CourseError(f"There is no sandbox {walls!r}; choose bwrap or none.")
    sandbox.require()
    return partial(warm.fork, _uses_torch(chapter), box, warm.large_modules(sources))


def start_ahead(walls: str, chapter: str) -> None:
    """Let the warm parent import what submissions need while this process still gets ready."""
    if walls == "bwrap":
        warm.start_ahead(_uses_torch(chapter))


def _uses_torch(chapter: str) -> bool:
    return chapter[:2] >= "06"
