"""The page a learner gets back: nbgrader's own feedback template, without scripts, readable offline.

Everything in the body passes the sanitiser and the Content-Security-Policy forbids all scripts and foreign
requests, so whatever a notebook carries cannot act. Formulas therefore stay in LaTeX.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Environment, pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode

import dlcourse_utils.checks

from .plan import is_check
from .remembered import graded
from .sanitise import SHOWN, clean_fragment, clean_page
from .templates import with_kept_templates
from .texts import METADATA
from .unshared import Unshared

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
FOR_TEACHERS = "dlcourse_for_teachers"  # in the metadata of an output that no learner gets to see
SHOWN_OF_A_CELL = {"markdown": 10_000}  # characters; of other cells: OTHERWISE
OTHERWISE = 20_000
SHOWN_OF_ALL = 200_000
_NO_ALT = re.compile(r"<img(?![^>]*\salt=)")
_STYLE = re.compile(r"<style.*?</style>", re.DOTALL)


# A class shares most of its cells, so a cell is rendered once and not once for each learner.
KEPT_TEXTS = 1_000
_texts: dict[str, str] = {}
_highlight = Highlight2HTML(pygments_lexer="ipython3")


def _coloured(source: str, metadata: object = None) -> str:
    """Return code as coloured HTML; called like nbconvert's filter of this name."""
    return _coloured_once(source)


@lru_cache(KEPT_TEXTS)
def _coloured_once(source: str) -> str:
    return str(_highlight(source))


class FeedbackExporter(HTMLExporter):
    """HTMLExporter for pages that hold what learners made."""

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Render Markdown; raw HTML in it is sanitised after rendering, so that `a < b` stays what it is."""
        if context.get("cell", {}).get("attachments"):
            return clean_fragment(super().markdown2html(context, source))
        if source not in _texts:
            if len(_texts) >= KEPT_TEXTS:
                _texts.clear()
            _texts[source] = clean_fragment(super().markdown2html(context, source))
        return _texts[source]

    def _create_environment(self) -> Environment:
        return with_kept_templates(super()._create_environment(), self.template_paths)

    def from_file(self, file_stream: Any, resources: Any = None, **kw: Any) -> Any:
        """Convert a graded notebook, which as a rule has just been written."""
        text = file_stream.read()
        nb = graded.take(text.encode()) or nbformat.reads(text, as_version=4)
        return self.from_notebook_node(nb, resources=resources, **kw)

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """Return the page; what it shows is changed in `nb` itself."""
        nb = Unshared(nb)
        shorten(nb.cells)
        for cell in nb.cells:
            if cell.cell_type == "code":
                shown = [output for output in cell.outputs if FOR_TEACHERS not in output.get("metadata", {})]
                cell.outputs = [_harmless(output, is_check(cell)) for output in shown]
        nb.metadata = NotebookNode(METADATA)
        resources = self._init_resources(resources)
        widgets = WidgetsDataTypeFilter(notebook_metadata=self._nb_metadata, parent=self, resources=resources)
        self.register_filter("highlight_code", _coloured)
        self.register_filter("filter_data_type", widgets)
        # HTMLExporter would now read the whole page again to add attributes: half of the time that a page takes.
        html, resources = super(HTMLExporter, self).from_notebook_node(nb, resources, **kw)
        return _page(_with_penalty(html, resources["nbgrader"].get("late_penalty", 0.0))), resources


def shorten(cells: list[NotebookNode]) -> None:
    """Cut very long texts: rendering some takes time that grows with the square of their length."""
    left = SHOWN_OF_ALL
    for cell in cells:
        kept = min(SHOWN_OF_A_CELL.get(cell.cell_type, OTHERWISE), left)
        left -= min(len(cell.source), kept)
        if len(cell.source) > kept:
            cell.source = f"{cell.source[:kept]}\n\n[{len(cell.source) - kept:,} more characters are not shown]"


def _harmless(output: NotebookNode, ours: bool) -> NotebookNode:
    if "data" in output:
        data = {mime: output.data[mime] for mime in SHOWN if mime in output.data}
        if "text/html" in data and not ours:
            data["text/html"] = clean_fragment(data["text/html"])
        output.data = NotebookNode(data)
        output.metadata = NotebookNode()
    return output


def _with_penalty(html: str, points: float) -> str:
    """Say below the title why the score is smaller than its parts; nbgrader's template only takes it off."""
    title, end, rest = html.partition("</h4>")
    return f"{title}{end}<p>Handed in late: {points:g} points are taken off.</p>{rest}" if points and end else html


def _page(html: str) -> str:
    """Return the same page with a head of our own and a body in which nothing acts."""
    head, _, body = html.partition("<body>")
    styles = "\n".join(_STYLE.findall(head))
    title = re.search(r"<title>(.*?)</title>", head, re.DOTALL)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title.group(1).strip() if title else 'Feedback'}</title>\n{styles}\n<style>{_card_style()}</style>\n"
        f"</head><body>{_described(clean_page(body))}</body></html>\n"
    )


def _described(body: str) -> str:
    """Say of a picture that nobody described that it is one: without an alt text, its data would be read out."""
    return _NO_ALT.sub('<img alt="a picture that the notebook does not describe"', body)


def _card_style() -> str:
    return (Path(dlcourse_utils.checks.__file__).parent / "card.css").read_text(encoding="utf-8")
