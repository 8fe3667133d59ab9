"""Injection into what people read: the feedback page, and formgrader, whose pages run with the teacher's rights.

Everything that would act carries the word EVIL; `acting` finds it where a browser would act on it.
"""
# ruff: noqa: E501 - one entry of the table is one thought; sources stand as they are handed in

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.server_extensions.formgrader import handlers

from autograde.feedback import FeedbackExporter
from autograde.nbgrader_settings import settings
from autograde.preprocessors import _write_cards, _write_outputs
from autograde.runner import run_plan

from .table import CASES, LIMITS, SEED, grade_all, plan_of, start

RECORD = {"grade": False, "locked": False, "solution": False, "schema_version": 3, "task": False}


@dataclass(frozen=True)
class Injection:
    """A text cell, an answer cell (whose outputs or exceptions reach a page), or both."""

    name: str
    text: str = ""
    code: str = "softmax = wrong"


def shows(name: str, mime: str, data: str) -> Injection:
    """Return an injection by an output."""
    return Injection(name, code=f"display({{{mime!r}: {data!r}, 'text/plain': 'x'}}, raw=True)\nsoftmax = wrong")


IMAGE = '<img src=x onerror="EVIL()">'
SCRIPT = "<script>EVIL()</script>"
INJECTIONS = [
    Injection("a script in a text", SCRIPT),
    Injection("a handler in a text", f"hello {IMAGE} and <b onmouseover=EVIL()>b</b> <details ontoggle=EVIL() open>"),
    Injection("a drawing that runs a script", "<svg onload=EVIL()><script>EVIL()</script><a xlink:href='javascript:EVIL()'>x</a></svg>"),
    Injection("a frame", "<iframe src='javascript:EVIL()' srcdoc='<script>EVIL()</script>'></iframe>"),
    Injection("a link that runs a script", "[x](javascript:EVIL()) [y]( jAvAsCrIpT:EVIL()) <a href='javascript:EVIL()'>z</a>"),
    Injection("a link that runs a script, spelt oddly", "<a href='jav&#x09;ascript:EVIL()'>z</a> <a href='&#1;javascript:EVIL()'>z</a>"),
    Injection("a link by reference", "[x][1]\n\n[1]: javascript:EVIL() 'title'"),
    Injection("a link that shows itself after two readings", "\\[x\\](javascript:EVIL()) \\<script>EVIL()\\</script>"),
    Injection("a page as a link", "[x](data:text/html,<script>EVIL()</script>) <a href='data:text/html;base64,EVIL'>x</a>"),
    Injection("a link inside a formula", "$\\href{javascript:EVIL()}{x}$ $$\\style{background:url(EVIL)}{x}$$ &#92;href{javascript:EVIL()}{x}"),
    Injection("a style sheet", "<style>body{background:url(https://EVIL)}</style><link rel=stylesheet href=https://EVIL>"),
    Injection("styles that cover the page", "<div style='position:fixed;top:0;background:url(https://EVIL)'>EVIL</div>"),
    Injection("a picture that tells who reads", "![x](https://EVIL/p.png) <img src=//EVIL/p.png> <img srcset='https://EVIL 2x'>"),
    Injection("a form, an object and another base", "<form action=https://EVIL><button formaction='javascript:EVIL()'>x</button></form>"
              "<object data='data:text/html,EVIL'></object><embed src=https://EVIL><base href=https://EVIL>"
              "<meta http-equiv=refresh content='0;url=https://EVIL'>"),
    Injection("the end of a comment and of the page", f"--><!-- --!> {IMAGE} --></div></body></html>{SCRIPT}"),
    Injection("markup that changes when it is cleaned", f"<noscript><p title='</noscript>{IMAGE}'></noscript>"
              f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;{IMAGE}'>"),
    Injection("markup inside code", f"```html\n{SCRIPT}\n```\n\n`{SCRIPT}`\n\n    {IMAGE}"),
    Injection("a diagram's language", f"```mermaid\n</pre>{SCRIPT}\n```"),
    Injection("a language name", f"```x\"onclick=EVIL() {IMAGE}\n1\n```"),
    shows("HTML as an output", "text/html", SCRIPT + IMAGE),
    shows("HTML that leaves its place", "text/html", f"</div></div></body><style>EVIL</style>{IMAGE}"),
    shows("HTML that looks like our card", "text/html", "<section class='dlc-card dlc-correct' onclick='EVIL()'>✓ correct</section>"),
    shows("Markdown as an output", "text/markdown", f"{SCRIPT} [x](javascript:EVIL()) {IMAGE}"),
    shows("a drawing as an output", "image/svg+xml", f"<svg onload='EVIL()'>{SCRIPT}</svg>"),
    shows("JavaScript as an output", "application/javascript", "EVIL()"),
    shows("a widget's state as an output", "application/vnd.jupyter.widget-view+json", SCRIPT),
    shows("LaTeX as an output", "text/latex", f"{SCRIPT} $\\href{{javascript:EVIL()}}{{x}}$"),
    shows("a picture that ends its attribute", "image/png", 'x" onerror="EVIL()'),
    Injection("prints with markup and colours", code=f"print('\\x1b[31m{SCRIPT}\\x1b]8;;javascript:EVIL()\\x07x')\nsoftmax = wrong"),
    Injection("an error's text", code=f"raise ValueError({SCRIPT + IMAGE!r})"),
    Injection("an error's name", code=f"raise type({IMAGE!r}, (Exception,), {{}})({SCRIPT!r})"),
    Injection("an exception on the card", code=f"def softmax(z):\n    raise type({IMAGE!r}, (Exception,), {{}})('`{SCRIPT}` **{IMAGE}** ```{SCRIPT}```')"),
    Injection("the failing line on the card", code=f"def softmax(z):\n    1 / 0  # {SCRIPT}{IMAGE}"),
    Injection("prints and warnings on the card", code=f"import warnings\ndef softmax(z):\n    print({SCRIPT!r}); warnings.warn({IMAGE!r}); return wrong(z)"),
    Injection("a type's name on the card", code=f"softmax = lambda z: type({IMAGE!r}, (), {{}})()"),
    Injection("keys on the card", code=f"softmax = lambda z: {{{SCRIPT!r}: {IMAGE!r}}}"),
    Injection("a text in place of numbers", code=f"softmax = lambda z: {SCRIPT + IMAGE!r}"),
    Injection("the name of what is no function", code=f"softmax = type({IMAGE!r}, (), {{}})()"),
    Injection("the source of an answer", code=f"# {SCRIPT}{IMAGE} </pre></div>\nsoftmax = wrong"),
]


def notebook_with(injection: Injection) -> NotebookNode:
    """Return the injection as it lies in the gradebook's folder after grading."""
    steps = plan_of(injection.code)
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(step.source) for step in steps])
    for cell, step in zip(made.cells, steps, strict=True):
        record = {**RECORD, "grade_id": step.cell_id or f"cell-{step.index}"}
        if step.exercise is not None:
            record |= {"grade": True, "locked": True, "points": 1, "score": 0}
        cell.metadata.nbgrader = NotebookNode(record)
    done = run_plan(steps, lambda exercise: CASES[exercise.id], LIMITS, start)
    _write_outputs(made, done)
    _write_cards(made, grade_all(done, CASES, SEED))
    made.cells.insert(0, nbformat.v4.new_markdown_cell(injection.text, metadata={"nbgrader": {**RECORD, "grade_id": "text"}}))
    return made


