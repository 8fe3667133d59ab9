"""The welcome page in a real JupyterLab: the panel is drawn, its link leads to the exercise, questions come back."""

from __future__ import annotations

import json
import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from dlcourse_utils.progress import place, store
from dlcourse_utils.progress.book import Book, Entry
from tests.browser.lab import browser_page, cell_with, open_notebook, run_cell, served_lab

TIME = "2026-01-01T00:00:00Z"


@pytest.mark.slow
@pytest.mark.browser
def test_the_panel_leads_to_the_next_exercise_and_review_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(place.SWITCH, raising=False)
    file = tmp_path / "my_course" / ".dlcourse" / place.FILE
    book = Book()
    for name in ("02.sigmoid", "02.relu", "02.leaky_relu", "02.activation_grads"):
        book = book.with_try(name, Entry("correct", 1.0, 1, 1, TIME, TIME))
    store.update(file, lambda _: book)
    with served_lab(tmp_path / "my_course") as address, browser_page(shutil.which("chromium") or "") as (page, outside):
        open_notebook(page, address, "welcome.ipynb")
        run_cell(page, cell_with(page, "from dlcourse_utils.progress import review"))
        page.locator("summary", has_text="Answer").wait_for(timeout=60_000)
        run_cell(page, cell_with(page, "from dlcourse_utils.progress import panel"))
        page.locator(".dlc-panel table").wait_for(timeout=60_000)
        cells = page.locator(".dlc-panel tbody tr").nth(1).locator("th, td")
        boxes = [cells.nth(i).bounding_box() for i in range(cells.count())]
        assert all(a["x"] + a["width"] <= b["x"] + 1 for a, b in pairwise(boxes))
        page.locator(".dlc-next a").click()
        chosen = page.locator(".jp-Cell.jp-mod-active", has_text="def mlp_forward")
        chosen.wait_for(timeout=60_000)
        assert chosen.locator(".jp-InputArea-editor").is_visible()
        assert outside == []
    assert re.fullmatch(r"02\.\d", *json.loads(file.read_bytes())["questions"])
