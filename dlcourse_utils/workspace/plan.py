"""What to do with each file of a new release: a pure function, so that its one promise can be tested.

The promise: only a file that is, byte for byte, something we delivered ourselves is ever replaced.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum


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


def digest(content: bytes) -> str:
    """SHA-256 in hex: the name under which a delivered file is remembered."""
    return hashlib.sha256(content).hexdigest()


def plan(
    release: Mapping[str, bytes],
    mine: Mapping[str, bytes],
    delivered: Collection[str],
    known: Mapping[str, str],
) -> list[Step]:
    """Decide for every file of the release.

    release: path → content now.  mine: path → content in the learner's copy, of the files that exist there.
    delivered: digests of all that was ever put into this copy.
    known: path → digest of the release that the learner's changed file builds on, or was last offered.
    """
    return [
        Step(path, _decide(path, digest(content), mine, delivered, known))
        for path, content in release.items()
    ]


def _decide(
    path: str, new: str, mine: Mapping[str, bytes], delivered: Collection[str], known: Mapping[str, str]
) -> What:
    if path not in mine:
        return What.CREATE
    current = digest(mine[path])
    if current == new:
        return What.KEEP
    if current in delivered:
        return What.UPDATE
    return What.KEEP if known.get(path) == new else What.OFFER


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
