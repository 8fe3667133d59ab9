"""`dlcourse lab` prepares the copy, finds a port and serves, with or without a display."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from dlcourse_utils.cli import lab as lab_module
from dlcourse_utils.cli import main
from dlcourse_utils.workspace import release as release_module
from dlcourse_utils.workspace.notebook import dump_notebook
from tests.workspace.notebooks import cell, notebook

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path):
    """A small course as it lies in a checkout."""
    root = tmp_path / "checkout"
    (root / "course").mkdir(parents=True)
    (root / "solutions").mkdir()
    welcome = notebook([cell("code", "print(6 * 7)")], opening="# Welcome, learner")
    welcome["metadata"]["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    for i, made in enumerate(welcome["cells"]):
        made["id"] = f"cell-{i}"
    (root / "course/welcome.ipynb").write_bytes(dump_notebook(welcome))
    front = "# ---\n# jupyter:\n#   kernelspec:\n#     display_name: Python 3\n#     name: python3\n# ---\n\n"
    text = f"{front}# %% [markdown]\n# # The solved chapter\n\n# %%\n1 + 1\n"
    (root / "solutions/02_x.py").write_text(text)
    return root


@pytest.fixture
def served(root, monkeypatch):
    """Run the command up to the point where it would serve; give what it would serve."""
    calls = []
    monkeypatch.setattr(lab_module, "find_release", lambda: root)
    monkeypatch.setattr(
        lab_module, "_serve", lambda work, port, open_browser: calls.append((work, port, open_browser)) or 0
    )
    return calls


def lab(*arguments: str):
    return CliRunner().invoke(main, ["lab", *arguments])


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_it_prepares_the_copy_and_serves_it(served, tmp_path):
    outcome = lab("--work", str(tmp_path / "mine"), "--no-browser")
    assert outcome.exit_code == 0, outcome.output
    assert "Your copy of the course is in" in outcome.output
    assert (tmp_path / "mine/solutions/02_x.py").is_file()
    ((work, port, browser),) = served
    assert (work, browser) == (tmp_path / "mine", False)
    assert port >= 8888


def test_the_second_start_says_what_was_updated_and_offered(served, root, tmp_path):
    lab("--work", str(tmp_path / "mine"))
    (tmp_path / "mine/solutions/02_x.py").write_text("# mine")
    for path in ("course/welcome.ipynb", "solutions/02_x.py"):
        (root / path).write_bytes((root / path).read_bytes().replace(b"learner", b"friend").replace(b"1 + 1", b"2"))
    outcome = lab("--work", str(tmp_path / "mine"))
    assert "Brought up to date (you had not changed them): welcome.ipynb." in outcome.output
    assert "There is news for solutions/02_x.py. Yours is as you left it; solutions/02_x.new.py" in outcome.output


@pytest.mark.parametrize("folder", ["course", "solutions", "course/02_x"])
def test_the_originals_are_refused(served, root, folder):
    outcome = lab("--work", str(root / folder))
    assert outcome.exit_code == 2
    assert "belongs to the course itself" in outcome.stderr
    assert not served


def test_a_taken_port_is_one_sentence_when_asked_for_and_skipped_when_not(served, taken, monkeypatch, tmp_path):
    outcome = lab("--work", str(tmp_path / "mine"), "--port", str(taken))
    assert outcome.exit_code == 2
    assert f"Port {taken} is taken" in outcome.stderr
    monkeypatch.setattr(lab_module, "FIRST_PORT", taken)
    assert lab("--work", str(tmp_path / "mine")).exit_code == 0
    assert served[0][1] > taken
    monkeypatch.setattr(lab_module, "PORTS_TRIED", 1)
    assert "all taken" in lab("--work", str(tmp_path / "mine")).stderr


def test_a_course_that_is_not_built_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(release_module, "PACKAGE", tmp_path / "nowhere")
    outcome = lab("--work", str(tmp_path / "mine"))
    assert outcome.exit_code == 2
    assert "make notebooks" in outcome.stderr


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_browser_is_opened_only_where_there_is_a_display(monkeypatch, platform, variables, expected):
    monkeypatch.setattr(lab_module.sys, "platform", platform)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert lab_module._has_display() is expected


def test_hidden_files_and_caches_are_no_part_of_the_release(root):
    for path in ("course/.ipynb_checkpoints/x.ipynb", "solutions/__pycache__/x.pyc", "solutions/notes.txt"):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text("x")
    assert list(release_module.read_release(root)) == ["solutions/02_x.py", "welcome.ipynb"]


@pytest.fixture
def running(root, tmp_path):
    """A real server started without a display; gives its address and its process."""
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment["JUPYTER_CONFIG_DIR"] = str(tmp_path / "jupyter-config")
    environment["JUPYTER_CONFIG_PATH"] = str(ROOT)  # labconfig/, also where the course is not installed
    code = (
        "import sys; from pathlib import Path; from dlcourse_utils.cli import lab, main;"
        "lab.find_release = lambda: Path(sys.argv[1]); main(['lab', '--work', sys.argv[2]], prog_name='dlcourse')"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(root), str(tmp_path / "mine")],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=ROOT,
    )  # fmt: skip
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if found := re.search(r"http://127\.0\.0\.1:\S+", said):
            break
    else:
        pytest.fail(f"no address was printed: {said}")
    try:
        yield found.group(), process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)
        process.stdout.close()


@pytest.mark.slow
def test_without_a_display_it_prints_the_address_serves_and_ends_cleanly(running):
    address, process = running
    with urllib.request.urlopen(address, timeout=30) as page:
        assert page.status == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    port = int(re.search(r":(\d+)/", address).group(1))
    deadline = time.monotonic() + 20
    while not lab_module._is_free(port) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert lab_module._is_free(port), "the server outlived the command"


def _use(page, address):
    """Open the welcome page, run its cell, and double-click a solution."""
    page.goto(address)
    page.locator("h1", has_text="Welcome, learner").wait_for(timeout=60_000)
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(timeout=60_000)  # the kernel is up
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    page.locator(".jp-OutputArea-output", has_text="42").wait_for(timeout=60_000)
    page.locator(".jp-DirListing-item", has_text="solutions").dblclick()
    page.locator(".jp-DirListing-item", has_text="02_x.py").dblclick()
    page.locator(".jp-NotebookPanel h1", has_text="The solved chapter").wait_for(timeout=60_000)


@pytest.mark.slow
@pytest.mark.browser
def test_the_welcome_page_opens_runs_and_solutions_open_as_notebooks(running, tmp_path):
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--no-first-run"]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        try:
            _use(page, running[0])
        finally:
            if picture := os.environ.get("DLCOURSE_TEST_PICTURES"):
                page.screenshot(path=f"{picture}/lab.png")
            browser.close()
    stored = json.loads((tmp_path / "mine/welcome.ipynb").read_text())
    assert stored["nbformat"] == 4
