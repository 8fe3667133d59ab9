"""The progress file: nothing is lost to a second writer, to damage, to a newer version or to a full disk."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlcourse_utils.errors import CourseError
from dlcourse_utils.progress import store
from dlcourse_utils.progress.book import Book, Entry, dump, parse
from dlcourse_utils.progress.lock import locked

ROOT = Path(__file__).parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".dlcourse" / "progress.json"


def tried(status: str = "correct", second: int = 0) -> Entry:
    time = f"2026-01-01T00:00:{second:02d}Z"
    return Entry(status, 1.0 if status == "correct" else 0.25, 1, 1, time, time)


def add(file: Path, exercise: str, entry: Entry | None = None) -> str:
    return store.update(file, lambda book: book.with_try(exercise, entry or tried()))


def test_it_begins_empty_and_grows(file: Path) -> None:
    assert store.read(file) == (Book(), "")
    assert add(file, "02.relu") == ""
    assert add(file, "02.softmax") == ""
    book, says = store.read(file)
    assert (list(book.exercises), says) == (["02.relu", "02.softmax"], "")


work = st.lists(
    st.tuples(
        st.sampled_from(["02.relu", "02.softmax", "03.Value"]),
        st.sampled_from(["broken", "incorrect", "correct"]),
        st.integers(0, 59),
    ),
    max_size=5,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(work, min_size=2, max_size=3))
def test_no_entry_is_lost_between_writers(tmp_path_factory: pytest.TempPathFactory, writers: list[list]) -> None:
    file = tmp_path_factory.mktemp("copy") / "progress.json"
    ready = threading.Barrier(len(writers))

    def write(tries: list) -> None:
        ready.wait()
        for exercise, status, second in tries:
            add(file, exercise, tried(status, second))

    threads = [threading.Thread(target=write, args=(tries,)) for tries in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flat = [item for tries in writers for item in tries]
    one_after_another = reduce(lambda book, t: book.with_try(t[0], tried(*t[1:])), flat, Book())
    assert store.read(file)[0].exercises == one_after_another.exercises


WRITER = """
import sys
from pathlib import Path
from dlcourse_utils.progress import store
from dlcourse_utils.progress.book import Entry
name, time = sys.argv[2], "2026-01-01T00:00:00Z"
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    store.update(Path(sys.argv[1]), lambda b: b.with_try(f"{name}.{number}", Entry("correct", 1.0, 1, 1, time, time)))
    print(number, flush=True)
