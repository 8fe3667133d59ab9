"""The panel of the welcome page: what is done, what comes next, and the map. HTML without scripts or widgets."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from . import place, store
from .book import Book
from .chapters import Chapter
from .course_map import as_svg_image
from .standing import WORDS, Standing, Step, next_step, standings, strangers, together

_STYLE = (Path(__file__).parent / "panel.css").read_text(encoding="utf-8")
SIGNS = {"done": "✓", "begun": "…", "untouched": "–"}
HEADINGS = ("chapter", "state", "exercises", "points", "time", "do first", "runs on", "data")


@dataclass(frozen=True)
class Panel:
    """A picture of the progress: HTML in a notebook, text elsewhere. links: chapter number → address, if there."""

    stands: tuple[Standing, ...]
    step: Step
    links: dict[str, str]
    next_link: str = ""
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        rows = [
            f"{s.bar} {s.count:>8}  {s.chapter.number} · {s.chapter.title} ({WORDS[s.state]})" for s in self.stands
        ]
        return "\n".join([*rows, "", str(self.step), *self.notes])

    def _repr_html_(self) -> str:
        head = "".join(f"<th scope='col'>{name}</th>" for name in HEADINGS)
        rows = "".join(_row(stand, self.links.get(stand.chapter.number, "")) for stand in self.stands)
        exercises, points, time = together(self.stands)
        foot = f"<tr><th scope='row'>together</th><td></td><td>{exercises}</td><td>{points}</td><td>{time}</td></tr>"
        return (
            f"<style>{_STYLE}</style><section class='dlc-panel' aria-label='Your progress'>"
            f"<p class='dlc-next'>{_next(self.step, self.next_link)}</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
            f"<tfoot>{foot}</tfoot></table>"
            f"{as_svg_image(self.stands)}{''.join(f'<p>{_prose(note)}</p>' for note in self.notes)}</section>"
        )


def panel() -> Panel:
    """Show how far you are. As the last line of a cell it is drawn below it; run the cell again to refresh it."""
    here = Path.cwd()
    book, says = (Book(), "") if place.is_off() else store.read(place.progress_file(here))
    stands = standings(book)
    step = next_step(stands)
    links = {s.chapter.number: link for s in stands if (link := _link(s.chapter, here))}
    following = links.get(step.chapter.number, "") if step.chapter else ""
    notes = (says, strangers(book, stands), _offer(stands))
    fragment = _fragment(step.exercise) if following and step.exercise else ""
    return Panel(tuple(stands), step, links, following + fragment, tuple(filter(None, notes)))


def _offer(stands: Sequence[Standing]) -> str:
    if all(stand.state == "untouched" for stand in stands):
        return "Once you have begun, `review()` brings earlier questions back: the cell below this one."
    return "A minute for what you know already? `review()`, in the cell below, asks three earlier questions again."


def _link(chapter: Chapter, here: Path) -> str:
    """Return the address of a chapter's notebook as seen from `here`, "" when it does not lie there."""
    copy = place.copy_around(here)
    for root in filter(None, (copy, here, here.parent)):
        if (root / chapter.notebook).is_file():
            return quote(Path(os.path.relpath(root / chapter.notebook, here)).as_posix())
    return ""


def _fragment(exercise: str) -> str:
    """Return JupyterLab's address of the cell to answer in; its id is the exercise's, with a dash."""
    return f"#cell-id={quote(exercise.replace('.', '-'))}"


def _next(step: Step, link: str) -> str:
    text = escape(str(step))
    if not link:
        return text
    start, _, rest = text.partition(": ")
    return f"{start}: <a href='{escape(link)}'>{rest.rstrip('.')}</a>."


def _row(stand: Standing, link: str) -> str:
    chapter = stand.chapter
    name = f"{chapter.number} · {escape(chapter.title)}"
    title = f"<a href='{escape(link)}'>{name}</a>" if link else name
    first = ", ".join(chapter.after) or "nothing"
    if chapter.helps:
        first += f" ({', '.join(chapter.helps)} helps)"
    state = f"<span aria-hidden='true'>{SIGNS[stand.state]}</span> {WORDS[stand.state]}"
    bar = f"<span class='dlc-bar' aria-hidden='true'>{stand.bar}</span> {stand.count}"
    cells = (state, bar, stand.score, chapter.time, first, escape(chapter.needs), _prose(chapter.data))
    return f"<tr class='dlc-{stand.state}'><th scope='row'>{title}</th>{''.join(f'<td>{c}</td>' for c in cells)}</tr>"


def _prose(text: str) -> str:
    """Escape a sentence, keeping `code` and *stress*."""
    safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", safe)
