"""What to do with each file of a new release: a pure function, so that its one promise can be tested.

The promise: only a file that is something we delivered ourselves, and nothing more, is ever replaced.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from .identity import digest, identity


class What(Enum):
    """The four things that can happen to a file."""

    CREATE = "new"  # nothing is there
    UPDATE = "updated"  # what is there is an earlier delivery, untouched
    OFFER = "news beside yours"  # the learner changed it and the release did too
    KEEP = "kept"  # up to date, or changed by the learner with no news


@dataclass(frozen=True)
class Step:
    """One file of the release and what happens to it."""

    path: str
    what: What


def plan(
    release: Mapping[str, bytes],
    mine: Mapping[str, bytes],
    delivered: Collection[str],
    known: Mapping[str, str],
) -> list[Step]:
    """Decide for every file of the release.

    release: path → content now.  mine: path → content in the learner's copy, of the files that exist there.
    delivered: identities of all that was ever put into this copy.
    known: path → digest of the release that the learner's changed file builds on, or was last offered.
    """
    return [Step(path, _decide(path, content, mine, delivered, known)) for path, content in release.items()]


def _decide(
    path: str, new: bytes, mine: Mapping[str, bytes], delivered: Collection[str], known: Mapping[str, str]
) -> What:
    if path not in mine:
        return What.CREATE
    current = identity(mine[path])
    if current == identity(new):
        return What.KEEP
    if current in delivered:
        return What.UPDATE
    return What.KEEP if known.get(path) == digest(new) else What.OFFER


def name_beside(path: str, taken: Collection[str]) -> str:
    """Name the file for an offer: a/b.ipynb → a/b.new.ipynb, or a/b.new-2.ipynb … where that exists."""
    folder, slash, name = path.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        stem, suffix = name, ""
    number = 1
    while True:
        middle = "new" if number == 1 else f"new-{number}"
        candidate = f"{folder}{slash}{stem}.{middle}{dot}{suffix}"
        if candidate not in taken:
            return candidate
        number += 1