"""


def start(file: Path, name: str, count: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(file), name, str(count)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_no_entry_is_lost_between_two_programs(file: Path) -> None:
    both = [start(file, name, 40) for name in ("first", "second")]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in both:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert len(store.read(file)[0].exercises) == 80


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_a_program_that_is_killed_leaves_a_whole_file_and_no_lock(file: Path) -> None:
    process = start(file, "killed", 10_000)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    for _ in range(5):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    said = 5 + len(process.communicate()[0].split())
    book, says = store.read(file)
    assert says == ""
    assert len(book.exercises) in (said, said + 1)  # the last may have been written and not said
    assert add(file, "02.relu") == ""


DAMAGE = [b"", b"{", b"null", b"[]", b'{"format": 1, "exercises": 3}', b"\xff\xfe\x00", b"\x00" * 4096, b"[" * 100_000]


@pytest.mark.parametrize("content", DAMAGE, ids=range(len(DAMAGE)))
@pytest.mark.parametrize("mend", ["update", "read"])
def test_a_damaged_file_is_kept_aside_and_a_new_one_begun(file: Path, content: bytes, mend: str) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    says = add(file, "02.relu") if mend == "update" else store.read(file)[1]
    assert says == "progress.json was damaged: it is kept as progress.damaged-1.json, and a new one was begun."
    assert (file.parent / "progress.damaged-1.json").read_bytes() == content
    assert not parse(file.read_bytes()).damaged
    assert store.read(file)[1] == ""


def test_what_can_be_read_of_a_damaged_file_is_carried_over_and_no_aside_is_overwritten(file: Path) -> None:
    for number in (1, 2):
        add(file, "02.relu")
        stored = json.loads(file.read_bytes())
        stored["exercises"]["02.softmax"] = f"nonsense {number}"
        file.write_text(json.dumps(stored))
        says = add(file, "02.sigmoid")
        assert f"kept as progress.damaged-{number}.json" in says
        assert "exercise" in says
        assert list(store.read(file)[0].exercises) == ["02.relu", "02.sigmoid"]
        assert f"nonsense {number}" in (file.parent / f"progress.damaged-{number}.json").read_text()
    assert store.read(file)[0].exercises["02.relu"].tries == 2


def test_a_newer_file_is_read_and_never_written(file: Path) -> None:
    add(file, "02.relu")
    newer = file.read_bytes().replace(b'"format": 1', b'"format": 2')
    file.write_bytes(newer)
    with pytest.raises(CourseError, match="written by a newer version of the course; it is left as it is"):
        add(file, "02.softmax")
    book, says = store.read(file)
    assert "newer version" in says
    assert list(book.exercises) == ["02.relu"]
    assert file.read_bytes() == newer
    assert sorted(p.name for p in file.parent.iterdir()) == ["progress.json", "progress.lock"]


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_disk_that_refuses_is_one_sentence_and_the_file_stays(
    file: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(file, "02.relu")
    before = file.read_bytes()

    def refuse(*_: object, **__: object) -> bool:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(store, "write_atomic", refuse)
    with pytest.raises(CourseError, match=r"cannot be kept in .*; everything else works as before"):
        add(file, "02.softmax")
    assert file.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder(file: Path) -> None:
    add(file, "02.relu")
    file.parent.chmod(0o500)
    try:
        with pytest.raises(CourseError, match="cannot be kept in"):
            add(file, "02.softmax")
        assert list(store.read(file)[0].exercises) == ["02.relu"]
    finally:
        file.parent.chmod(0o700)


def test_something_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="cannot be kept in"):
        add(tmp_path / "file" / "progress.json", "02.relu")
    (tmp_path / "progress.json").mkdir()
    book, says = store.read(tmp_path / "progress.json")
    assert book == Book()
    assert "cannot be read" in says
    with pytest.raises(CourseError, match="cannot be kept in"):
        add(tmp_path / "progress.json", "02.relu")


def test_damage_in_a_folder_that_refuses_says_both(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.parent.mkdir()
    file.write_bytes(b"{")

    def refuse(*_: object, **__: object) -> bool:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(store, "write_atomic", refuse)
    assert store.read(file)[1].startswith("progress.json is damaged. Your progress cannot be kept in")
    assert file.read_bytes() == b"{"


def test_a_lock_that_nobody_lets_go_of_is_one_sentence(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(file, "02.relu")
    monkeypatch.setattr(store, "PATIENCE", 0.02)
    with locked(file.with_suffix(".lock"), 1), pytest.raises(CourseError, match="held by another program"):
        add(file, "02.softmax")
    assert add(file, "02.softmax") == ""


@pytest.mark.skipif(os.name != "posix", reason="forks")
def test_a_forked_child_does_not_keep_the_lock(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with locked(tmp_path / "lock", 1):
        child = os.fork()
        if child == 0:
            os.close(writing)
            os.read(reading, 1)  # stays until the parent lets it go
            os._exit(0)
    try:
        with locked(tmp_path / "lock", 0):
            pass
    finally:
        os.close(writing)
        os.close(reading)
        os.waitpid(child, 0)


def test_an_update_of_the_course_leaves_it_alone(tmp_path: Path) -> None:
    from dlcourse_utils.workspace import prepare

    copy = tmp_path / "my_course"
    prepare({"welcome.ipynb": b"old"}, copy)
    add(copy / ".dlcourse" / "progress.json", "02.relu")
    before = (copy / ".dlcourse" / "progress.json").read_bytes()
    prepare({"welcome.ipynb": b"new", "02_renamed/02_renamed.ipynb": b"x"}, copy)
    assert (copy / ".dlcourse" / "progress.json").read_bytes() == before
    assert dump(parse(before).book) == before
