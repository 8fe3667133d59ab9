"""How each chapter stands and what comes next: pure functions of the book."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import CourseError
from ..workspace import find_release
from .book import Book
from .chapters import CHAPTERS, Chapter, in_words

WORDS = {"done": "done", "begun": "in progress", "untouched": "untouched"}
BAR = 6  # signs in a bar: the table fits 80 columns


@dataclass(frozen=True)
class Standing:
    """A chapter's state. exercises: (id, best status or "") in course order. last: time of the latest try."""

    chapter: Chapter
    exercises: tuple[tuple[str, str], ...]
    points: float
    last: str

    @property
    def right(self) -> int:
        """How many exercises are correct."""
        return sum(status == "correct" for _, status in self.exercises)

    @property
    def state(self) -> str:
        """"untouched", "begun" or "done" (every exercise correct)."""
        if not any(status for _, status in self.exercises):
            return "untouched"
        return "done" if self.right == len(self.exercises) else "begun"

    @property
    def open(self) -> str:
        """The first exercise that is not correct yet, "" when there is none."""
        return next((name for name, status in self.exercises if status != "correct"), "")

    @property
    def bar(self) -> str:
        """"■■□□□□": the share that is right; one sign at least once one is, all only when all are."""
        full = min(max(BAR * self.right // max(len(self.exercises), 1), int(self.right > 0)), BAR)
        return "■" * full + "□" * (BAR - full)

    @property
    def count(self) -> str:
        """"4 of 12"."""
        return f"{self.right} of {len(self.exercises)}"

    @property
    def score(self) -> str:
        """"6 of 19": points."""
        return f"{_short(self.points)} of {self.chapter.points}"


@dataclass(frozen=True)
class Step:
    """What comes next: a chapter, and the exercise in it that is open, "" at its beginning. None: all is done."""

    chapter: Chapter | None
    exercise: str = ""

    def __str__(self) -> str:
        if self.chapter is None:
            return "Every chapter is done."
        name = f"chapter {self.chapter.number}, {self.chapter.title}"
        return f"Next: {self.exercise} in {name}." if self.exercise else f"Next: {name} ({self.chapter.time})."


def standings(
    book: Book, ids: Callable[[str], Sequence[str]] | None = None, chapters: Sequence[Chapter] | None = None
) -> list[Standing]:
    """Return how every chapter stands.

    `ids` gives a chapter's exercises by its number (default: the checks'); `chapters` are by default those released.
    """
    ids = ids or _ids
    return [_standing(chapter, ids(chapter.number), book) for chapter in chapters or released()]


def released() -> tuple[Chapter, ...]:
    """Return the chapters whose notebooks are here; all, where the course itself cannot be found."""
    try:
        course = find_release() / "course"
    except CourseError:
        return CHAPTERS
    return tuple(chapter for chapter in CHAPTERS if (course / chapter.notebook).is_file())


def next_step(stands: Sequence[Standing]) -> Step:
    """Say where to go on.

    In the chapter that was tried last; when that one is done, in the next one whose prerequisites are.
    """
    latest = max((s for s in stands if s.last), key=lambda s: (s.last, s.state == "begun"), default=None)
    if latest is not None and latest.state == "begun":
        return Step(latest.chapter, latest.open)
    done = {s.chapter.number for s in stands if s.state == "done"}
    left = [s for s in stands if s.state != "done"]
    ready = [s for s in left if set(s.chapter.after) <= done]
    later = [s for s in ready if latest is not None and s.chapter.number > latest.chapter.number]
    for group in (later, ready, left):
        if group:
            best = min(group, key=lambda s: s.state != "begun")  # the first one begun, else the first
            return Step(best.chapter, best.open if best.state == "begun" else "")
    return Step(None)


def together(stands: Sequence[Standing]) -> tuple[str, str, str]:
    """Sum up all chapters: exercises, points and time, in words."""
    right, all_exercises = sum(s.right for s in stands), sum(len(s.exercises) for s in stands)
    points, most = sum(s.points for s in stands), sum(s.chapter.points for s in stands)
    low, high = (sum(s.chapter.minutes[i] for s in stands) for i in (0, 1))
    return f"{right} of {all_exercises}", f"{_short(points)} of {most}", in_words(low, high)


def strangers(book: Book, stands: Sequence[Standing]) -> str:
    """Say which results belong to exercises that this version does not show; "" when there are none."""
    known = {name for stand in stands for name, _ in stand.exercises}
    numbers = {stand.chapter.number for stand in stands}
    lost = sorted(name for name in book.exercises if name not in known and _is_gone(name, numbers))
    if not lost:
        return ""
    some = ", ".join(lost[:3]) + (", …" if len(lost) > 3 else "")
    one = len(lost) == 1
    return (
        f"{len(lost)} {'result is for an exercise' if one else 'results are for exercises'} that this version "
        f"of the course does not have ({some}); {'it is' if one else 'they are'} kept."
    )


def _is_gone(name: str, numbers: set[str]) -> bool:
    """False for an exercise that exists in a chapter whose text is still being written."""
    from ..checks import registry

    number = name.partition(".")[0]
    return number in numbers or number not in registry.chapters() or name not in registry.ids(number)


def _short(points: float) -> str:
    return f"{points:.1f}".removesuffix(".0")


def _standing(chapter: Chapter, ids: Sequence[str], book: Book) -> Standing:
    entries = [book.exercises[name] for name in ids if name in book.exercises]
    return Standing(
        chapter,
        tuple((name, book.exercises[name].status if name in book.exercises else "") for name in ids),
        points=sum(entry.score * entry.points for entry in entries),
        last=max((entry.last for entry in entries), default=""),
    )


def _ids(number: str) -> Sequence[str]:
    from ..checks import registry

    return registry.ids(number)
