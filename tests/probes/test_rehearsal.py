"""A shell that was rehearsed in is like a new one."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytest.importorskip("IPython")

ASK = """
import json, sys
sys.argv.append("")
if "rehearse" in sys.argv:
    from dlcourse_utils.probes.rehearsal import rehearse
    rehearse()
from dlcourse_utils.probes import shell
told = []
sys.stdout, out = shell.Stream("stdout", 1), sys.stdout
made = shell.start(told.append)
cells = [
    "sorted(globals())", "[In, Out, _, __, _i, _ii]", "get_ipython().execution_count",
    "def f(x):\\n    return x[3]\\nf([1])", "import sys\\nhasattr(sys, 'last_value'), sys.last_value",
    "print('é')\\n1 +", "%pwd",
    "import matplotlib.pyplot as plt\\nplt.get_fignums()",
    "import inspect\\nprint(inspect.getsource(f))",
]
for cell in cells:
    made.run_cell(cell, store_history=True)
    sys.stdout.finish()
out.write(json.dumps(told, default=str))
"""


def run(more: list[str]) -> str:
    command = [sys.executable, "-c", ASK, *more]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_rehearsal_leaves_no_trace() -> None:
    fresh, rehearsed = (json.loads(run(more)) for more in ([], ["rehearse"]))
    assert [output["output_type"] for output in fresh] == [
        "execute_result", "execute_result", "execute_result", "error", "execute_result", "error", "execute_result",
        "execute_result", "stream",
    ]  # fmt: skip
    assert rehearsed == fresh
    assert "return x[3]" in fresh[-1]["text"]
