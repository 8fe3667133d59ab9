"""A picture of the page when a browser test fails: it says more than the traceback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[None]:
    """Save the page to $DLCOURSE_SHOTS, if that is set, when a test fails."""
    report = yield
    folder = os.environ.get("DLCOURSE_SHOTS")
    browser = getattr(item, "funcargs", {}).get("browser")
    if folder and browser and report.when == "call" and report.failed:  # type: ignore[attr-defined]
        browser[0].screenshot(path=str(Path(folder) / f"{item.name}.png"))
    return report
