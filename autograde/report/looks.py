"""Which submissions a person should look at, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .members import Member

_BY_STATUS = {
    "not_graded": "not graded",
    "forbidden": "forbidden library",
    "crashed": "crashed",
    "timed_out": "timed out",
    "missing": "answer not found",
}
_EACH_SAID = ("values from elsewhere", "not the same twice", "repaired")  # a sentence for every exercise
REASONS = ("not graded", "waits for a person", "values from elsewhere", "forbidden library", "crashed", "timed out",
           "answer not found", "not the same twice", "repaired", "late")  # fmt: skip


@dataclass(frozen=True)
class Look:
    """One reason to look at one submission; without exercises it is about the whole of it.

    What stopped code in several exercises is said in the words of the first: the others often build on it.
    """

    reason: str
    learner: str
    exercises: tuple[str, ...]
    said: str


def looks(members: Sequence[Member]) -> tuple[Look, ...]:
    """Return the reasons, the weightiest first, then by learner."""
    found: dict[tuple[str, str], Look] = {}
    for look in (look for member in members for look in _of(member)):
        first = found.setdefault((look.reason, look.learner), look)
        if first is not look:
            said = first.said
            if look.reason in _EACH_SAID and look.said not in said:
                said = f"{said} {look.said}"
            found[look.reason, look.learner] = replace(first, exercises=first.exercises + look.exercises, said=said)
    return tuple(sorted(found.values(), key=lambda look: REASONS.index(look.reason)))


def _of(member: Member) -> Iterator[Look]:
    name = member.learner
    if member.note:
        held = f" The gradebook holds {member.held:g} points for an earlier file." if member.held else ""
        yield Look("not graded", name, (), member.note + held)
    elif not member.grades:
        yield Look("not graded", name, (), "There are no results beside the graded notebook: grade it again.")
    elif member.needs_a_person and all(grade.status != "not_graded" for grade in member.grades.values()):
        yield Look("waits for a person", name, (), "The gradebook asks for a grade by hand.")
    for grade in member.grades.values():
        if grade.status in _BY_STATUS:
            yield Look(_BY_STATUS[grade.status], name, (grade.exercise_id,), grade.said)
        if grade.doubt:
            yield Look("values from elsewhere", name, (grade.exercise_id,), grade.doubt)
        if grade.unsteady:
            yield Look("not the same twice", name, (grade.exercise_id,), grade.unsteady)
        if grade.repaired:
            yield Look("repaired", name, (grade.exercise_id,), grade.repaired)
    if member.penalty:
        yield Look("late", name, (), f"A late penalty of {member.penalty:g} points was taken off.")
