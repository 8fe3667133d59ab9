"""A figure and its sentence as HTML, as every widget shows them."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

STYLE = "<style>.dlc-cell{fill:transparent}.dlc-cell:hover{stroke:#d55e00;stroke-width:3}</style>"


@dataclass(frozen=True)
class Hover:
    """What is said about the cells of an image when the mouse rests on one: texts[row][column] over axes `ax`."""

    ax: Any
    texts: Sequence[Sequence[str]]


def picture_html(figure: Figure, words: str, hovers: Sequence[Hover] = ()) -> str:
    """Return figure and sentence as HTML; the sentence is also the picture's text alternative."""
    content = io.BytesIO()
    figure.savefig(content, format="png")
    picture = base64.b64encode(content.getvalue()).decode("ascii")
    wide, high = (round(n) for n in figure.get_size_inches() * figure.dpi)
    image = (
        f'<img alt="{html.escape(words, quote=True)}" src="data:image/png;base64,{picture}" width="{wide}" '
        f'height="{high}" decoding="sync" style="max-width:100%; height:auto">'
    )
    if hovers:
        image = (
            f'<div style="position:relative; display:inline-block; max-width:100%; line-height:0">{image}'
            f'<svg viewBox="0 0 {wide} {high}" aria-hidden="true" '
            f'style="position:absolute; left:0; top:0; width:100%; height:100%">{STYLE}'
            f"{''.join(_cells(hover, high) for hover in hovers)}</svg></div>"
        )
    return image + words_html(words)


def words_html(words: str) -> str:
    """Return a sentence that a screen reader tells when it changes."""
    return f'<p role="status" style="margin:0.3em 0; line-height:1.4">{html.escape(words, quote=True)}</p>'


def _cells(hover: Hover, high: int) -> str:
    """Lay one invisible rectangle over each cell, in the pixels of the figure that was just drawn."""
    (left, top), (right, bottom) = hover.ax.transData.transform([(-0.5, -0.5), (0.5, 0.5)])
    step_x, step_y = right - left, top - bottom
    return "".join(
        f'<rect class="dlc-cell" x="{left + j * step_x:.1f}" y="{high - top + i * step_y:.1f}" width="{step_x:.1f}" '
        f'height="{step_y:.1f}"><title>{html.escape(text)}</title></rect>'
        for i, row in enumerate(hover.texts)
        for j, text in enumerate(row)
    )
