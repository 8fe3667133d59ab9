"""Whatever the file holds, reading it gives a notebook or one sentence that names the file."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse_utils.errors import CourseError
from dlcourse_utils.workspace import notebook as nb
from tests.workspace.notebooks import exercise, notebook

GOOD = notebook(exercise("softmax"))


def altered(**changes):
    return json.dumps(GOOD | changes).encode()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"not a notebook", "not valid JSON"),
        (b"\xff\xfe{}", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "states no nbformat"),
        (b"{}", "states no nbformat"),
        (altered(nbformat=3), "format 3"),
        (altered(nbformat="x" * 1000), "format 'xxx"),
        (altered(cells=None), "cells are damaged"),
        (altered(cells=[1]), "cells are damaged"),
        (altered(cells=[{"cell_type": "code", "source": [1], "metadata": {}}]), "cells are damaged"),
        (altered(cells=[{"cell_type": "code", "source": "", "metadata": []}]), "cells are damaged"),
    ],
)
def test_what_is_no_notebook_is_refused_in_one_sentence(tmp_path, content, says):
    file = tmp_path / "x.ipynb"
    file.write_bytes(content)
    with pytest.raises(CourseError, match=says) as caught:
        nb.read_notebook(file)
    assert str(file) in str(caught.value)
    assert len(str(caught.value)) < 300 + len(str(file))


def test_a_hundred_megabytes_are_refused_unread(tmp_path):
    file = tmp_path / "big.ipynb"
    with file.open("wb") as f:
        f.truncate(100 * 2**20)
    with pytest.raises(CourseError, match="100 MB, more than a notebook should"):
        nb.read_notebook(file)


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(CourseError, match="There is no file"):
        nb.read_notebook(tmp_path / "none.ipynb")
    with pytest.raises(CourseError, match="is a folder"):
        nb.read_notebook(tmp_path)


@given(st.binary(max_size=200))
def test_no_bytes_cause_another_error(content):
    with contextlib.suppress(CourseError):
        nb.parse_notebook(content, "x")


@given(st.text())
def test_text_survives_being_stored_as_lines(text):
    cell = {"cell_type": "code", "metadata": {}, "source": ""}
    nb.set_source(cell, text)
    assert nb.source(cell) == text


def test_what_is_written_reads_back_the_same():
    assert nb.parse_notebook(nb.dump_notebook(GOOD), "x") == GOOD
