"""Every widget of the gallery in a real JupyterLab: opened by one call, moved by keyboard, with no network."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest

from .lab import ROOT, browser_page, cell_with, open_notebook, run_cell, served_lab

sys.path.insert(0, str(ROOT / "docs"))
from gallery.widgets import WIDGETS

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, list[str]]]:
    """One Lab, one page, one notebook with a cell for each widget; it is open and its kernel is ready."""
    work = tmp_path_factory.mktemp("lab") / "my_course"
    work.mkdir()
    cells = [nbformat.v4.new_code_cell(f"# {w.name}\n{w.setup}\n{w.code}") for w in WIDGETS]
    still = '<details open><summary>A still picture of it</summary><img src="stills/playground.png" alt=""></details>'
    cells.insert(0, nbformat.v4.new_markdown_cell(still))
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), work / "widgets.ipynb")
    with (
        served_lab(work) as address,
        browser_page(shutil.which("chromium") or "chromium") as (page, outside),
    ):
        open_notebook(page, address, "widgets.ipynb")
        yield page, outside


def until_changed(page: Any, cell: Any, before: str) -> str:
    """Wait for another picture, and give it."""
    for _ in range(150):
        if (now := picture_in(cell)) != before:
            return now
        page.wait_for_timeout(100)
    raise AssertionError("the picture stays the same")


def picture_in(cell: Any) -> str:
    return str(cell.locator(".jp-OutputArea img").first.get_attribute("src"))


def opened(page: Any, name: str, anew: bool = True) -> Any:
    """Run a widget's cell and give it when its picture is there and was really decoded."""
    cell = cell_with(page, f"# {name}")
    image = cell.locator(".jp-OutputArea img").first
    if anew or not image.count():
        run_cell(page, cell)
    image.wait_for(timeout=60_000)
    assert image.evaluate("img => img.decode().then(() => img.naturalWidth)") > 300
    return cell


@pytest.mark.parametrize("name", [w.name for w in WIDGETS])
def test_the_keyboard_moves_the_picture_and_its_words(browser: tuple[Any, list[str]], name: str) -> None:
    page, outside = browser
    cell = opened(page, name)
    image = cell.locator(".jp-OutputArea img").first
    before, words = picture_in(cell), image.get_attribute("alt")
    assert words == cell.locator('.jp-OutputArea [role="status"]', has_text=words).inner_text()
    slider = cell.get_by_role("slider").first
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    until_changed(page, cell, before)
    assert image.get_attribute("alt")
    assert outside == []


@pytest.mark.parametrize("name", [w.name for w in WIDGETS])
def test_every_control_has_a_name_that_a_screen_reader_says(browser: tuple[Any, list[str]], name: str) -> None:
    page, _ = browser
    cell = opened(page, name, anew=False)
    nameless = """area => [...area.querySelectorAll('button, input, select, [role=slider], [contenteditable=true]')]
        .filter(e => e.offsetParent !== null)
        .filter(e => !(e.getAttribute('aria-label') || e.getAttribute('title') || e.innerText?.trim()
                       || (e.labels && [...e.labels].some(l => l.innerText.trim()))))
        .map(e => e.outerHTML.slice(0, 200))"""
    area = cell.locator(".jp-OutputArea").first
    for _ in range(40):
        if not area.evaluate(nameless):
            break
        page.wait_for_timeout(250)
    assert area.evaluate(nameless) == []


def test_a_typed_share_is_judged(browser: tuple[Any, list[str]]) -> None:
    page, _ = browser
    cell = opened(page, "backprop_stepper")
    field = cell.locator(".jp-OutputArea input[type=text]").first
    before = picture_in(cell)
    field.fill("7")
    field.press("Enter")
    cell.get_by_text("7 is not it").wait_for()
    assert picture_in(cell) == before
    field.fill("-8")
    field.press("Enter")
    cell.get_by_text("Right: ").wait_for()
    until_changed(page, cell, before)


def test_a_button_takes_steps_in_the_playground(browser: tuple[Any, list[str]]) -> None:
    page, _ = browser
    cell = opened(page, "playground")
    cell.get_by_role("button", name="25 steps").focus()
    page.keyboard.press("Enter")
    cell.locator('[role="status"]', has_text="Step 25 on the moons").wait_for()


def test_the_play_button_runs_the_frames(browser: tuple[Any, list[str]]) -> None:
    page, _ = browser
    cell = opened(page, "gan_stepper")
    cell.get_by_role("button", name="play").focus()
    page.keyboard.press("Enter")
    cell.locator('[role="status"]', has_text="frame 3 of").wait_for(timeout=20_000)


def test_the_mouse_finds_the_formula_of_an_output(browser: tuple[Any, list[str]]) -> None:
    page, _ = browser
    cell = opened(page, "convolution_explorer")
    over = cell.locator("rect.dlc-cell", has_text="output [0, 0] =")
    over.hover()
    assert over.evaluate("cell => getComputedStyle(cell).strokeWidth") == "3px"


def test_keys_that_come_too_fast_are_gathered(browser: tuple[Any, list[str]]) -> None:
    page, _ = browser
    cell = opened(page, "vanishing_lab")
    cell.locator(".jp-OutputArea").first.evaluate(
        """area => { window.pictures = 0; new MutationObserver(() => {
            const now = area.querySelector('img')?.src;
            if (now !== window.last) { window.last = now; window.pictures++; }
        }).observe(area, {subtree: true, childList: true, attributes: true}); }"""
    )
    cell.get_by_role("slider").first.focus()
    for _ in range(35):
        page.keyboard.press("ArrowRight")
    cell.locator('[role="status"]', has_text="45 tanh layers").wait_for(timeout=60_000)
    assert page.evaluate("window.pictures") < 25


def test_the_still_pictures_are_in_the_learners_copy(browser: tuple[Any, list[str]]) -> None:
    page, _ = browser
    image = cell_with(page, "A still picture of it").locator("img").first
    image.wait_for()
    assert image.evaluate("img => img.decode().then(() => img.naturalWidth)") > 300


def test_nothing_was_asked_of_another_machine(browser: tuple[Any, list[str]]) -> None:
    assert browser[1] == []
