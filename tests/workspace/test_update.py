"""Updating a real folder: nothing a learner wrote is ever lost, whatever happens on the way."""

import contextlib
import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlcourse_utils.errors import CourseError
from dlcourse_utils.workspace import files, prepare
from dlcourse_utils.workspace.notebook import dump_notebook
from tests.workspace.notebooks import exercise, notebook

NAME = "02_x/02_x.ipynb"


def release(version: int) -> dict[str, bytes]:
    chapter = notebook(exercise("softmax", text=f"Text of version {version}."), exercise("relu"))
    return {
        NAME: dump_notebook(chapter),
        "welcome.ipynb": dump_notebook(notebook(opening=f"# Welcome {version}")),
        "solutions/02_x.py": f"# version {version}\n".encode(),
    }


def answer(work: Path, text: str = "def relu(z):\n    return max(z, 0)") -> bytes:
    """Solve 02.relu as a learner does, and give the file's bytes."""
    chapter = json.loads((work / NAME).read_bytes())
    chapter["cells"][5]["source"] = text
    (work / NAME).write_text(json.dumps(chapter))
    return (work / NAME).read_bytes()


def everything(work: Path) -> set[bytes]:
    return {p.read_bytes() for p in work.rglob("*") if p.is_file()}


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "deep" / "my_course"
    prepare(release(1), folder)
    return folder


def test_the_first_start_makes_a_copy_and_the_second_changes_nothing(work):
    assert {p: (work / p).read_bytes() for p in release(1)} == release(1)
    times = {p: p.stat().st_mtime_ns for p in work.rglob("*")}
    report = prepare(release(1), work)
    assert (report.created, report.updated, report.offered) == ([], [], {})
    assert {p: p.stat().st_mtime_ns for p in work.rglob("*")} == times


def test_untouched_files_are_updated(work):
    report = prepare(release(2), work)
    assert sorted(report.updated) == sorted(release(2))
    assert {p: (work / p).read_bytes() for p in release(2)} == release(2)


def saved_by_lab(work: Path, **changes) -> bytes:
    """Save the chapter as JupyterLab does after opening it, with `changes` to its code cells."""
    chapter = json.loads((work / NAME).read_bytes())
    chapter["metadata"] = {"language_info": {"name": "python", "version": "3.13.1"}}
    for cell in chapter["cells"]:
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cell |= changes
    (work / NAME).write_text(json.dumps(chapter, indent=3))
    return (work / NAME).read_bytes()


def test_a_chapter_that_was_only_opened_and_saved_counts_as_untouched(work):
    saved_by_lab(work)
    assert prepare(release(1), work).updated == []
    assert NAME in prepare(release(2), work).updated
    assert (work / NAME).read_bytes() == release(2)[NAME]


def test_a_solution_that_was_only_opened_as_a_notebook_and_saved_counts_as_untouched(tmp_path):
    head = "# ---\n# jupyter:\n#   kernelspec:\n#     display_name: Python 3\n#     name: python3\n# ---\n"
    text = f"{head}\n# %%\n1 + 1\n"
    prepare({"solutions/02_x.py": text.encode()}, tmp_path)
    lab = jupytext.writes(jupytext.reads(text, fmt="py:percent"), fmt="py:percent")
    assert lab != text
    (tmp_path / "solutions/02_x.py").write_text(lab)
    report = prepare({"solutions/02_x.py": text.replace("1 + 1", "2 + 2").encode()}, tmp_path)
    assert report.updated == ["solutions/02_x.py"]


OUTPUT = [{"output_type": "stream", "name": "stdout", "text": "a result"}]


@pytest.mark.parametrize("change", [{"outputs": OUTPUT}, {"metadata": {"tags": ["mine"]}}, {"source": "# mine"}])
def test_whatever_a_learner_leaves_in_a_chapter_counts_as_theirs(work, change):
    mine = saved_by_lab(work, **change)
    assert NAME in prepare(release(2), work).offered
    assert (work / NAME).read_bytes() == mine


