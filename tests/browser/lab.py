"""A real JupyterLab on a fresh copy of the course, and a real browser in front of it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# Without these Chromium calls its maker at every start; as root it has no sandbox of its own.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextmanager
def served_lab(work: Path) -> Iterator[str]:
    """Yield the address of a JupyterLab that `dlcourse lab` serves on a copy of the course in `work`."""
    command = [sys.executable, "-m", "dlcourse_utils.cli", "lab", "--no-browser", "--work", str(work)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert server.stdout is not None
        said = []
        for line in server.stdout:
            said.append(line)
            found = re.search(r"http://\S+", line)
            if found:
                yield found.group(0)
                return
        raise AssertionError("".join(said))
    finally:
        server.terminate()
        server.communicate(timeout=20)


@contextmanager
def browser_page(executable: str, width: int = 1400, height: int = 1000) -> Iterator[tuple[Any, list[str]]]:
    """Yield a page and the list of addresses outside this machine that it has asked for."""
    from playwright.sync_api import sync_playwright

    outside: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        page = browser.new_page(viewport={"width": width, "height": height})
        page.on("request", lambda r: None if _is_local(r.url) else outside.append(r.url))
        yield page, outside
        browser.close()


def _is_local(url: str) -> bool:
    return re.match(r"(https?|wss?)://(127\.0\.0\.1|localhost)[:/]|data:|blob:", url) is not None


def open_notebook(page: Any, address: str, path: str) -> None:
    """Open a notebook in Lab and wait until its kernel can run cells."""
    page.goto(re.sub(r"/lab/tree/[^?]*", f"/lab/tree/{path}", address) + "&reset")  # no tabs of the test before
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=60_000)


def run_cell(page: Any, cell: Any) -> None:
    """Select a cell and run it."""
    into_view(page, cell)
    cell.locator(".jp-InputArea-editor").click()
    page.keyboard.press("Control+Enter")


def into_view(page: Any, cell: Any) -> None:
    """Scroll a cell into view. Lab redraws cells while it lays the page out, so one may be gone for a moment."""
    from playwright.sync_api import Error

    for _ in range(20):
        try:
            cell.scroll_into_view_if_needed(timeout=5_000)
            return
        except Error:
            page.wait_for_timeout(250)
    cell.scroll_into_view_if_needed()


def replace_source(page: Any, cell: Any, source: str) -> None:
    """Write `source` into a cell in place of what stands there."""
    cell.locator(".jp-InputArea-editor").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)


def cell_with(page: Any, text: str) -> Any:
    """Return the first cell that holds `text`, scrolled into view: Lab only draws cells near the window."""
    cells = page.locator(".jp-Notebook .jp-Cell")
    panel = page.locator(".jp-Notebook .jp-WindowedPanel-outer")
    panel.evaluate("panel => panel.scrollTo(0, 0)")
    for _ in range(200):
        found = cells.filter(has_text=text)
        if found.count():
            into_view(page, found.first)
            return found.first
        panel.evaluate("panel => panel.scrollBy(0, 500)")
        page.wait_for_timeout(50)
    raise AssertionError(f"no cell holds {text!r}")
