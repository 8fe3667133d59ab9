"""What all tests share: optional parts of the machine, and a quiet, fixed environment."""

import glob
import importlib.util
import os
import shutil
import signal
from collections.abc import Callable
from functools import cache

import pytest

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("DLCOURSE_PROGRESS", "off")  # the tests' answers are nobody's progress
# A shell that starts the tests in the background has them ignore Ctrl-C, and whatever they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


def _chromium() -> bool:
    return shutil.which("chromium") is not None


def _bwrap() -> bool:
    if importlib.util.find_spec("nbgrader") is None:
        return False
    from autograde import sandbox

    return sandbox.why_not() is None


def _nbgrader() -> bool:
    return importlib.util.find_spec("nbgrader") is not None


def _postgres() -> bool:
    return bool(postgres_programs()) and importlib.util.find_spec("psycopg2") is not None


def postgres_programs() -> str:
    """Return the folder of initdb and postgres, "" when there is none; Debian keeps it off the PATH."""
    found = shutil.which("initdb")
    folders = [os.path.dirname(os.path.realpath(found))] if found else []
    folders += sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    return next((f for f in folders if all(os.access(f"{f}/{p}", os.X_OK) for p in ("initdb", "postgres"))), "")


def _cuda() -> bool:
    import torch

    return torch.cuda.is_available()


# part → (is it here, how to get it, can CI install it)
PARTS: dict[str, tuple[Callable[[], bool], str, bool]] = {
    "chromium": (_chromium, "install the package chromium", True),
    "bwrap": (_bwrap, "install bubblewrap, and allow user namespaces", True),
    "postgres": (_postgres, "install the package postgresql, and pip install 'dlcourse[test]'", True),
    "nbgrader": (_nbgrader, "pip install 'dlcourse[autograde]'", True),
    "cuda": (_cuda, "needs an NVIDIA GPU", False),
}


@cache
def _present(part: str) -> bool:
    return PARTS[part][0]()


def needs_part(part: str) -> None:
    """Skip the running test in one line when `part` is missing; in CI fail instead if it can be installed."""
    _, remedy, installable = PARTS[part]
    if _present(part):
        return
    sentence = f"{part} is not here ({remedy})"
    if os.environ.get("CI") == "true" and installable:
        pytest.fail(f"{sentence}; CI must have it", pytrace=False)
    pytest.skip(sentence)


@pytest.fixture(name="needs_part")
def _needs_part() -> Callable[[str], None]:
    return needs_part


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(pytest.mark.usefixtures("_needs_browser"))
            # On a busy machine a kernel now and then does not come up in time. What is broken fails twice.
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture
def _needs_browser() -> None:
    needs_part("chromium")


@pytest.fixture(autouse=True)
def _jupyter_keeps_out_of_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a test starts writes its runtime files to a temporary folder, not to the developer's home."""
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path_factory.getbasetemp() / "jupyter-runtime"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path_factory.getbasetemp() / "ipython"))


@pytest.fixture(autouse=True, scope="session")
def _grade_without_a_sandbox_where_there_is_none() -> None:
    """Tests that are not about the sandbox run everywhere; those that are ask for the part "bwrap"."""
    if not _present("bwrap"):
        os.environ.setdefault("DLCOURSE_SANDBOX", "none")
