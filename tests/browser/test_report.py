"""The teacher's report in a real browser, with learners who try to get into it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nbgrader")

from autograde.course import Course
from autograde.grade import prepare
from autograde.grades import Grade
from autograde.notes import save_notes
from autograde.report import write_report
from tests.autograde import tiny
from tests.autograde.handmade import add, right

from .lab import browser_page

pytestmark = pytest.mark.browser
EVIL = (
    "</code></pre></td></table><script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">"
    "<svg onload=\"document.title='ran'\"><link rel=stylesheet href=https://example.org/x.css>"
    "<img src=https://example.org/x.png><iframe src=https://example.org></iframe><style>body{display:none}</style>"
)
MISTAKE = "Your columns sum to one, not your rows: see `axis`."


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a small class in which answers, names, notes and sentences carry markup."""
    folder = tmp_path_factory.mktemp("report")
    tiny.write(folder / "solutions")
    course = Course(folder / "out", Path("unused"))
    prepare(course, tiny.NAME, folder / "solutions")
    wrong = Grade("02.softmax", "incorrect", 0.25, 1.0, "over_the_batch", MISTAKE)
    add(course, "ada", right())
    add(course, "bob", right(wrong), {"02.softmax": f"def softmax(z):\n    '''{EVIL}'''\n    return z / z.sum(0)"})
    add(course, '<img src=x onerror="x()">', right(Grade("02.relu", "broken", 0.0, 1.0, None, EVIL, repaired=EVIL)),
        {"02.relu": EVIL}, first_name="<b>Eve</b>")  # fmt: skip
    save_notes(course.root, tiny.NAME, {"cem": f"The notebook's structure is not valid: {EVIL}"})
    return write_report(course, tiny.NAME, folder / "solutions")


@pytest.fixture(scope="module")
def browser() -> Iterator[tuple[Any, list[str]]]:
    with browser_page(shutil.which("chromium") or "chromium") as page:
        yield page


def test_nothing_acts_and_everything_is_there(report: Path, browser: tuple[Any, list[str]]) -> None:
    page, outside = browser
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(report.as_uri())
    page.wait_for_load_state("networkidle")
    assert [address for address in outside if address != report.as_uri()] == []
    assert said == []  # a breach of the policy would be reported here as well
    assert page.title() == "02_tiny: report"
    assert page.locator("script, iframe, link, svg, style:not(head style)").count() == 0

    headings = page.locator("h2").all_inner_texts()
    assert headings == ["Submissions that need a look", "Mistakes by frequency", "Exercises by difficulty", "Points",
                        "Running time", "Everyone"]  # fmt: skip
    for key in ("look", "mistakes", "exercises", "points", "time", "everyone"):
        assert page.locator(f"#{key} table").count() >= 1, key
    pictures = page.locator("img")
    assert pictures.count() == 3
    for picture in pictures.all():
        assert picture.evaluate("img => img.complete && img.naturalWidth") > 300
        assert len(picture.get_attribute("alt")) > 60
        assert picture.evaluate("img => img.closest('section').querySelectorAll('table').length") > 0


def test_an_example_opens_without_a_script_and_is_text(report: Path, browser: tuple[Any, list[str]]) -> None:
    page, _ = browser
    page.goto(report.as_uri())
    row = page.locator("#mistakes tbody tr", has_text="Your columns sum to one").first
    assert "1 of 3" in row.inner_text()
    assert row.locator("td code").first.inner_text() == "axis"
    example = row.locator("pre")
    assert not example.is_visible()
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    assert example.is_visible()
    assert "<script>document.title='ran'</script>" in example.inner_text()
    assert example.locator("code *").count() == 0


def test_a_name_with_markup_leads_to_its_feedback(report: Path, browser: tuple[Any, list[str]]) -> None:
    page, _ = browser
    page.goto(report.as_uri())
    link = page.locator("#everyone tbody a", has_text='<img src=x onerror="x()">')
    link.click()
    assert page.title() == "feedback"


def test_a_narrow_window_scrolls_tables_not_the_page(report: Path, browser: tuple[Any, list[str]]) -> None:
    page, _ = browser
    page.set_viewport_size({"width": 420, "height": 800})
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
