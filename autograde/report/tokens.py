"""Learner code as words and signs, without running or parsing it: one regular expression."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Sequence

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n]*)
    | (?P<text>[rbfuRBFU]{0,2}(?:\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}
               |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
    | (?P<attribute>\.\s*[^\W\d]\w*)
    | (?P<name>[^\W\d]\w*)
    | (?P<number>\d[\w.]*)
    | (?P<sign>[^\s\w])
    """,
    re.VERBOSE | re.DOTALL,
)

Token = tuple[str, str]  # kind and text


def tokens(source: str) -> Iterator[Token]:
    """Yield the tokens of a learner's code, comments left out. Texts are all alike, keywords are signs."""
    for match in _TOKEN.finditer(source):
        kind, text = str(match.lastgroup), match.group()
        if kind == "text":
            yield kind, "…"
        elif kind == "name" and keyword.iskeyword(text):
            yield "sign", text
        elif kind != "comment":
            yield kind, text


def passages(source: str, length: int = 12) -> set[int]:
    """Return every run of `length` tokens as a number, with names written as first, second, … name of the run."""
    found = list(tokens(source))
    return {hash(_renamed(found[i : i + length])) for i in range(len(found) - length + 1)}


def _renamed(window: Sequence[Token]) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    return tuple(seen.setdefault(t, f"name {len(seen)}") if kind == "name" else t for kind, t in window)
