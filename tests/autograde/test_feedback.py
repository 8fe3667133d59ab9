"""Nothing that a learner writes acts in the page they get back; our cards stay whole."""

from __future__ import annotations

import re

import nbformat
import pytest
from nbformat import NotebookNode

from autograde.feedback import FeedbackExporter
from autograde.outputs import Outputs
from autograde.preprocessors import _make_harmless
from autograde.sanitise import clean_fragment

BAD = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


def html(output: dict[str, object]) -> NotebookNode:
    return nbformat.v4.new_output("display_data", data=output)


def page(*cells: NotebookNode) -> str:
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata.setdefault("nbgrader", NotebookNode(grade=False, solution=False, locked=False))
    info = {"notebook": "02_tiny", "score": 1, "max_score": 2, "late_penalty": 0}
    return FeedbackExporter(template_name="classic").from_notebook_node(notebook, {"nbgrader": info})[0]


@pytest.mark.parametrize(
    "cell",
    [
        nbformat.v4.new_markdown_cell(BAD),
        nbformat.v4.new_markdown_cell("[click](javascript:alert(1)) ![x](https://example.org/spy.png)"),
        nbformat.v4.new_code_cell(BAD),
        nbformat.v4.new_code_cell("", outputs=[html({"text/html": BAD})]),
        nbformat.v4.new_code_cell("", outputs=[html({"text/markdown": BAD})]),
        nbformat.v4.new_code_cell("", outputs=[html({"image/svg+xml": f"<svg>{BAD}</svg>"})]),
        nbformat.v4.new_code_cell("", outputs=[html({"image/png": 'x" onerror="alert(1)'})]),
        nbformat.v4.new_code_cell("", outputs=[html({"application/javascript": "alert(1)", "text/plain": "x"})]),
        nbformat.v4.new_code_cell("", outputs=[html({"text/latex": BAD})]),
        nbformat.v4.new_code_cell("", outputs=[nbformat.v4.new_output("stream", text=BAD)]),
        nbformat.v4.new_code_cell("", outputs=[nbformat.v4.new_output("error", ename=BAD, traceback=[BAD])]),
        nbformat.v4.new_code_cell("", outputs=[html({"text/html": "</div></body><style>body{display:none}</style>"})]),
        nbformat.v4.new_raw_cell(BAD, metadata={"raw_mimetype": "text/html"}),
    ],
)
def test_nothing_acts(cell: NotebookNode) -> None:
    body = page(cell).partition("<body>")[2]
    tags = re.findall(r"<[a-zA-Z][^>]*>", body)
    acting = re.compile(r"<(script|style|iframe)|\son\w+=|javascript:|https?://")
    assert not [tag for tag in tags if acting.search(tag)]
    assert body.count("</body>") == 1


def test_the_page_forbids_scripts_and_foreign_requests() -> None:
    made = page(nbformat.v4.new_markdown_cell("text"))
    assert "default-src 'none'" in made
    assert "<script" not in made


def test_what_is_harmless_stays() -> None:
    made = page(
        nbformat.v4.new_markdown_cell("**bold** `a < b` and $x < y$\n\n<details><summary>Answer</summary>42</details>"),
        nbformat.v4.new_code_cell("x = 1", outputs=[html({"image/png": "iVBORw0KGgo="})]),
    )
    assert "<strong>bold</strong>" in made
    assert "<code>a &lt; b</code>" in made
    assert "<details><summary>Answer</summary>" in made
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in made


def test_our_card_stays_and_a_forged_one_does_not() -> None:
    card = '<style>.x{}</style><section class="dlc-card dlc-correct" aria-label="Result">✓ correct</section>'
    check = nbformat.v4.new_code_cell("check", outputs=[html({"text/html": card})])
    check.metadata.nbgrader = NotebookNode(grade=True, solution=False, locked=True, points=1, score=1, grade_id="a")
    forged = nbformat.v4.new_code_cell("mine", outputs=[html({"text/html": card.replace("dlc-c", "dlc&#45;c")})])
    body = page(check, forged).partition("<body>")[2]
    assert body.count('class="dlc-card dlc-correct"') == 1
    assert body.count("✓ correct") == 2


@pytest.mark.parametrize("link", ["javascript:1", " JaVaScRiPt:1", "data:text/html,x", "//example.org", "file:///etc"])
def test_only_plain_links_stay(link: str) -> None:
    assert "href" not in clean_fragment(f'<a href="{link}">x</a>')


