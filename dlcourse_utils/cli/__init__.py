"""The command `dlcourse`. The learner's commands live here; a teacher's join through entry points."""

from .group import main

__all__ = ["main"]
