"""Make the README's pictures in a real JupyterLab: `python docs/make_pictures.py` (needs Chromium, extra `test`)."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.lab import browser_page, cell_with, open_notebook, replace_source, run_cell, served_lab  # noqa: E402

IMAGES = ROOT / "docs" / "images"
CHAPTER = "02_neurons_and_losses/02_neurons_and_losses.ipynb"
WRONG = "def softmax(z):\n    e = np.exp(z - z.max(axis=0))\n    return e / e.sum(axis=0)"


def main() -> None:
    """Answer one exercise wrongly, and photograph the card and the page around it."""
    chromium = shutil.which("chromium") or "chromium"
    with (
        tempfile.TemporaryDirectory() as folder,
        served_lab(Path(folder) / "my_course") as address,
        browser_page(chromium, 1280, 900) as (page, _),
    ):
        photograph(page, address)


def photograph(page: Any, address: str) -> None:
    """Save the card alone, and the page from the exercise's heading on."""
    open_notebook(page, address, CHAPTER)
    page.keyboard.press("Control+b")  # the file browser takes room from the page
    run_cell(page, cell_with(page, "import numpy as np"))
    answer = cell_with(page, "def softmax(z)")
    replace_source(page, answer, WRONG)
    page.keyboard.press("Control+Enter")
    run_cell(page, cell_with(page, 'check("02.softmax", softmax)'))
    card = page.locator(".dlc-card")
    card.wait_for()
    page.wait_for_timeout(1500)
    card.screenshot(path=str(IMAGES / "card.png"))
    cell_with(page, "The weights of eight")  # further down, so that the heading comes from above
    heading = cell_with(page, "02.softmax · Softmax")
    heading.evaluate("cell => cell.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(800)
    page.screenshot(path=str(IMAGES / "notebook.png"))


if __name__ == "__main__":
    main()