def test_malformed_outputs_are_dropped_and_the_rest_is_valid() -> None:
    outputs = Outputs()
    for bad in (None, 3, [], {}, {"output_type": "poem"}, {"output_type": "stream"}, {"output_type": "display_data"},
                {"output_type": "error", "traceback": 3}, {"output_type": "execute_result", "data": {"<bad>": "x"}}):
        outputs.add(bad)
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.from_dict(output) for output in outputs.finished()])
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def test_outputs_are_bounded_in_size_and_number() -> None:
    outputs = Outputs()
    for _ in range(1_000):
        outputs.add({"output_type": "display_data", "data": {"text/plain": "x" * 100_000}})
    assert sum(len(o["data"]["text/plain"]) for o in outputs.finished()) <= 8_000_000


def test_text_beyond_the_limit_is_counted() -> None:
    outputs = Outputs(room=10)
    for text in ("twelve", " letters", " and more"):
        outputs.add({"output_type": "stream", "name": "stderr", "text": text})
    assert [o["text"] for o in outputs.finished()] == ["twelve let", "\n[13 more characters are not kept]\n"]


def test_an_update_changes_the_output_it_names() -> None:
    outputs = Outputs()
    for number, update in ((1, False), (2, True)):
        outputs.add({"output_type": "display_data", "data": {"text/plain": str(number)},
                     "transient": {"display_id": "d", "update": update}})
    assert [o["data"]["text/plain"] for o in outputs.finished()] == ["2"]


def test_cleared_output_is_gone() -> None:
    outputs = Outputs()
    outputs.add({"output_type": "stream", "text": "old"})
    outputs.add({"output_type": "clear"})
    outputs.add({"output_type": "stream", "text": "new"})
    assert [o["text"] for o in outputs.finished()] == ["new"]


def test_what_formgrader_shows_is_harmless_too() -> None:
    output = html({"text/html": BAD, "application/javascript": "alert(1)", "image/svg+xml": f"<svg>{BAD}</svg>"})
    _make_harmless(output)
    assert set(output.data) == {"text/html"}
    assert output.data["text/html"].startswith('<img alt="a drawing" src="data:image/svg+xml;base64,')
    plain = html({"text/html": BAD, "text/plain": "x"})
    _make_harmless(plain)
    assert plain.data == {"text/html": "<img>", "text/plain": "x"}


def test_what_is_rendered_has_a_length() -> None:
    outputs = Outputs()
    outputs.add({"output_type": "display_data", "data": {"text/html": "<p>" * 50_000, "text/plain": "long"}})
    outputs.add({"output_type": "display_data", "data": {"text/html": "<p>short</p>"}})
    assert [sorted(o["data"]) for o in outputs.finished()] == [["text/plain"], ["text/html", "text/plain"]]
    made = page(nbformat.v4.new_markdown_cell("word " * 10_000), nbformat.v4.new_code_cell("x = 1\n" * 10_000))
    assert re.sub("<[^>]+>", "", made).count("more characters are not shown") == 2  # code comes word by word


def test_errors_and_updates_are_bounded_too() -> None:
    outputs = Outputs()
    for _ in range(10):
        outputs.add({"output_type": "error", "ename": "x" * 3_000_000, "evalue": "", "traceback": [""] * 10_000})
    assert len(outputs.finished()) == 2
    assert all(len(o["traceback"]) <= 500 for o in outputs.finished())
    outputs = Outputs()
    for size, update in [(1, False)] * 400 + [(1_000_000, True)]:
        outputs.add({"output_type": "display_data", "data": {"text/plain": "x" * size},
                     "transient": {"display_id": "d", "update": update}})
    assert sum(len(o["data"]["text/plain"]) for o in outputs.finished()) <= 8_000_000


def test_every_picture_has_a_text_in_its_place() -> None:
    picture = "<img src='data:image/png;base64,iVBORw0KGgo='>"
    text = nbformat.v4.new_markdown_cell(f"{picture}\n\n{picture.replace('src', 'alt=mine src')}")
    output = html({"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"})
    made = page(text, nbformat.v4.new_code_cell("plot()", outputs=[output]))
    described = re.findall(r"<img[^>]*?alt=\"([^\"]*)\"", made)
    assert len(described) == made.count("<img") == 3
    assert described.count("mine") == 1
