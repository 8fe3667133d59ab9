"""`dlcourse check` shows how every exercise stands, whatever the notebook does."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from dlcourse_utils.cli import main
from dlcourse_utils.cli.running import CHECK, assemble, check_notebook, exercises_in
from dlcourse_utils.errors import CourseError
from tests.workspace.notebooks import cell

ROOT = Path(__file__).parents[2]
IMPORTS = "import numpy as np\nfrom dlcourse_utils import check"
RELU = "def relu(z):\n    return np.maximum(z, 0.0)"
LEAKY = "def leaky_relu(z, alpha=0.01):\n    return np.where(z > 0, z, alpha * z)"


@pytest.fixture
def write(tmp_path):
    def write(*cells: str | dict) -> Path:
        made = [c if isinstance(c, dict) else cell("code", c) for c in cells]
        path = tmp_path / "chapter.ipynb"
        path.write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
        return path

    return write


def rows(path: Path, seconds: float = 60.0):
    return {row.exercise: row for row in check_notebook(path, seconds, lambda *_: None)}


def test_each_exercise_gets_its_row_and_the_file_is_left_alone(write):
    path = write(
        IMPORTS,
        RELU,
        'check("02.relu", relu)',
        "def leaky_relu(z, alpha=0.01):\n    raise NotImplementedError()",
        'check("02.leaky_relu", leaky_relu)',
        "def sigmoid(z):\n    return 1 / (1 + np.exp(z))",
        'check("02.sigmoid", sigmoid)',
        "def accuracy(:",
        'check("02.accuracy", accuracy)',
        'check("02.no_such_thing", relu)',
    )
    before = path.read_bytes()
    found = rows(path)
    assert {name: row.status for name, row in found.items()} == {
        "02.relu": "correct",
        "02.leaky_relu": "not_attempted",
        "02.sigmoid": "incorrect",
        "02.accuracy": "broken",
        "02.no_such_thing": "not_reached",
    }
    assert found["02.relu"].points == found["02.relu"].max_points == 1
    assert found["02.sigmoid"].says
    assert found["02.accuracy"].says == "the answer cell does not run: SyntaxError: invalid syntax (line 1)"
    assert "There is no exercise" in found["02.no_such_thing"].says
    assert path.read_bytes() == before


def test_the_last_check_of_an_exercise_counts_and_demos_are_left_out(write):
    demo = cell("code", "raise SystemError('a demo ran')")
    demo["metadata"]["tags"] = ["demo"]
    found = rows(write(IMPORTS, "relu = abs", 'check("02.relu", relu)', demo, RELU, 'check("02.relu", relu)'))
    assert found["02.relu"].status == "correct"


def test_a_cell_that_never_ends_is_stopped_and_the_rest_still_runs(write):
    path = write(
        IMPORTS,
        "def leaky_relu(z, alpha=0.01):\n    while True:\n        pass",
        'check("02.leaky_relu", leaky_relu)',
        "while True:\n    try:\n        import time; time.sleep(1)\n    except BaseException:\n        break",
        RELU,
        'check("02.relu", relu)',
    )
    found = rows(path, seconds=5)
    assert found["02.leaky_relu"].status == "timed_out"
    assert found["02.relu"].status == "correct"


def test_a_notebook_that_kills_its_process_keeps_what_came_before(write):
    found = rows(write(IMPORTS, RELU, 'check("02.relu", relu)', "import os; os._exit(3)", 'check("02.accuracy", relu)'))
    assert found["02.relu"].status == "correct"
    assert found["02.accuracy"].status == "not_reached"
    assert "cell 4" in found["02.accuracy"].says


def test_files_beside_the_notebook_are_found(write):
    path = write(IMPORTS, "relu = __import__('helper').relu", 'check("02.relu", relu)')
    (path.parent / "helper.py").write_text(f"import numpy as np\n{RELU}\n")
    assert rows(path)["02.relu"].status == "correct"


def test_the_command_shows_a_table_and_exits_with_0_only_when_all_is_correct(write):
    good = CliRunner().invoke(main, ["check", str(write(IMPORTS, RELU, 'check("02.relu", relu)'))])
    assert good.exit_code == 0, good.output
    assert "✓ correct" in good.output
    assert "1 of 1 exercises correct, 1 of 1 points." in good.output
    bad = CliRunner().invoke(main, ["check", str(write(IMPORTS, "relu = abs", 'check("02.relu", relu)'))])
    assert bad.exit_code == 1
    assert "✗ incorrect" in bad.output


@pytest.mark.parametrize("content", [b"", b"not json", b"{}", b'{"nbformat": 3}'])
def test_what_is_no_notebook_is_one_sentence(tmp_path, content):
    file = tmp_path / "x.ipynb"
    file.write_bytes(content)
    outcome = CliRunner().invoke(main, ["check", str(file)])
    assert outcome.exit_code == 2
    assert len(outcome.stderr.strip().splitlines()) == 1


def test_a_notebook_without_checks_is_one_sentence(write):
    with pytest.raises(CourseError, match="no check cell"):
        rows(write("1 + 1"))


@pytest.mark.skipif(sys.platform == "win32", reason="no process groups on Windows")
def test_ctrl_c_interrupts_the_running_cell_only(write, tmp_path):
    flag = tmp_path / "running"
    path = write(
        IMPORTS,
        f"open({str(flag)!r}, 'w').close()\nimport time; time.sleep(100)",
        RELU,
        'check("02.relu", relu)',
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "dlcourse_utils.cli", "check", str(path)],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not flag.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert "✓ correct" in out
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('check("02.relu", relu)', ["02.relu"]),
        ("result = check('02.relu', relu)", ["02.relu"]),
        ('    check( "02.relu" , relu)', ["02.relu"]),
        ('# check("02.relu", relu)', []),
        ('gradient_check("02.relu")', []),
    ],
)
def test_check_cells_are_recognised(code, found):
    assert CHECK.findall(code) == found


def test_a_check_that_was_stopped_before_it_said_anything_took_too_long():
    notebook = {"cells": [cell("code", 'check("02.relu", relu)')]}
    error = {"error": "the cell was stopped after 5 seconds", "cell": 0, "status": "timed_out"}
    (row,) = assemble(exercises_in(notebook), [{"cell": 0, "number": 1, "of": 1}, error, {"done": True}])
    assert (row.status, row.says) == ("timed_out", error["error"])


def test_a_log_that_broke_off_names_the_cell():
    notebook = {"cells": [cell("code", 'check("02.relu", relu)')]}
    (row,) = assemble(exercises_in(notebook), [{"cell": 0, "number": 1, "of": 1}])
    assert (row.status, row.says) == ("not_reached", "the run ended in cell 1")


def test_an_answer_cell_that_does_not_run_is_named_as_the_cause() -> None:
    from dlcourse_utils.cli.running import assemble

    log = [
        {"cell": 1, "number": 1, "of": 2},
        {"error": "SyntaxError: expected ':' (line 1)", "cell": 1, "status": "broken"},
        {"error": "NameError: name 'softmax' is not defined", "cell": 2, "status": "broken"},
        {"done": True},
    ]
    (row,) = assemble({"02.softmax": 2}, log)
    assert row.status == "broken"
    assert row.says == "the answer cell does not run: SyntaxError: expected ':' (line 1)"
