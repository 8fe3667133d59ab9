"""austen: *Pride and Prejudice* (1813, public domain), whole and as plain letters."""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

from .registry import DATASETS, FILES, read_checked

ALPHABET = " abcdefghijklmnopqrstuvwxyz"  # what `letters_only` leaves
_HEADING = re.compile(r"^Chapter \d+$", re.MULTILINE)


@dataclass(frozen=True)
class Austen:
    """The novel.

    text: all of it, title page and chapter headings included, 684,768 characters, lines ended by a newline.
    chapters: the 61 chapters without their headings.
    """

    text: str
    chapters: tuple[str, ...]


def load_austen(folder: Path = FILES) -> Austen:
    """Load the novel. Raises CourseError when the file is missing or is not the one that was shipped."""
    _, content = read_checked(DATASETS["austen"].path, folder)
    text = gzip.decompress(content).decode("utf-8")
    chapters = tuple(chapter.strip() for chapter in _HEADING.split(text)[1:])
    return Austen(text, chapters)


def letters_only(text: str) -> str:
    """Return the text in the 27 characters of `ALPHABET`: small letters, and one blank for all that is between.

    >>> letters_only('"You _want_ to tell me, ...')
    'you want to tell me'
    """
    return re.sub("[^a-z]+", " ", text.lower()).strip()
