"""The map: a box for each chapter, an arrow from what to do first. Generated from the chapters' facts."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape

from .chapters import Chapter
from .standing import WORDS, Standing

WIDTH, HEIGHT = 166, 62  # of a box, pixels
GAP, ROW = 30, 96  # between columns; from row to row
PAPER = {"done": "#d9efe2", "begun": "#fdf1cf", "untouched": "#ffffff"}
SIGNS = {"done": "✓ ", "begun": "… ", "untouched": ""}


def positions(chapters: Sequence[Chapter]) -> dict[str, tuple[int, int]]:
    """Return column and row by number.

    A chapter stands right of all that come first, in the row of the last of them or in the next free one below.
    Of those in one column, the chapters that lead on choose their rows first: the main road is straight.
    """
    column: dict[str, int] = {}
    for chapter in chapters:
        column[chapter.number] = 1 + max((column[n] for n in chapter.after if n in column), default=-1)
    leads_on = {number for chapter in chapters for number in chapter.after}
    places: dict[str, tuple[int, int]] = {}
    for chapter in sorted(chapters, key=lambda c: (column[c.number], c.number not in leads_on, c.number)):
        row = max((places[n][1] for n in chapter.after[-1:] if n in places), default=0)
        while (column[chapter.number], row) in places.values():
            row += 1
        places[chapter.number] = (column[chapter.number], row)
    return places


def as_svg_image(stands: Sequence[Standing]) -> str:
    """Return the map as an HTML image that says in words what it shows."""
    picture = b64encode(as_svg(stands).encode()).decode()
    return f'<img alt="{escape(in_words(stands))}" src="data:image/svg+xml;base64,{picture}">'


def in_words(stands: Sequence[Standing]) -> str:
    """Say the map: what to do before each chapter."""
    said = []
    for chapter in (stand.chapter for stand in stands):
        first = f"after {' and '.join(chapter.after)}" if chapter.after else "comes first"
        helps = f", helped by {' and '.join(chapter.helps)}" if chapter.helps else ""
        said.append(f"{chapter.number} {first}{helps}")
    return f"Map of the chapters: {'; '.join(said)}."


def as_svg(stands: Sequence[Standing]) -> str:
    """Draw the map as an SVG document."""
    places = positions([stand.chapter for stand in stands])
    right = max(column for column, _ in places.values()) + 1
    down = max(row for _, row in places.values()) + 1
    width, height = right * (WIDTH + GAP) - GAP + 20, (down - 1) * ROW + HEIGHT + 46
    arrows = "".join(_arrows(stand.chapter, places) for stand in stands)
    boxes = "".join(_box(stand, places[stand.chapter.number]) for stand in stands)
    key = f"→ do this first    ⇢ helps, can wait    {' '.join(f'{SIGNS[s]}{WORDS[s]}' for s in ('done', 'begun'))}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="system-ui,sans-serif" font-size="13" fill="#222">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#444"/></marker></defs>'
        f'{arrows}{boxes}'
        f'<text x="10" y="{height - 12}" fill="#555" font-size="12" xml:space="preserve">{key}</text></svg>'
    )


def _corner(place: tuple[int, int]) -> tuple[int, int]:
    return 10 + place[0] * (WIDTH + GAP), 10 + place[1] * ROW


def _box(stand: Standing, place: tuple[int, int]) -> str:
    x, y = _corner(place)
    chapter = stand.chapter
    return (
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="{PAPER[stand.state]}" stroke="#444"/>'
        f'<text x="{x + 10}" y="{y + 20}" font-weight="600">{SIGNS[stand.state]}{chapter.number}</text>'
        f'<text x="{x + 10}" y="{y + 37}">{escape(chapter.title)}</text>'
        f'<text x="{x + 10}" y="{y + 53}" fill="#555" font-size="12">{chapter.time}</text>'
    )


def _arrows(chapter: Chapter, places: dict[str, tuple[int, int]]) -> str:
    lines = [(n, "") for n in chapter.after] + [(n, ' stroke-dasharray="4 4"') for n in chapter.helps]
    return "".join(_arrow(places[n], places[chapter.number], dashes) for n, dashes in lines if n in places)


def _arrow(start: tuple[int, int], end: tuple[int, int], dashes: str) -> str:
    (x0, y0), (x1, y1) = _corner(start), _corner(end)
    if start[0] == end[0]:  # the same column: from edge to edge, up or down
        x0, x1 = x0 + WIDTH // 2, x1 + WIDTH // 2
        y0, y1 = (y0, y1 + HEIGHT) if y0 > y1 else (y0 + HEIGHT, y1)
    else:
        x0, y0, y1 = x0 + WIDTH, y0 + HEIGHT // 2, y1 + HEIGHT // 2
        if start[1] != end[1]:
            y1 += 16 if start[1] > end[1] else -16  # beside the arrow of the main road
    return f'<path d="M{x0} {y0}L{x1} {y1}" stroke="#444" fill="none" marker-end="url(#tip)"{dashes}/>'
