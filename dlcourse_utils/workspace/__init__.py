"""The learner's own copy of the course, and how it is brought up to date without touching what they wrote.

release.py   what the course consists of (path → bytes)
plan.py      what to do with each file: a pure function of release, copy and memory
news.py      an updated chapter with the learner's answers carried over: a pure function of notebooks
memory.py    what was delivered before: a manifest and the pristine files, in a hidden folder
update.py    reads, plans, writes
"""

from .release import find_release, read_release
from .update import Report, prepare

__all__ = ["Report", "find_release", "prepare", "read_release"]
