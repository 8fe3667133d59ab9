"""Answers that read nearly the same: a place to look at, never a finding.

Passages of tokens are compared as in MOSS (Schleimer, Wilkerson, Aiken: Winnowing, SIGMOD 2003), without sampling:
what the published text holds, and what many learners wrote, says nothing and is left out; of the rest, the share that
two learners have in common.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from .tokens import passages

MANY = 10  # learners who share a passage make it common knowledge (MOSS's own default); in small classes a third
MAX_CHARACTERS = 20_000  # of an answer; the rest is not looked at
LEAST = 40  # passages in common, about six short lines of code
NEARLY = 0.8  # of the shorter one's passages


@dataclass(frozen=True)
class Alike:
    """Learners whose answers read nearly the same, and the smallest share by which any of them is linked."""

    learners: tuple[str, ...]
    share: float


def alike(answers: Mapping[str, Mapping[str, str]], published: Iterable[str]) -> tuple[Alike, ...]:
    """Return the groups among `answers` (learner → exercise → source), the most alike first.

    published: sources that say nothing when two learners share them, such as the solution and the known mistakes.
    """
    known: set[int] = set().union(*map(passages, published))
    memory: dict[str, set[int]] = {}
    own = {}
    for learner, sources in answers.items():
        for source in sources.values():
            if source not in memory:
                memory[source] = passages(source[:MAX_CHARACTERS]) - known
        # the same passage in another exercise is another passage
        own[learner] = {(exercise, p) for exercise, source in sources.items() for p in memory[source]}
    pairs = _pairs(own, max(2, min(MANY, len(answers) // 3)))
    return tuple(sorted(_groups(pairs), key=lambda group: (-group.share, group.learners)))


def _pairs(own: Mapping[str, set[tuple[str, int]]], many: int) -> dict[tuple[str, str], float]:
    """Return the share of each pair that is nearly alike."""
    owners: dict[tuple[str, int], list[str]] = {}
    for learner in sorted(own):
        for passage in own[learner]:
            owners.setdefault(passage, []).append(learner)
    size: Counter[str] = Counter()
    common: Counter[tuple[str, str]] = Counter()
    for learners in owners.values():
        if len(learners) <= many:
            size.update(learners)
            common.update(combinations(learners, 2))
    shares = {pair: n / min(size[pair[0]], size[pair[1]]) for pair, n in common.items() if n >= LEAST}
    return {pair: share for pair, share in shares.items() if share >= NEARLY}


def _groups(pairs: Mapping[tuple[str, str], float]) -> Sequence[Alike]:
    """Return the pairs joined into groups: who is linked to anyone of a group belongs to it."""
    groups: list[set[str]] = []
    for pair in pairs:
        touched = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in touched] + [set(pair).union(*touched)]
    return [Alike(tuple(sorted(g)), min(s for pair, s in pairs.items() if g.issuperset(pair))) for g in groups]