def test_a_touched_chapter_stays_and_its_news_lies_beside_it_with_the_answers(work):
    mine = answer(work)
    report = prepare(release(2), work)
    assert (work / NAME).read_bytes() == mine
    assert report.offered == {NAME: "02_x/02_x.new.ipynb"}
    news = (work / "02_x/02_x.new.ipynb").read_text()
    assert "return max(z, 0)" in news
    assert "Text of version 2." in news
    assert "02.softmax | text changed | not answered yet" in news
    assert "02.relu | unchanged | carried over" in news


def test_news_is_offered_once_for_each_release(work):
    answer(work)
    prepare(release(2), work)
    assert prepare(release(2), work).offered == {}
    (work / "02_x/02_x.new.ipynb").unlink()
    assert prepare(release(2), work).offered == {}, "a learner who threw the news away is left in peace"
    assert prepare(release(3), work).offered == {NAME: "02_x/02_x.new.ipynb"}


def test_news_never_goes_over_earlier_news(work):
    answer(work)
    prepare(release(2), work)
    (work / "02_x/02_x.new.ipynb").write_bytes(b"I work here now")
    assert prepare(release(3), work).offered == {NAME: "02_x/02_x.new-2.ipynb"}
    assert (work / "02_x/02_x.new.ipynb").read_bytes() == b"I work here now"


def test_a_learner_who_takes_the_news_up_gets_the_next_news_relative_to_it(work):
    answer(work)
    prepare(release(2), work)
    os.replace(work / "02_x/02_x.new.ipynb", work / NAME)
    assert prepare(release(2), work).offered == {}
    report = prepare(release(3), work)
    assert "02.softmax | text changed" in (work / report.offered[NAME]).read_text()
    assert (work / report.offered[NAME]).read_text().count("News in this chapter") == 1


def test_a_changed_file_that_is_no_notebook_gets_the_new_one_beside_it(work):
    (work / "solutions/02_x.py").write_text("# my remarks\n")
    assert prepare(release(2), work).offered == {"solutions/02_x.py": "solutions/02_x.new.py"}
    assert (work / "solutions/02_x.new.py").read_text() == "# version 2\n"


def test_a_damaged_notebook_of_the_learners_stays_and_the_release_lies_beside_it(work):
    (work / NAME).write_bytes(b'{"cells": [half of it')
    report = prepare(release(2), work)
    assert (work / NAME).read_bytes() == b'{"cells": [half of it'
    assert (work / report.offered[NAME]).read_bytes() == release(2)[NAME]


def test_a_deleted_or_renamed_chapter_comes_back_fresh(work):
    mine = answer(work)
    (work / NAME).rename(work / "02_x/mine.ipynb")
    assert prepare(release(1), work).created == [NAME]
    assert (work / NAME).read_bytes() == release(1)[NAME]
    assert (work / "02_x/mine.ipynb").read_bytes() == mine


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"format": 7}', b'{"format": 1, "files": {"x": 1}}', b"[" * 10**5]
)
def test_a_damaged_manifest_loses_nothing(work, damage):
    mine = answer(work)
    (work / ".dlcourse/manifest.json").write_bytes(damage)
    report = prepare(release(2), work)
    assert report.forgot
    assert (work / NAME).read_bytes() == mine
    assert sorted(report.updated) == ["solutions/02_x.py", "welcome.ipynb"]
    assert damage in everything(work), "the damaged manifest itself is kept"
    assert not prepare(release(2), work).forgot


def test_a_lost_hidden_folder_loses_nothing(work):
    mine = answer(work)
    shutil.rmtree(work / ".dlcourse")
    prepare(release(2), work)
    assert mine in everything(work)
    assert "Text of version 2." in (work / "02_x/02_x.new.ipynb").read_text()


