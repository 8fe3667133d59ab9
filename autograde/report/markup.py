"""Small pieces of HTML. Whatever comes in is text and leaves escaped; only `Html` is taken as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape


class Html(str):
    """Markup that this package made."""

    __slots__ = ()


def text(value: object) -> Html:
    """Return text as markup; `Html` stays what it is."""
    return value if isinstance(value, Html) else Html(escape(str(value)))


def prose(sentence: str) -> Html:
    """Return an author's sentence as markup: `code` becomes code, *stress* is stressed."""
    parts = re.split(r"`([^`]+)`", sentence)
    return Html("".join(f"<code>{text(p)}</code>" if i % 2 else _stressed(p) for i, p in enumerate(parts)))


def _stressed(part: str) -> str:
    return re.sub(r"(?<![\w*])\*([^*\s][^*]*?)\*(?![\w*])", r"<em>\1</em>", text(part))


def table(caption: str, heads: Sequence[object], rows: Iterable[Sequence[object]], numbers: Sequence[int] = ()) -> Html:
    """Return a table. The first cell of a row is its heading; the columns in `numbers` are set right."""

    def cell(column: int, value: object) -> str:
        kind = ' class="n"' if column in numbers else ""
        return f"<td{kind}>{text(value)}</td>" if column else f'<th scope="row"{kind}>{text(value)}</th>'

    head = "".join(f'<th scope="col"{" class=n" * (i in numbers)}>{text(h)}</th>' for i, h in enumerate(heads))
    body = "".join(f"<tr>{''.join(cell(i, value) for i, value in enumerate(row))}</tr>\n" for row in rows)
    return Html(
        f'<div class="wide"><table><caption>{text(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>\n"
    )


def folded(summary: str, inside: Html) -> Html:
    """Return a part that the reader opens, without a script."""
    return Html(f"<details><summary>{text(summary)}</summary>{inside}</details>\n")


def counted(number: int, one: str, many: str = "") -> str:
    """Return "1 learner", "2 learners"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
