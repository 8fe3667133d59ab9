"""Make docs/gallery.md, its pictures, and the chapters' stills of widgets: `python docs/make_gallery.py [NAME …]`.

Every picture is made by the lines that stand beside it. With names, only those pictures are made anew.
"""

from __future__ import annotations

import base64
import io
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

from gallery.entry import Entry, cured  # noqa: E402
from gallery.visuals import VISUALS  # noqa: E402
from gallery.widgets import WIDGETS  # noqa: E402
from PIL import Image  # noqa: E402

IMAGES = ROOT / "docs" / "images" / "gallery"
STILLS = ROOT / "course" / "stills"  # beside the notebooks, so that a learner's copy has them too
COLOURS = 128  # a palette makes the files a third as large

HEAD = """\
# Gallery

What you can see with two lines of code. Every picture on this page was made by the lines beside it
(`python docs/make_gallery.py`); the first block of each is folded, because in a notebook it is your own training loop.

**Visuals** are plain data that draw themselves: as the last line of a cell, or with `.plot(ax)` into your own figure.
**Widgets** move: sliders, buttons and fields that the keyboard reaches, a picture, and the same in one sentence.
Nothing on this page ever asks the network for anything.
"""


def main(names: list[str]) -> None:
    """Make the pictures and the page."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    STILLS.mkdir(parents=True, exist_ok=True)
    made = {entry.name: _make(entry) for entry in (*VISUALS, *WIDGETS) if not names or entry.name in names}
    if names:
        print("Made", ", ".join(made), "- the page is written only when all pictures are made.")
        return
    page = [HEAD, _contents("Visuals", VISUALS), _contents("Widgets", WIDGETS), "## Visuals\n"]
    page += [made[entry.name] for entry in VISUALS]
    page += ["## Widgets\n", *(made[entry.name] for entry in WIDGETS)]
    (ROOT / "docs" / "gallery.md").write_text("\n".join(page), encoding="utf-8")


def _contents(title: str, entries: tuple[Entry, ...]) -> str:
    links = " · ".join(f"[{entry.title}](#{_anchor(entry.title)})" for entry in entries)
    return f"**{title}:** {links}\n"


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _make(entry: Entry) -> str:
    """Save the picture of an entry; return its part of the page."""
    shown = entry.run()
    if hasattr(shown, "children"):
        png, words = still_of(shown, entry)
        reading, cures = entry.read, entry.cures
    else:
        png, words = picture_of(shown), ""
        view = getattr(shown, "view", shown)
        reading, cures = view.how_to_read, cured(view)
    small(png).save(IMAGES / f"{entry.name}.png", optimize=True)
    if entry in WIDGETS:
        small(png).save(STILLS / f"{entry.name}.png", optimize=True)
    where = f" (chapter {entry.chapter})" if entry.chapter else ""
    parts = [f"### {entry.title}\n", f"```python\n{entry.code}\n```\n"]
    parts += [f"![{entry.title}{': ' + words if words else ''}](images/gallery/{entry.name}.png)\n"]
    if entry in WIDGETS:  # a visual says below itself how it is read
        parts += [f"*How to read this{where}:* {reading}\n"]
    parts += [f"*Cures:* {cures}\n"]
    if entry.setup:
        folded = f"<details><summary>What ran before</summary>\n\n```python\n{entry.setup.strip()}\n```\n\n</details>\n"
        parts.append(folded)
    print(entry.name)
    return "\n".join(parts)


def still_of(widget: Any, entry: Entry) -> tuple[bytes, str]:
    """Return a widget's picture as PNG, and its words, in the state in which it is to be photographed."""
    if entry.moved:
        widget.state = entry.moved
    shown = widget.children[-1].value
    found = re.search(r'alt="([^"]*)" src="data:image/png;base64,([^"]*)"', shown)
    if found is None:
        raise SystemExit(f"{entry.name} shows no picture: {shown[:300]}")
    import html

    return base64.b64decode(found[2]), html.unescape(found[1])


def picture_of(view: Any) -> bytes:
    """Return a visual as PNG; what `.plot()` gave is an Axes."""
    if hasattr(view, "_repr_png_"):
        return bytes(view._repr_png_())
    content = io.BytesIO()
    view.figure.savefig(content, format="png", dpi=110)
    return content.getvalue()


def small(png: bytes) -> Image.Image:
    """Reduce a picture to a palette."""
    return Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main(sys.argv[1:])
