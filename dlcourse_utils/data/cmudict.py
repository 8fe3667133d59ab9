"""cmudict: how English words are pronounced (Carnegie Mellon University, 1993–2015; BSD 2-Clause)."""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

from .registry import DATASETS, FILES, read_checked

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PHONEMES = (
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH",
    "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH",
    "UH", "UW", "V", "W", "Y", "Z", "ZH",
)  # fmt: skip
"""The 39 sounds of ARPAbet as the dictionary uses them, without stress."""


@dataclass(frozen=True, eq=False)
class CmuDict:
    """Spellings with their pronunciations, in the order of the file, which is alphabetical.

    spellings: lower case, mostly letters; a few hold an apostrophe, a dot, a hyphen or a digit. A word with several
        pronunciations stands here several times.
    pronunciations: for each spelling its phonemes, a tuple; vowels end in their stress, 0, 1 or 2 ("AH0").
    """

    spellings: tuple[str, ...]
    pronunciations: tuple[tuple[str, ...], ...]

    def words(self, shortest: int = 1, longest: int = 30) -> dict[str, tuple[str, ...]]:
        """Return letters-only words of these lengths with their first pronunciation, stresses left out."""
        chosen: dict[str, tuple[str, ...]] = {}
        for spelling, phonemes in zip(self.spellings, self.pronunciations, strict=True):
            if shortest <= len(spelling) <= longest and set(spelling) <= set(LETTERS):
                chosen.setdefault(spelling, phonemes_only(phonemes))
        return chosen


def load_cmudict(folder: Path = FILES) -> CmuDict:
    """Load the dictionary.

    Raises CourseError when the file is missing or is not the one that was shipped.
    """
    _, content = read_checked(DATASETS["cmudict"].path, folder)
    entries = [line.partition(" #")[0].split() for line in gzip.decompress(content).decode("utf-8").splitlines()]
    spellings = tuple(re.sub(r"\(\d+\)$", "", entry[0]) for entry in entries)  # "read(2)" is another way to say "read"
    return CmuDict(spellings, tuple(tuple(entry[1:]) for entry in entries))


def phonemes_only(phonemes: tuple[str, ...]) -> tuple[str, ...]:
    """Leave the stresses out: ("AH0", "B", "AW1", "T") becomes ("AH", "B", "AW", "T")."""
    return tuple(p.rstrip("012") for p in phonemes)
