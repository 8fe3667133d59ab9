"""An updated chapter for a learner who already works in it: the new text, their answers, and what is new."""

import copy
import re
from dataclasses import dataclass

from .notebook import Cell, Notebook, answer_id, set_source, source

HEADING = re.compile(r"#{1,6}\s+(\d\d\.\w+)?")
REST = ""  # the key of everything that belongs to no exercise


@dataclass(frozen=True)
class News:
    """One exercise: what happened to it, and to the learner's answer."""

    exercise: str
    what: str  # "new", "text changed", "unchanged" or "gone"
    answer: str  # "carried over", "not answered yet", or where it still is


def merge(mine: Notebook, base: Notebook | None, release: Notebook, path: str, release_digest: str) -> Notebook:
    """Give the release with the learner's answers carried over and a first cell that lists the news.

    mine: the learner's notebook.  base: the release it builds on, None if that is not known.
    path: the file's name, for the text.  Answers are matched by nbgrader's grade_id. No argument is changed.
    """
    answers = _answers(mine, base)
    merged = copy.deepcopy(release)
    carried = set()
    for cell in merged["cells"]:
        name = answer_id(cell)
        if name in answers and answers[name]["cell_type"] == cell["cell_type"]:
            set_source(cell, source(answers[name]))
            carried.add(name)
    news = _compare(mine, base, release, set(answers), carried)
    merged["cells"].insert(0, _news_cell(news, _rest_changed(mine, base, release), path))
    merged.setdefault("metadata", {})["dlcourse"] = {"release": release_digest}  # what this file builds on
    return merged


def builds_on(notebook: Notebook) -> str | None:
    """Give the digest of the release that a merged notebook was made from, None for any other notebook."""
    entry = notebook.get("metadata", {}).get("dlcourse")
    found = entry.get("release") if isinstance(entry, dict) else None
    return found if isinstance(found, str) else None


def _answers(mine: Notebook, base: Notebook | None) -> dict[str | None, Cell]:
    """Give the answer cells that the learner changed; of duplicates the last, as nbgrader does."""
    stubs = {answer_id(cell): source(cell) for cell in base["cells"]} if base else {}
    return {name: cell for cell in mine["cells"] if (name := answer_id(cell)) and source(cell) != stubs.get(name)}


def _by_exercise(notebook: Notebook) -> dict[str, list[Cell]]:
    """Sort the cells into exercises: each begins at a heading with its id and ends at the next heading."""
    found: dict[str, list[Cell]] = {REST: []}
    current = REST
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and (heading := HEADING.match(source(cell))):
            current = heading.group(1) or REST
        found.setdefault(current, []).append(cell)
    return found


def _texts(cells: list[Cell], with_stubs: bool) -> list[str]:
    return [source(cell) for cell in cells if with_stubs or not answer_id(cell)]


def _compare(
    mine: Notebook,
    base: Notebook | None,
    release: Notebook,
    answered: set[str | None],
    carried: set[str | None],
) -> list[News]:
    before, after = _by_exercise(base or mine), _by_exercise(release)
    news = []
    for exercise in [*after, *(name for name in before if name not in after)]:
        if exercise == REST:
            continue
        names = {answer_id(cell) for cell in after.get(exercise, []) + before.get(exercise, [])} - {None}
        if exercise not in before:
            what = "new"
        elif exercise not in after:
            what = "gone"
        else:
            known = base is not None
            same = _texts(before[exercise], known) == _texts(after[exercise], known)
            what = "unchanged" if same else "text changed"
        if names & answered - carried:
            answer = "stays in your own file"
        else:
            answer = "carried over" if names & carried else "not answered yet"
        news.append(News(exercise, what, answer))
    return news


def _rest_changed(mine: Notebook, base: Notebook | None, release: Notebook) -> bool:
    before, after = _by_exercise(base or mine)[REST], _by_exercise(release)[REST]
    return _texts(before, base is not None) != _texts(after, base is not None)


def _news_cell(news: list[News], rest_changed: bool, path: str) -> Cell:
    name = path.rpartition("/")[2]
    order = ["new", "text changed", "gone", "unchanged"]
    rows = [
        f"| {item.exercise} | {item.what} | {item.answer} |"
        for item in sorted(news, key=lambda item: order.index(item.what))
    ]
    rest = "has changed too" if rest_changed else "is the same"
    text = "\n".join(
        [
            "## News in this chapter",
            "",
            f"This is the new version of `{name}` with your answers carried over. "
            f"Your own file is as you left it. The text around the exercises {rest}.",
            "",
            *(["| exercise | news | your answer |", "|---|---|---|", *rows, ""] if rows else []),
            f"To go on with this version, rename your file (say, to `my_{name}`) "
            f"and give this one the name `{name}`. Cells that you added, and changes to the course's own "
            "cells, are only in your file: copy what you need.",
        ]
    )
    cell: Cell = {"cell_type": "markdown", "id": "dlcourse-news", "metadata": {"tags": ["news"]}}
    set_source(cell, text)
    return cell
