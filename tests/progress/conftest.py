"""A learner's copy to work in, and progress switched on."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlcourse_utils.progress import place, recording


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Switch progress on for a test; return the folder that stands for the user account's."""
    monkeypatch.delenv(place.SWITCH, raising=False)
    monkeypatch.setattr(place, "user_folder", lambda: tmp_path / "account")
    monkeypatch.setattr(recording, "_pending", [])
    monkeypatch.setattr(recording, "_told", set())
    return tmp_path / "account"


@pytest.fixture
def copy(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a learner's copy, with the working directory in one of its chapters."""
    copy = tmp_path / "my_course"
    for folder in (".dlcourse", "02_neurons_and_losses", "solutions"):
        (copy / folder).mkdir(parents=True)
    monkeypatch.chdir(copy / "02_neurons_and_losses")
    return copy
