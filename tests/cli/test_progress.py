"""`dlcourse progress` in a terminal."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from dlcourse_utils.cli import main
from dlcourse_utils.progress import place, standing, store
from dlcourse_utils.progress.book import Book, Entry
from dlcourse_utils.progress.chapters import CHAPTERS


@pytest.fixture(autouse=True)
def _six_chapters(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(standing, "released", lambda: CHAPTERS[:6])
    monkeypatch.setattr(place, "user_folder", lambda: tmp_path / "account")
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    time = "2026-01-01T00:00:00Z"
    entry = Entry("correct", 1.0, 1, 1, time, time)
    book = Book().with_try("02.sigmoid", entry).with_try("02.old_name", entry)
    store.update(tmp_path / "my_course" / ".dlcourse" / place.FILE, lambda _: book)
    return tmp_path / "my_course"


def progress(*arguments: str):
    return CliRunner().invoke(main, ["progress", *arguments])


def test_a_row_per_chapter_and_the_next_step(work: Path) -> None:
    outcome = progress("--work", str(work))
    assert outcome.exit_code == 0, outcome.output
    lines = outcome.output.splitlines()
    assert next(line for line in lines if line.startswith("02 ·")).split("  ")[1].strip() == "… in progress"
    assert "■□□□□□ 1 of 12  1 of 19  3 to 4 hours" in outcome.output
    assert "00 · Start here          – untouched    □□□□□□ 0 of 3" in outcome.output
    assert "\n1 of 64 exercises correct, 1 of 109 points.\n" in outcome.output
    assert "\nNext: 02.relu in chapter 02, Neurons and losses.\n" in outcome.output
    assert "(02.old_name); it is kept." in " ".join(outcome.output.split())


def test_it_finds_the_copy_below_around_and_none(work: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for folder in (tmp_path, work, work / ".dlcourse"):
        monkeypatch.chdir(folder)
        assert "1 of 64 exercises" in progress().output
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert "0 of 64 exercises" in progress().output
    assert progress().exit_code == 0


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    outcome = progress("--work", str(tmp_path / "nowhere"))
    assert outcome.exit_code == 2
    assert "There is no folder" in outcome.stderr
    assert "makes a copy there" in outcome.stderr


@pytest.mark.parametrize(
    ("content", "says"), [(b"{", "was damaged: it is kept as"), (b'{"format": 9}', "written by a newer version")]
)
def test_a_damaged_or_newer_file_is_one_sentence_and_no_failure(work: Path, content: bytes, says: str) -> None:
    (work / ".dlcourse" / place.FILE).write_bytes(content)
    outcome = progress("--work", str(work))
    assert outcome.exit_code == 0
    assert says in outcome.output
    assert "0 of 64 exercises" in outcome.output
