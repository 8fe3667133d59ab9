"""The facts of the chapters are those of their texts and checks; the welcome page's three ways use them rightly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dlcourse_utils.checks import registry
from dlcourse_utils.progress import standing
from dlcourse_utils.progress.chapters import CHAPTERS, Chapter, in_words
from dlcourse_utils.workspace import release

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
WELCOME = (SOLUTIONS / "welcome.py").read_text(encoding="utf-8")
HEADING = re.compile(r"^# # (\d\d) · (.+)$", re.MULTILINE)
SAYS = re.compile(r"[^.]*\b(?:hours?)\b[^.]*\.")
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
STANDING = [c for c in CHAPTERS if (SOLUTIONS / f"{c.name}.py").is_file()]
by_chapter = pytest.mark.parametrize("chapter", STANDING, ids=lambda c: c.name)


def text(chapter: Chapter) -> str:
    return (SOLUTIONS / f"{chapter.name}.py").read_text(encoding="utf-8")


def test_every_text_that_stands_is_listed_under_its_title() -> None:
    found = {p.stem: HEADING.search(p.read_text(encoding="utf-8")) for p in sorted(SOLUTIONS.glob("[0-9][0-9]_*.py"))}
    stand = {name: heading[2] for name, heading in found.items() if heading}
    listed = {c.name: c.title for c in CHAPTERS}
    assert {name: listed.get(name) for name in stand} == stand, (
        "give each chapter whose text stands its line in dlcourse_utils/progress/chapters.py"
    )
    assert list(listed) == sorted(listed)


def test_only_chapters_whose_notebooks_are_here_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "PACKAGE", tmp_path / "package")
    assert standing.released() == CHAPTERS
    (tmp_path / "course" / CHAPTERS[2].name).mkdir(parents=True)
    for path in ("welcome.ipynb", CHAPTERS[2].notebook):
        (tmp_path / "course" / path).write_text("")
    assert standing.released() == (CHAPTERS[2],)


@by_chapter
def test_the_points_are_those_of_its_exercises(chapter: Chapter) -> None:
    assert chapter.points == sum(exercise.points for exercise in registry.chapter(chapter.number))


@by_chapter
def test_the_minutes_are_those_that_the_text_names_and_leave_time_to_read(chapter: Chapter) -> None:
    opening = text(chapter).partition("# %%\n")[0]
    sentence = next(s for s in SAYS.findall(opening) if "hour" in s)
    span = re.search(r"\w+ to \w+ hours", sentence) or [sentence]  # or all numbers in it
    words = span[0].lower().replace("an hour", "one hour")
    found = re.findall(r"([a-z]+)( and a half)?", words)
    named = sorted(60 * NUMBERS[word] + 30 * bool(half) for word, half in found if word in NUMBERS)
    assert (named[0], named[-1]) == chapter.minutes, sentence
    exercises = sum(int(m) for m in re.findall(r"^# ●.*?about (\d+) minutes", text(chapter), re.MULTILINE))
    assert exercises <= chapter.minutes[1]


@by_chapter
def test_what_comes_first_is_there_and_earlier(chapter: Chapter) -> None:
    earlier = {c.number for c in CHAPTERS if c.number < chapter.number}
    assert {*chapter.after, *chapter.helps} <= earlier
    assert bool(chapter.after) == bool(earlier)
    assert chapter.needs == ("NumPy" if chapter.number < "06" else "PyTorch")


def test_time_in_words() -> None:
    assert in_words(60, 60) == "about an hour"
    assert in_words(120, 120) == "about 2 hours"
    assert in_words(30, 90) == "½ to 1½ hours"
    assert in_words(840, 1200) == "14 to 20 hours"


def test_the_readme_tells_the_same_facts() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d\d) · (.+?) \| .+? \| (.*?) \| (.*?) ?\|$", readme, re.MULTILINE)
    facts = {c.number: (c.number, c.title, c.time, ", ".join(c.after)) for c in CHAPTERS}
    assert rows
    assert rows == [facts[number] for number, *_ in rows]


def test_the_weekend_is_as_long_as_its_chapters() -> None:
    weekend = re.search(r"\*\*A weekend\.\*\* (.+?)In the end", WELCOME.replace("\n# ", " "), re.DOTALL)
    assert weekend
    facts = {c.number: c for c in CHAPTERS}
    days = weekend[1].split("Sunday")
    for day in days:
        chapters = [facts[number] for number in re.findall(r"chapter (\d\d)", day)]
        low, high = (sum(c.minutes[i] for c in chapters) for i in (0, 1))
        assert f"({in_words(low, high)})" in day
    met = re.findall(r"chapter (\d\d)", weekend[1])
    assert all(set(facts[number].after) <= set(met[:i]) for i, number in enumerate(met))


def test_the_semesters_assignments_are_the_exercises_in_order_and_about_alike() -> None:
    rows = re.findall(r"^# \| (\d+) \| (\d\d)[^|]* \| (.+) \|$", WELCOME, re.MULTILINE)
    assert [int(week) for week, _, _ in rows] == list(range(1, len(rows) + 1))
    due = []
    for _, number, words in rows:
        ids = registry.ids(number)
        names = re.findall(r"`(\w+)`", words)
        first, last = (ids.index(f"{number}.{name}") for name in (names[0], names[-1])) if names else (0, len(ids) - 1)
        due.append(ids[first : last + 1])
        assert due[-1]
    whole = [c.number for c in CHAPTERS if c.number <= rows[-1][1]]
    assert [name for week in due for name in week] == [name for number in whole for name in registry.ids(number)]
    minutes = {}
    for chapter in STANDING:
        found = re.findall(r"^# ### (\S+) · .*\n(?:#\n)?# ●.*?about (\d+) minutes", text(chapter), re.MULTILINE)
        minutes.update({name: int(number) for name, number in found})
    assert all(30 <= sum(minutes[name] for name in week) <= 80 for week in due)
