"""A small page over a graded class: who got what, with links to each learner's feedback. No scripts, no network."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from .atomic import write_text
from .grade import Learner

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_MARKS = {"correct": "✓", "not_attempted": "○", "not_graded": "?"}
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2em;color:#222;background:#fff}
table{border-collapse:collapse}th,td{padding:.25em .7em;text-align:left;border-bottom:1px solid #ddd}
td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
th.x{writing-mode:vertical-rl;padding:.7em .25em}
"""


def write_index(learners: Sequence[Learner], chapter: str, path: Path) -> Path:
    """Write the page at `path`, whole or not at all; return the path."""
    exercises = list(dict.fromkeys(i for learner in learners for i in learner.grades))
    heads = "".join(f'<th class="x" scope="col">{escape(i)}</th>' for i in exercises)
    rows = "".join(_row(learner, exercises, path.parent) for learner in learners)
    write_text(path, (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(chapter)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><style>{_STYLE}</style></head><body>'
        f"<h1>{escape(chapter)}: {len(learners)} submissions</h1>"
        "<p>✓ correct, ○ not attempted, ✗ wrong in any way (the tooltip says which), ? not graded. "
        "A name leads to that learner's feedback.</p>"
        f'<table><tr><th scope="col">learner</th><th scope="col">points</th>{heads}<th scope="col">note</th></tr>'
        f"{rows}</table></body></html>\n"
    ))
    return path


def _row(learner: Learner, exercises: Sequence[str], folder: Path) -> str:
    name = escape(learner.name)
    if learner.feedback is not None and learner.feedback.is_file():
        link = quote(os.path.relpath(learner.feedback, folder).replace(os.sep, "/"))
        name = f'<a href="{link}">{name}</a>'
    points = "not graded" if learner.score is None else f"{learner.score:.4g} of {learner.max:g}"
    cells = ""
    for exercise in exercises:
        grade = learner.grades[exercise]
        title = " · ".join(filter(None, (grade.status, grade.diagnosis, grade.said, grade.repaired)))
        cells += f'<td title="{escape(title)}">{_MARKS.get(grade.status, "✗")}{" *" if grade.repaired else ""}</td>'
    return f'<tr><th scope="row">{name}</th><td class="n">{points}</td>{cells}<td>{escape(learner.note)}</td></tr>'
