"""What a learner meets in a real JupyterLab: welcome page, card, hint, widget. Nothing leaves the machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .lab import browser_page, cell_with, open_notebook, replace_source, run_cell, served_lab

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHAPTER = "02_neurons_and_losses/02_neurons_and_losses.ipynb"
WRONG = "def softmax(z):\n    e = np.exp(z - z.max(axis=0))\n    return e / e.sum(axis=0)"


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lab") / "my_course"


@pytest.fixture(scope="module")
def address(work: Path) -> Iterator[str]:
    with served_lab(work) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[tuple[Any, list[str]]]:
    with browser_page(shutil.which("chromium") or "chromium") as page:
        yield page


def test_the_welcome_page_leads_into_the_first_chapter(address: str, browser: tuple[Any, list[str]]) -> None:
    page, outside = browser
    page.goto(address)
    page.wait_for_selector(".jp-RenderedMarkdown h1", timeout=60_000)
    link = page.locator(".jp-RenderedMarkdown a", has_text="02").first
    link.click()
    page.wait_for_selector('.jp-RenderedMarkdown h1:has-text("Neurons and losses")', timeout=60_000)
    assert outside == []


def test_a_card_a_diagnosis_and_a_hint(address: str, browser: tuple[Any, list[str]]) -> None:
    page, outside = browser
    open_notebook(page, address, CHAPTER)
    imports = page.locator(".jp-Notebook .jp-CodeCell").first
    run_cell(page, imports)
    imports.locator(".jp-OutputArea-output").first.wait_for(timeout=60_000)

    replace_source(page, cell_with(page, "def softmax(z)"), WRONG)
    page.keyboard.press("Control+Enter")
    run_cell(page, cell_with(page, 'check("02.softmax", softmax)'))

    card = page.locator(".dlc-card")
    card.wait_for(timeout=60_000)
    assert "not right yet" in card.inner_text()
    assert "axis" in card.locator(".dlc-diagnosis").inner_text()
    panels = card.locator("table.dlc-grid")
    titles = [panel.locator("caption").inner_text() for panel in panels.all()]
    assert titles == ["expected", "yours", "yours − expected"]
    assert "✗" in panels.nth(2).inner_text()
    assert panels.first.bounding_box()["width"] > 100
    hint = card.locator("details.dlc-hint").first
    assert not hint.locator("div").first.is_visible()
    hint.locator("summary").first.focus()
    page.keyboard.press("Enter")  # the keyboard reaches it
    assert hint.locator("div").first.is_visible()
    assert not hint.locator("details.dlc-hint > div").first.is_visible(), "one step at a time"
    assert outside == []


def test_a_widget_moves_its_picture(address: str, browser: tuple[Any, list[str]]) -> None:
    page, outside = browser
    open_notebook(page, address, CHAPTER)
    cell = cell_with(page, "activation_explorer()")
    run_cell(page, cell)
    slider = cell.get_by_role("slider").first
    slider.wait_for(timeout=60_000)
    before = picture_of(cell)
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    for _ in range(100):
        if picture_of(cell) != before:
            break
        page.wait_for_timeout(100)
    assert picture_of(cell) != before
    assert outside == []


def picture_of(cell: Any) -> str:
    """Return what the widget shows: its pictures' addresses and texts."""
    return str(cell.locator(".jp-OutputArea").first.evaluate("area => area.innerHTML"))


def test_a_solutions_text_opens_as_a_notebook(
    tmp_path_factory: pytest.TempPathFactory, browser: tuple[Any, list[str]]
) -> None:
    page, _ = browser
    folder = tmp_path_factory.mktemp("teacher") / "my_course"
    folder.mkdir()
    root = Path(__file__).resolve().parents[2]
    shutil.copy(root / "solutions" / "02_neurons_and_losses.py", folder / "text.py")
    with served_lab(folder) as found:
        page.goto(found.replace("welcome.ipynb", "text.py"))
        page.wait_for_selector(".jp-Notebook .jp-MarkdownCell", timeout=60_000)
