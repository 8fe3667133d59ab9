"""A learner's answer as an example for the class: without names, and short enough to read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

BLANK = "▒▒▒"
MAX_LINES = 60
_COMMENT = re.compile(r"#[^\n]*")
_TELLING = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|\b\d{5,}\b")  # mail addresses and matriculation numbers
_WORD = re.compile(r"[^\W\d_]{2,}")


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of the course's own text, lower-case: they are nobody's name."""
    return frozenset(word.lower() for text in texts for word in _WORD.findall(text))


def anonymous(source: str, names: Iterable[str], known: Collection[str]) -> str:
    """Return the answer with everybody's names blanked out; `known` words stay, so `max` does when a Max is there.

    A pseudonym or a hint between the lines is beyond it: read an example before it is shown.
    """
    blanked = sorted({name for name in names if _is_telling(name, known)}, key=lambda name: (-len(name), name))
    if blanked:
        either = "|".join(map(re.escape, blanked))
        source = re.sub(rf"(?<![^\W\d_])(?:{either})(?![^\W\d_])", BLANK, source, flags=re.IGNORECASE)
    source = _COMMENT.sub(lambda comment: _TELLING.sub(BLANK, comment.group()), source)
    lines = [line[:200] for line in source.splitlines()]
    return "\n".join([*lines[:MAX_LINES], *(["…"] if len(lines) > MAX_LINES else [])])


def _is_telling(name: str, known: Collection[str]) -> bool:
    """Whether a name can be blanked out without taking the code with it: not `x`, not 12, no word of the course."""
    return len(name) > (4 if name.isdigit() else 2) and name.lower() not in known
