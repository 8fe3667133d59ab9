"""What the report says, as numbers and sentences: computed here, drawn and written elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from dlcourse_utils.checks import registry
from dlcourse_utils.errors import CourseError

from ..grades import Grade
from .alike import Alike, alike
from .examples import anonymous, words_of
from .looks import Look, looks
from .members import Class, Member

CORRECT, WRONG, NOT_ATTEMPTED, NOT_GRADED = GROUPS = ("correct", "wrong", "not attempted", "not graded")


@dataclass(frozen=True)
class Difficulty:
    """One exercise: how many learners are in which group, and the mean share of its points (None: nobody graded)."""

    exercise_id: str
    title: str
    counts: Mapping[str, int]
    mean: float | None

    @property
    def attempted(self) -> int:
        """Learners who handed in an answer that could be graded."""
        return self.counts[CORRECT] + self.counts[WRONG]


@dataclass(frozen=True)
class Mistake:
    """One known mistake, or (name "") what is wrong in a way that no known mistake explains.

    `count` of the `attempted` answers to the exercise made it; `example` is one of them, without names.
    """

    exercise_id: str
    name: str
    message: str
    count: int
    attempted: int
    example: str


@dataclass(frozen=True)
class Facts:
    """Everything on the page. Exercises are in the course's order, mistakes by frequency."""

    chapter: str
    members: tuple[Member, ...]
    missing: int
    exercises: tuple[Difficulty, ...]
    mistakes: tuple[Mistake, ...]
    unexplained: tuple[Mistake, ...]
    looks: tuple[Look, ...]
    alike: tuple[Alike, ...]

    @property
    def points(self) -> tuple[float, ...]:
        """The points of everybody who has been graded, in ascending order."""
        return tuple(sorted(m.points for m in self.members if m.points is not None))

    @property
    def max(self) -> float:
        """The points that the chapter gives."""
        return max((m.max for m in self.members), default=0.0)

    @property
    def seconds(self) -> tuple[float, ...]:
        """How long the submissions ran, in ascending order."""
        return tuple(sorted(m.seconds for m in self.members if m.seconds is not None))

    @property
    def hardest_first(self) -> tuple[Difficulty, ...]:
        """The exercises by difficulty."""
        return tuple(sorted(self.exercises, key=lambda e: 2.0 if e.mean is None else e.mean))


def facts_of(chapter: str, found: Class, exercises: Sequence[str], published: Iterable[str]) -> Facts:
    """Compute everything.

    exercises: the chapter's exercise ids in order. published: the sources of what the course publishes, solutions and
    known mistakes among them.
    """
    published = tuple(published)
    members = found.members
    difficulties = tuple(_difficulty(exercise, members) for exercise in exercises)
    wrong = _wrong(members, difficulties, published)
    return Facts(
        chapter=chapter,
        members=members,
        missing=found.missing,
        exercises=difficulties,
        mistakes=tuple(mistake for mistake in wrong if mistake.name),
        unexplained=tuple(mistake for mistake in wrong if not mistake.name),
        looks=looks(members),
        alike=alike({m.learner: m.answers for m in members}, published),
    )


def _difficulty(exercise: str, members: Sequence[Member]) -> Difficulty:
    counts = dict.fromkeys(GROUPS, 0)
    shares = []
    for member in members:
        grade = member.grades.get(exercise)
        counts[group_of(grade)] += 1
        if grade is not None and grade.score is not None and grade.max:
            shares.append(grade.score / grade.max)
    return Difficulty(exercise, _title(exercise), counts, fmean(shares) if shares else None)


def group_of(grade: Grade | None) -> str:
    """Return which of GROUPS a grade belongs to."""
    if grade is None or grade.status == "not_graded":
        return NOT_GRADED
    if grade.status == "not_attempted":
        return NOT_ATTEMPTED
    return CORRECT if grade.status == "correct" else WRONG


def _wrong(members: Sequence[Member], difficulties: Sequence[Difficulty], published: Sequence[str]) -> list[Mistake]:
    """Return what went wrong, the most frequent first, then in the course's order."""
    known = words_of(published)
    names = [name for member in members for name in member.names]
    found = []
    for difficulty in difficulties:
        made: dict[str, list[tuple[Member, Grade]]] = {}
        for member in members:
            grade = member.grades.get(difficulty.exercise_id)
            if grade is not None and group_of(grade) == WRONG:
                made.setdefault(grade.diagnosis or "", []).append((member, grade))
        for name, cases in made.items():
            answers = [m.answers.get(difficulty.exercise_id, "") for m, _ in cases]
            shortest = min(filter(None, answers), key=lambda source: (len(source), source), default="")
            found.append(
                Mistake(
                    exercise_id=difficulty.exercise_id,
                    name=name,
                    message=cases[0][1].said if name else _how(grade for _, grade in cases),
                    count=len(cases),
                    attempted=difficulty.attempted,
                    example=anonymous(shortest, names, known),
                )
            )
    return sorted(found, key=lambda mistake: -mistake.count)


def _how(grades: Iterable[Grade]) -> str:
    """Say how answers without a diagnosis went wrong: "2 incorrect, 1 crashed"."""
    statuses = [grade.status.replace("_", " ") for grade in grades]
    return ", ".join(f"{statuses.count(status)} {status}" for status in dict.fromkeys(sorted(statuses)))


def _title(exercise: str) -> str:
    try:
        return registry.get(exercise).title
    except CourseError:  # of another version of the course
        return ""
