"""The facts as one HTML file: no script, no foreign request, and every word that a learner may have chosen escaped."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean, median
from urllib.parse import quote

from ..feedback import POLICY
from ..grades import Grade
from . import charts
from .facts import CORRECT, GROUPS, NOT_ATTEMPTED, NOT_GRADED, WRONG, Facts, Mistake, group_of
from .markup import Html, counted, folded, prose, table, text
from .members import Member

_STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
_MARKS = {CORRECT: "✓", WRONG: "✗", NOT_ATTEMPTED: "○", NOT_GRADED: "?"}


def page(facts: Facts, folder: Path) -> str:
    """Return the page. Links to feedback are relative to `folder`, where the page will lie."""
    sections: list[tuple[str, str, Callable[[], str]]] = [
        ("look", "Submissions that need a look", lambda: _looks(facts, folder)),
        ("mistakes", "Mistakes by frequency", lambda: _mistakes(facts)),
        ("exercises", "Exercises by difficulty", lambda: _exercises(facts)),
        ("points", "Points", lambda: _points(facts)),
        ("time", "Running time", lambda: _time(facts)),
        ("everyone", "Everyone", lambda: _everyone(facts, folder)),
    ]
    menu = "".join(f'<li><a href="#{key}">{text(title)}</a></li>' for key, title, _ in sections)
    body = "".join(f'<section id="{key}"><h2>{text(title)}</h2>{make()}</section>\n' for key, title, make in sections)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(facts.chapter)}: report</title>\n<style>{_STYLE}</style></head>\n"
        f"<body><main><h1>{text(facts.chapter)}</h1>\n<p>{_summary(facts)}</p>\n<nav><ul>{menu}</ul></nav>\n{body}"
        "</main></body></html>\n"
    )


def _summary(facts: Facts) -> Html:
    said = [counted(len(facts.members), "submission")]
    if facts.missing:
        said.append(f"{counted(facts.missing, 'learner')} of the gradebook handed in nothing")
    if facts.points:
        said.append(f"median {median(facts.points):.4g} of {facts.max:g} points")
    troubled = {look.learner for look in facts.looks} | {name for group in facts.alike for name in group.learners}
    said.append(f"{len(troubled)} to look at" if troubled else "none needs a look")
    return text("; ".join(said) + ".")


def _looks(facts: Facts, folder: Path) -> str:
    links = {member.learner: _link(member, folder) for member in facts.members}
    rows = [(k.reason, links[k.learner], ", ".join(k.exercises) or "all", text(k.said)) for k in facts.looks]
    html = table(counted(len(rows), "remark"), ("why", "learner", "exercise", "what was found"), rows) if rows else ""
    if facts.alike:
        groups = [(_joined(group.learners, links), f"{group.share:.0%}") for group in facts.alike]
        html += table("Answers that read nearly the same", ("learners", "the same"), groups, numbers=(1,))
    about = (
        "Near-identical answers are found by comparing runs of twelve words and signs, with names, spaces, comments "
        "and texts set aside. What the published solution or a known mistake holds, or what many learners wrote, does "
        "not count; of the rest, at least four fifths must be the same. Learners may have worked together where that "
        "is welcome, and short answers resemble each other anyway: this says where to look, not what happened."
    )
    return f"{html or '<p>None.</p>'}<p class='aside'>{text(about)}</p>"


def _mistakes(facts: Facts) -> str:
    about = "Of the answers that were attempted. An example is one learner's answer cell, the shortest, with the names "
    about += "of the class blanked out; read it before you show it."
    html = f"<p>{about}</p>"
    often = [mistake for mistake in facts.mistakes if mistake.count > 1]
    once = [mistake for mistake in facts.mistakes if mistake.count == 1]
    if often:
        html += _mistakes_table("Mistakes that the course knows", often)
    elif not once:
        html += "<p>No answer shows a mistake that the course knows.</p>"
    if once:
        single = _mistakes_table("Made once" if often else "Mistakes that the course knows", once)
        html += folded(f"{counted(len(once), 'further mistake')}, made once each", single) if often else single
    if facts.unexplained:
        html += _mistakes_table("Wrong in a way that no known mistake explains", facts.unexplained)
    return html


def _mistakes_table(caption: str, mistakes: Sequence[Mistake]) -> Html:
    rows = [(_share(m), m.exercise_id, Html(prose(m.message) + _example(m))) for m in mistakes]
    return table(caption, ("answers", "exercise", "what happened"), rows)


def _share(mistake: Mistake) -> Html:
    width = 100 * mistake.count / max(1, mistake.attempted)
    bar = f'<span class="bar" aria-hidden="true"><span style="width:{width:.0f}%"></span></span>'
    return Html(f"{mistake.count} of {mistake.attempted}{bar}")


def _example(mistake: Mistake) -> Html:
    if not mistake.example:
        return Html("")
    return folded("an example", Html(f"<pre><code>{text(mistake.example)}</code></pre>"))


def _exercises(facts: Facts) -> str:
    if not facts.exercises:
        return "<p>The chapter has no exercises.</p>"
    rows = [
        (e.exercise_id, e.title, "–" if e.mean is None else f"{e.mean:.0%}", *(e.counts[group] for group in GROUPS))
        for e in facts.hardest_first
    ]
    heads = ("exercise", "title", "mean of its points", *GROUPS)
    numbers = range(2, 3 + len(GROUPS))
    return charts.difficulty(facts.hardest_first) + table("Hardest first", heads, rows, numbers)


def _points(facts: Facts) -> str:
    points = facts.points
    if not points:
        return "<p>Nobody has points yet.</p>"
    full = sum(p >= facts.max for p in points)
    said = (
        f"{counted(len(points), 'graded submission')}: mean {fmean(points):.4g}, median {median(points):.4g}, "
        f"from {points[0]:.4g} to {points[-1]:.4g} of {facts.max:g} points; {full} with all of them, "
        f"{points.count(0.0)} with none."
    )
    found = charts.bins(points, facts.max, whole=True)
    return f"<p>{said}</p>{charts.histogram(found, 'points', 'points')}{_bins(found, 'points')}"


def _time(facts: Facts) -> str:
    seconds = facts.seconds
    if not seconds:
        return "<p>No running times are kept.</p>"
    said = (
        f"How long the cells and checks of a submission ran: median {median(seconds):.3g} s, longest "
        f"{seconds[-1]:.3g} s, together {sum(seconds):,.0f} s. Each learner's time stands under Everyone."
    )
    found = charts.bins(seconds, seconds[-1])
    return f"<p>{said}</p>{charts.histogram(found, 'seconds', 'running times')}{_bins(found, 'seconds')}"


def _bins(found: charts.Bins, unit: str) -> str:
    last = len(found) - 1
    rows = [(f"{a:.3g} to {'' if i == last else 'below '}{b:.3g}", n) for i, (a, b, n) in enumerate(found)]
    return folded("The same as a table", table("", (unit, "learners"), rows, numbers=(1,)))


def _everyone(facts: Facts, folder: Path) -> str:
    heads = ["learner", "points", "seconds", *(Html(f'<span class="x">{text(e.exercise_id)}</span>')
                                               for e in facts.exercises)]  # fmt: skip
    rows = []
    for member in facts.members:
        points = "not graded" if member.points is None else f"{member.points:.4g} of {member.max:g}"
        seconds = "–" if member.seconds is None else f"{member.seconds:.1f}"
        cells = [_mark(member.grades.get(e.exercise_id)) for e in facts.exercises]
        rows.append((_link(member, folder), points, seconds, *cells))
    legend = ", ".join(f"{mark} {group}" for group, mark in _MARKS.items())
    about = f"<p>{legend}; * repaired before grading. A name leads to what that learner gets back.</p>"
    return about + table("", heads, rows, numbers=(1, 2))


def _mark(grade: Grade | None) -> Html:
    group = group_of(grade)
    words, star = group, ""
    if grade is not None:
        points = "" if grade.score is None else f"{grade.score:.3g} of {grade.max:g}"
        words = ", ".join(filter(None, (grade.status.replace("_", " "), points, grade.diagnosis)))
        star = "*" if grade.repaired else ""
    return Html(
        f'<span aria-hidden="true" title="{text(words)}">{_MARKS[group]}{star}</span>'
        f'<span class="unseen">{text(words)}{" repaired" if star else ""}</span>'
    )


def _link(member: Member, folder: Path) -> Html:
    if member.feedback is None:
        return text(member.learner)
    address = quote(os.path.relpath(member.feedback, folder).replace(os.sep, "/"))
    return Html(f'<a href="{text(address)}">{text(member.learner)}</a>')


def _joined(learners: tuple[str, ...], links: dict[str, Html]) -> Html:
    return Html(", ".join(links[learner] for learner in learners))
