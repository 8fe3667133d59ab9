"""Files that are no notebooks, each with its sentence."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from autograde.build import Built
from autograde.intake import RejectedError, notebook_from, read_notebook

NOTEBOOK: dict[str, Any] = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
CODE: dict[str, Any] = {
    "cell_type": "code", "id": "a", "source": "1", "metadata": {}, "outputs": [], "execution_count": 1
}  # fmt: skip


def deep(levels: int) -> bytes:
    return b'{"nbformat": 4, "cells": ' + b"[" * levels + b"]" * levels + b"}"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n", "The file is empty."),
        (b"PK\x03\x04\xff", "The file is not JSON"),
        (b"\xff\xfe\x00", "The file is not JSON"),
        (b'{"cells": [', "The file is not JSON"),
        (b"[1, 2]", "no notebook: it names no nbformat"),
        (b'{"a": 1}', "no notebook: it names no nbformat"),
        (json.dumps({**NOTEBOOK, "nbformat": 9}).encode(), "has nbformat 9; only 4"),
        (json.dumps({**NOTEBOOK, "nbformat": "four" * 99}).encode(), "has nbformat four"),
        (json.dumps({**NOTEBOOK, "cells": 3}).encode(), "structure is not valid"),
        (json.dumps({**NOTEBOOK, "cells": [{"cell_type": "poem"}]}).encode(), "structure is not valid"),
        (deep(200_000), "nested too deeply"),
        (json.dumps({**NOTEBOOK, "cells": [{**CODE, "id": f"c{i}"} for i in range(2_001)]}).encode(), "2,001 cells"),
        (json.dumps({**NOTEBOOK, "cells": [{**CODE, "source": "x" * 1_000_001}]}).encode(), "longer than 1,000,000"),
    ],
)
def test_each_kind_of_damage_has_its_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(RejectedError, match=sentence) as caught:
        notebook_from(content)
    assert "\n" not in str(caught.value)


def test_a_file_of_100_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.ipynb"
    path.touch()
    os.truncate(path, 100 * 2**20)  # sparse: no disk is used
    with pytest.raises(RejectedError, match="The file is 100 MB; at most 20 MB are read"):
        read_notebook(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RejectedError, match="cannot be read"):
        read_notebook(tmp_path / "nowhere.ipynb")
    with pytest.raises(RejectedError, match=r"cannot be read|not an ordinary file"):
        read_notebook(tmp_path)


def test_stored_outputs_are_forgotten(built: Built) -> None:
    tree = json.loads(built.released)
    tree["cells"][1]["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "10"}, "metadata": {},
                                    "execution_count": 1}]
    assert all(cell.get("outputs", []) == [] for cell in notebook_from(json.dumps(tree).encode()).cells)


def test_lone_surrogates_are_replaced() -> None:
    content = json.dumps({**NOTEBOOK, "cells": [{**CODE, "source": "x = '\ud800'"}]}).encode()
    assert notebook_from(content).cells[0].source == "x = '?'"


def test_an_older_format_is_brought_up_to_date() -> None:
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [
        {"cell_type": "code", "input": "1 + 1", "language": "python", "metadata": {}, "outputs": [], "collapsed": False}
    ], "metadata": {}}]}
    assert notebook_from(json.dumps(old).encode()).cells[0].source == "1 + 1"


def test_a_notebook_read_twice_is_no_shared_object(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        {"cell_type": "code", "id": "a", "metadata": {}, "source": "x", "outputs": [], "execution_count": None}]}))
    first = read_notebook(path)
    first.cells[0].source = "changed"
    assert read_notebook(path).cells[0].source == "x"
    path.write_text(path.read_text().replace('"x"', '"y"'))
    assert read_notebook(path).cells[0].source == "y"