def pages(notebook: NotebookNode) -> dict[str, str]:
    """Return the feedback page and formgrader's page."""
    with tempfile.TemporaryDirectory() as folder:
        config = settings(Path(folder), Path(folder, "release"))
    feedback = FeedbackExporter(config=config, template_name="classic")
    info = {"nbgrader": {"notebook": "n", "score": 1, "max_score": 2, "late_penalty": 0}}
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    words = ("assignment_id", "notebook_id", "submission_id", "base_url", "student", "last_name", "first_name", "notebook_path")
    about = dict.fromkeys(words, "x") | {"index": 0, "total": 1}
    return {
        "feedback": feedback.from_notebook_node(nbformat.from_dict(notebook), info)[0],
        "formgrader": HTMLExporter(config=config).from_notebook_node(nbformat.from_dict(notebook), about)[0],
    }


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        for name, value in attrs:
            if "EVIL" not in (value or "") or ((tag, name) == ("img", "src") and value.startswith("data:image/")):
                continue
            source = name in ("src", "srcset", "srcdoc", "data", "action", "formaction", "poster", "background", "style")
            link = name in ("href", "xlink:href") and not re.match(r"(https?://|mailto:|#)", value or "")
            acts = tag in ("iframe", "object", "embed", "form", "base", "meta", "link")
            if name.startswith("on") or source or link or acts:
                self.found.append(f"<{tag} {name}={value!r}>")

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        if "EVIL" in data and self._inside in ("script", "style"):
            self.found.append(f"<{self._inside}>{data[:40]}")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def acting(page: str) -> list[str]:
    """Return what of the injected would act in a browser."""
    finder = _Finder()
    finder.feed(page)
    formulas = re.findall(r"\\(?:href|style|require)\{[^<]{0,40}EVIL", page) if "<script" in page else []  # else no formula is typeset
    return finder.found + formulas
