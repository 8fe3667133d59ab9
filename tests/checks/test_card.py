"""The card and its text: what a learner reads."""

from __future__ import annotations

from html.parser import HTMLParser

import numpy as np
import pytest

from dlcourse_utils import check
from dlcourse_utils.checks.card import _prose


class WellFormed(HTMLParser):
    """Checks that every element that opens also closes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def card(function: object) -> str:
    html = check("02.softmax", function, seed=5)._repr_html_()
    parser = WellFormed()
    parser.feed(html)
    assert parser.open == []
    return html


def softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def over_the_batch(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def test_a_right_answer_shows_no_hint() -> None:
    html = card(softmax)
    assert "✓ correct" in html
    assert "Show a hint" not in html
    assert "✗" not in html


def test_a_wrong_answer_shows_state_cases_diagnosis_picture_and_one_hint() -> None:
    html = card(over_the_batch)
    assert "✗ not right yet" in html
    assert 'aria-label="wrong">✗' in html
    assert "What happened:" in html
    assert html.count("<caption>") == 3
    assert html.index("Show a hint") < html.index("Show the next hint")
    opened = html[html.index("Show a hint") :]
    assert opened.index("<details") < opened.index("</details>"), "each hint lies inside the one before"


def test_a_learners_text_cannot_become_markup() -> None:
    def loud(z: np.ndarray) -> np.ndarray:
        print("<script>alert(1)</script>")
        raise ValueError("<img src=x onerror=alert(1)>")

    html = card(loud)
    assert "<script" not in html
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html


def test_an_exception_shows_the_learners_lines_and_none_of_ours() -> None:
    def helper(z: np.ndarray) -> np.ndarray:
        return z @ z

    def loud(z: np.ndarray) -> np.ndarray:
        return helper(z)

    for text in (card(loud), str(check("02.softmax", loud))):
        assert "in helper: return z @ z" in text
        assert "dlcourse_utils" not in text.replace("dlcourse_utils import", "")
        assert "Traceback" not in text


def test_authors_markdown_is_kept_and_everything_else_escaped() -> None:
    html = _prose("Use `z.max(axis=1)`, **not** *the* 2 * 3 * 4 batch <b>.\n\n```python\ne = 1 < 2\n```")
    assert "<code>z.max(axis=1)</code>" in html
    assert "<strong>not</strong> <em>the</em> 2 * 3 * 4 batch &lt;b&gt;" in html
    assert "<pre>e = 1 &lt; 2</pre>" in html


def test_an_exception_is_told_even_when_a_wrong_value_is_shown() -> None:
    def sometimes(z: np.ndarray) -> np.ndarray:
        if len(z) == 5:
            raise ValueError("five is too many")
        return z * 1.0

    for text in (card(sometimes), str(check("02.softmax", sometimes))):
        assert "stopped with ValueError: five is too many" in text
    assert "not right yet" in card(sometimes)


@pytest.mark.parametrize(("answer", "words"), [("a list", "not the right kind of answer"), (None, "does not run yet")])
def test_what_runs_is_not_said_to_fail(answer: object, words: str) -> None:
    def softmax(z: np.ndarray) -> object:
        return answer if answer is not None else z @ z

    assert words in card(softmax)