def test_a_damaged_pristine_file_is_not_believed(work):
    mine = answer(work)
    for stored in (work / ".dlcourse/base").iterdir():
        stored.write_bytes(b"flipped")
    report = prepare(release(2), work)
    assert (work / NAME).read_bytes() == mine
    assert "return max(z, 0)" in (work / report.offered[NAME]).read_text()


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "no space left"),
        (errno.EROFS, "cannot be written to"),
        (errno.EACCES, "cannot be written to"),
        (errno.EIO, "cannot be read or written"),
    ],
)
def test_what_the_disk_refuses_is_one_sentence_and_leaves_no_half_written_file(work, monkeypatch, number, says):
    mine = answer(work)
    before = everything(work)

    def refuse(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, "fsync", refuse)
    with pytest.raises(CourseError, match=says):
        prepare(release(2), work)
    assert everything(work) == before
    assert mine in before
    monkeypatch.undo()
    assert prepare(release(2), work).offered


def test_a_read_only_folder_is_one_sentence(work, needs_part):
    needs_part("bwrap")
    code = (
        "import sys; from pathlib import Path; from dlcourse_utils.workspace import prepare;"
        "from dlcourse_utils.errors import CourseError\n"
        "try: prepare({'new.txt': b'x'}, Path(sys.argv[1]))\n"
        "except CourseError as e: print(e)"
    )
    ran = subprocess.run(
        ["bwrap", "--dev-bind", "/", "/", "--ro-bind", str(work), str(work), sys.executable, "-c", code, str(work)],
        capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert "cannot be written to; choose another folder with --work DIR" in ran.stdout, ran.stderr


def test_a_file_in_the_folders_place_is_one_sentence(tmp_path):
    (tmp_path / "my_course").write_text("a file")
    with pytest.raises(CourseError, match="is a file"):
        prepare(release(1), tmp_path / "my_course")


def test_a_folder_in_a_files_place_is_one_sentence(tmp_path):
    (tmp_path / "welcome.ipynb").mkdir()
    with pytest.raises(CourseError, match=r"welcome\.ipynb"):
        prepare(release(1), tmp_path)


def test_an_up_to_date_copy_needs_no_writing(work, monkeypatch):
    monkeypatch.setattr(files.os, "fsync", lambda _: pytest.fail("wrote something"))
    prepare(release(1), work)


class Power(BaseException):
    """The machine goes off."""


# What happens to a learner's folder: a release arrives, they write, they delete, the power fails after n syncs.
events = st.one_of(
    st.tuples(st.just("release"), st.integers(1, 4), st.one_of(st.none(), st.integers(0, 12))),
    st.tuples(st.just("write"), st.sampled_from(sorted(release(1))), st.binary(max_size=8)),
    st.tuples(st.just("answer"), st.just(NAME), st.text(max_size=8)),
    st.tuples(st.just("delete"), st.sampled_from(sorted(release(1))), st.none()),
    st.tuples(st.just("damage"), st.just(".dlcourse/manifest.json"), st.binary(max_size=8)),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(events, max_size=8))
def test_no_byte_of_a_learner_is_ever_lost(tmp_path_factory, story):
    work = tmp_path_factory.mktemp("story")
    theirs: dict[str, bytes] = {}
    for what, subject, detail in story:
        if what == "release":
            with contextlib.suppress(Power), pytest.MonkeyPatch.context() as patch:
                if detail is not None:
                    patch.setattr(files.os, "fsync", _fails_after(detail))
                prepare(release(subject), work)
        elif what in ("write", "answer"):
            file = work / subject
            file.parent.mkdir(parents=True, exist_ok=True)
            if what == "write":
                file.write_bytes(detail)
            elif file.is_file() and file.read_bytes().startswith(b'{\n "cells"'):
                answer(work, detail)
            else:
                continue
            theirs[subject] = file.read_bytes()
        elif what == "delete":
            (work / subject).unlink(missing_ok=True)
            theirs.pop(subject, None)
        elif (work / subject).exists():
            (work / subject).write_bytes(detail)
        for path, content in theirs.items():
            assert (work / path).read_bytes() == content, f"{path} is not what the learner wrote"
    prepare(release(4), work)
    assert {path: (work / path).read_bytes() for path in theirs} == theirs
    assert not list(work.rglob("*.tmp"))


def _fails_after(count):
    left = iter(range(count))

    def fsync(_):
        if next(left, None) is None:
            raise Power

    return fsync
