"""A result as an HTML card: no script, no network, readable without its colours and without its style sheet."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from .result import CaseResult, Result
from .side_by_side import side_by_side
from .text import headline, other_failures, points_text, short, warnings_in_words

_STYLE = (Path(__file__).parent / "card.css").read_text(encoding="utf-8")


def as_html(result: Result) -> str:
    """Return the card. Everything that comes from a learner is escaped."""
    body = [
        _header(result),
        *(f'<p class="dlc-note">{_prose(note)}</p>' for note in result.notes),
        _body(result),
        _hints(result.hints) if result.status not in ("correct", "not_graded") else "",
        _foot(result),
    ]
    return (
        f"<style>{_STYLE}</style>"
        f'<section class="dlc-card dlc-{result.status}" aria-label="Result of {escape(result.exercise_id)}">'
        f"{''.join(body)}</section>"
    )


def _header(result: Result) -> str:
    return (
        f'<header><strong class="dlc-state">{headline(result)}</strong>'
        f'<span class="dlc-title">{escape(result.exercise_id)} · {escape(result.title)}</span>'
        f'<span class="dlc-points">{points_text(result)}</span></header>'
    )


def _body(result: Result) -> str:
    if result.status == "not_attempted":
        return "<p>Write your answer in the cell above, then run this cell again.</p>"
    return _diagnosis(result) + _cases(result.cases) + _failure(result) + _asides(result)


def _diagnosis(result: Result) -> str:
    if result.diagnosis is None:
        return ""
    label, message = result.diagnosis.label, _prose(result.diagnosis.message)
    return f'<p class="dlc-diagnosis"><strong>{label}:</strong> {message}</p>'


def _cases(cases: tuple[CaseResult, ...]) -> str:
    def item(case: CaseResult) -> str:
        passed = case.verdict.passed
        mark, word = ("✓", "right") if passed else ("✗", "wrong")
        kind = "dlc-pass" if passed else "dlc-fail"
        return f'<li class="{kind}"><span aria-label="{word}">{mark}</span> {escape(case.name)}</li>'

    return f'<ul class="dlc-cases">{"".join(map(item, cases))}</ul>' if cases else ""


def _failure(result: Result) -> str:
    failure = result.failure
    if failure is None:
        return ""
    verdict = failure.verdict
    html = _sentence(failure)
    panels = side_by_side(verdict.expected, verdict.got) if verdict.kind == "value" else ""
    if panels:
        html += panels
    elif verdict.kind == "value" and verdict.expected is not None:
        html += (
            '<dl class="dlc-pair">'
            f"<dt>expected</dt><dd><code>{escape(short(verdict.expected))}</code></dd>"
            f"<dt>yours</dt><dd><code>{escape(short(verdict.got))}</code></dd></dl>"
        )
    html += "".join(map(_sentence, other_failures(result)))
    if result.lines:
        html += f'<pre class="dlc-lines">{escape(chr(10).join(result.lines))}</pre>'
    return html


def _sentence(case: CaseResult) -> str:
    part = f"in <code>{escape(case.verdict.where)}</code>: " if case.verdict.where else ""
    return f'<p class="dlc-failure"><strong>{escape(case.name)}</strong> · {part}{_prose(case.verdict.sentence)}</p>'


def _asides(result: Result) -> str:
    html = "".join(f'<p class="dlc-aside">{escape(w)}</p>' for w in warnings_in_words(result))
    if result.printed.strip():
        printed = escape(result.printed.strip())
        summary = "<summary>Your code printed something</summary>"
        html += f'<details class="dlc-aside">{summary}<pre>{printed}</pre></details>'
    return html


def _hints(hints: tuple[str, ...]) -> str:
    """Nest each hint in the one before, so that a button press never shows more than one step."""
    html = ""
    for number in range(len(hints), 0, -1):
        label = "Show a hint" if number == 1 else "Show the next hint"
        html = (
            f'<details class="dlc-hint"><summary>{label} ({number} of {len(hints)})</summary>'
            f"<div>{_prose(hints[number - 1])}</div>{html}</details>"
        )
    return html


def _foot(result: Result) -> str:
    if result.seed is None or result.status in ("correct", "not_attempted"):
        return ""
    return f"<footer>inputs drawn with seed {result.seed}; a second run in this session uses the same ones</footer>"


def _prose(text: str) -> str:
    """Escape a sentence, keeping what authors write in Markdown: `code`, **bold**, *stress*, fenced blocks."""
    pieces = re.split(r"```(?:\w+\n|\n)?(.*?)```", text, flags=re.DOTALL)
    html = []
    for index, piece in enumerate(pieces):
        if index % 2:
            html.append(f"<pre>{escape(piece.strip(chr(10)))}</pre>")
        else:
            html.append(_inline(piece).replace("\n\n", "<br><br>"))
    return "".join(html)


def _inline(text: str) -> str:
    parts = re.split(r"`([^`]+)`", text)
    done = []
    for index, part in enumerate(parts):
        if index % 2:
            done.append(f"<code>{escape(part)}</code>")
            continue
        safe = escape(part, quote=False)
        safe = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", safe)
        done.append(re.sub(r"(?<![\w*])\*([^*\s][^*]*?)\*(?![\w*])", r"<em>\1</em>", safe))
    return "".join(done)
