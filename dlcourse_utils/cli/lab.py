"""`dlcourse lab`: prepare the learner's copy, then JupyterLab on its welcome page."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path

import click

from ..errors import CourseError
from ..workspace import Report, find_release, prepare, read_release
from ..workspace.memory import FOLDER

FIRST_PORT = 8888  # Jupyter's own habit
PORTS_TRIED = 50
START = "/lab/tree/welcome.ipynb"


@click.command()
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=Path("my_course"),
    show_default=True,
    metavar="DIR",
    help="The folder of your own copy of the course.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=None,
    help=f"The port to serve on; by default the first free one from {FIRST_PORT}.",
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def lab(work: Path, port: int | None, no_browser: bool) -> None:
    """Open your copy of the course in JupyterLab.

    The first start makes the copy; later ones bring it up to date and never change what you wrote.
    """
    root = find_release()
    work = work.absolute()
    _refuse_the_originals(work, root)
    _tell(prepare(read_release(root), work), work)
    port = _free_port() if port is None else _asked_port(port)
    sys.exit(_serve(work, port, open_browser=not no_browser and _has_display()))


def _refuse_the_originals(work: Path, root: Path) -> None:
    for name in ("course", "solutions", "autograde", "dlcourse_utils"):
        original = (root / name).resolve()
        if work.resolve() == original or original in work.resolve().parents:
            raise CourseError(f"{work} belongs to the course itself; name a folder of your own with --work DIR.")


def _tell(report: Report, work: Path) -> None:
    if report.forgot:
        click.echo("The notes on your copy were damaged and have been made anew; your files are as they were.")
    if report.created:
        click.echo(f"Your copy of the course is in {work} ({len(report.created)} new files).")
    if report.updated:
        click.echo(f"Brought up to date (you had not changed them): {', '.join(report.updated)}.")
    for mine, news in report.offered.items():
        click.echo(f"There is news for {mine}. Yours is as you left it; {news} lies beside it.")


def _has_display() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # elsewhere this option would allow two servers on one port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if _is_free(port):
            return port
    last = FIRST_PORT + PORTS_TRIED - 1
    raise CourseError(f"The ports {FIRST_PORT} to {last} are all taken; choose another with --port N.")


def _asked_port(port: int) -> int:
    if not _is_free(port):
        raise CourseError(f"Port {port} is taken or not allowed; choose another, or leave --port out.")
    return port


def _serve(work: Path, port: int, open_browser: bool) -> int:
    """Run JupyterLab until it ends; give its exit code."""
    token = secrets.token_hex(24)
    address = f"http://127.0.0.1:{port}{START}?token={token}"
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.answer_yes=True",
        f"--ServerApp.root_dir={work}", f"--LabApp.default_url={START}",
        f"--LabApp.workspaces_dir={work / FOLDER / 'lab'}",  # open tabs belong to this copy, not to all of Jupyter
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        "--Application.log_level=ERROR", "--ServerApp.log_level=ERROR", "--LabApp.log_level=ERROR",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--ServerApp.allow_root=True")  # containers run as root
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the server ends with us, however we end
    server = subprocess.Popen(command, env={**os.environ, "JUPYTER_TOKEN": token})
    try:
        _wait_until_up(server, port)
        click.echo(f"\nThe course is open at\n\n    {address}\n\nSave your work, then stop it with Ctrl-C.")
        if open_browser:
            _try_to_open(address)
        return server.wait()
    except KeyboardInterrupt:
        return _stop(server)


def _wait_until_up(server: subprocess.Popen[bytes], port: int) -> None:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise CourseError(f"JupyterLab ended at once (exit code {server.returncode}); `dlcourse doctor` may know why.")


def _try_to_open(address: str) -> None:
    try:
        webbrowser.open(address)
    except Exception:  # a browser that cannot start is no reason to stop serving
        click.echo("No browser could be opened; copy the address into one.")


def _stop(server: subprocess.Popen[bytes]) -> int:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
    click.echo("The course is closed; your work is saved where you saved it.")
    return 0
