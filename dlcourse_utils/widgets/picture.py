"""A figure and its sentence as HTML, as every widget shows them."""

from __future__ import annotations

import base64
import html
import io

from matplotlib.figure import Figure


def picture_html(figure: Figure, words: str) -> str:
    """Return figure and sentence as HTML; the sentence is also the picture's text alternative."""
    content = io.BytesIO()
    figure.savefig(content, format="png")
    picture = base64.b64encode(content.getvalue()).decode("ascii")
    wide, high = (round(n) for n in figure.get_size_inches() * figure.dpi)
    return (
        f'<img alt="{html.escape(words, quote=True)}" src="data:image/png;base64,{picture}" width="{wide}" '
        f'height="{high}" decoding="sync" style="max-width:100%; height:auto">{words_html(words)}'
    )


def words_html(words: str) -> str:
    """Return a sentence that a screen reader tells when it changes."""
    return f'<p role="status" style="margin:0.3em 0; line-height:1.4">{html.escape(words, quote=True)}</p>'
