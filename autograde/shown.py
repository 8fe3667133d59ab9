"""What formgrader shows of a notebook. Its pages run with the teacher's rights: nothing in a submission may act there.

formgrader renders Markdown as it stands, raw HTML and links that run scripts included, and typesets formulas in the
browser, where \\href makes links of its own. This step runs in its exporter and leaves the file as it is.
"""

from __future__ import annotations

import re
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from .feedback import shorten
from .plan import is_check
from .sanitise import SHOWN, clean_fragment

_ACTING_MACRO = re.compile(r"\\(href|style|class|cssId|require|data|unicode|html\w*|include\w*)\b")


class HarmlessText(Preprocessor):
    """Puts sanitised HTML in the place of Markdown, HTML and drawings that a learner may have written."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> Any:
        """Change the notebook that is shown."""
        shorten(nb.cells)
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                cell.source = _in_one_piece(_from_markdown(cell.source, cell.get("attachments", {})))
                cell.pop("attachments", None)
            elif cell.cell_type == "code" and not is_check(cell):
                for output in cell.outputs:
                    _clean_output(output)
        return nb, resources


def _clean_output(output: NotebookNode) -> None:
    data = output.get("data")
    if data is None:
        return
    for mime in [mime for mime in data if mime not in SHOWN or mime == "image/svg+xml"]:
        del data[mime]
    if "text/markdown" in data:
        data.setdefault("text/html", _from_markdown(data.pop("text/markdown"), {}))
    if "text/html" in data:
        data["text/html"] = _without_macros(clean_fragment(data["text/html"]))
    if "text/latex" in data:
        data["text/latex"] = _without_macros(data["text/latex"])


def _from_markdown(source: str, attachments: dict[str, Any]) -> str:
    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return _without_macros(clean_fragment(MarkdownWithMath(renderer=renderer).render(source)))


def _without_macros(html: str) -> str:
    return _ACTING_MACRO.sub(r"\\text", html)


def _in_one_piece(html: str) -> str:
    """Return HTML that Markdown takes as one raw block: on a single line, whose text it does not look into."""
    return f"<div>{html.strip().replace(chr(13), '').replace(chr(10), '&#10;')}</div>"
