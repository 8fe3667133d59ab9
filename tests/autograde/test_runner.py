"""A worker under bad treatment: each cell's fate is its own, and what comes back is only data."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

import numpy as np
import pytest

from autograde.child import Child
from autograde.plan import Step
from autograde.runner import Limits, Ran, run_plan
from dlcourse_utils.checks import Case, Exercise

DOUBLE = Exercise(
    "99.double", "Double", ("double",), 1,
    cases=lambda rng: [Case("one", (1.0,)), Case("an array", (np.array([1.0, 2.0]),))],
    oracle=lambda x: 2 * x,
)  # fmt: skip
GOOD = "def double(x):\n    return 2 * x"
QUICK = Limits(cell_seconds=1.0, check_seconds=1.0, grace=0.5)
CHECK = None


def run(*cells: str | None, limits: Limits = QUICK) -> list[Ran]:
    """Run cells; None is the check."""
    steps = [Step(i, source or "", exercise=DOUBLE if source is None else None) for i, source in enumerate(cells)]
    return run_plan(steps, lambda exercise: list(exercise.cases(np.random.default_rng(0))), limits)


def values(ran: Ran) -> list[object]:
    return [np.asarray(o.value).tolist() if o.raised is None else o.raised.type_name for o in ran.observations]


def text(ran: Ran) -> str:
    return "".join(str(o.get("text", o.get("data", {}).get("text/plain", ""))) for o in ran.outputs)


def test_cells_run_in_one_namespace_and_probes_give_data() -> None:
    first, check = run(GOOD, CHECK)
    assert first.ending == check.ending == "ok"
    assert values(check) == [2.0, [2.0, 4.0]]


def test_outputs_are_those_of_a_notebook() -> None:
    (ran,) = run("import sys\nprint('out')\nprint('err', file=sys.stderr)\n6 * 7")
    assert [o["output_type"] for o in ran.outputs] == ["stream", "stream", "execute_result"]
    assert [o.get("name") for o in ran.outputs] == ["stdout", "stderr", None]
    assert ran.outputs[2]["data"]["text/plain"] == "42"


def test_figures_widgets_magics_and_await_work() -> None:
    figure, widget, magic, awaited = run(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "import ipywidgets\nipywidgets.IntSlider()",
        "%%python\nprint('from another process')",
        "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
        limits=Limits(),
    )
    assert figure.outputs[0]["data"]["image/png"].startswith("iVBOR")
    assert "IntSlider" in text(widget)
    assert "from another process" in text(magic)
    assert text(awaited) == "'awaited'"


def test_an_error_is_an_output_and_the_rest_goes_on() -> None:
    broken, after = run("1 / 0", "'still here'")
    assert (broken.ending, broken.error[0], broken.outputs[0]["ename"]) == ("error",) + ("ZeroDivisionError",) * 2
    assert text(after) == "'still here'"


def test_a_crash_costs_its_own_cell() -> None:
    before, crash, check = run(GOOD, "import os\nos._exit(3)", CHECK)
    assert (before.ending, crash.ending, check.ending) == ("ok", "crashed", "ok")
    assert crash.said == "the process ended itself with code 3"
    assert values(check) == [2.0, [2.0, 4.0]]


def test_a_signal_is_named() -> None:
    (ran,) = run("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)")
    assert ran.said == "the process was ended by SIGSEGV"


def test_a_crash_inside_a_check_costs_that_check_and_keeps_what_came_before() -> None:
    bad = "def double(x):\n    import os\n    return 2 * x if isinstance(x, float) else os._exit(1)"
    _, crashed, _, check = run(bad, CHECK, GOOD, CHECK)
    assert (crashed.ending, values(crashed)) == ("crashed", [2.0])
    assert values(check) == [2.0, [2.0, 4.0]]


def test_a_loop_that_can_be_interrupted_keeps_the_state() -> None:
    _, loop, check = run(GOOD + "\nstate = []", "state.append(1)\nwhile True: pass", "state")
    assert loop.ending == "timed_out"
    assert text(check) == "[1]"  # not replayed: the worker survived


def test_a_loop_that_swallows_everything_is_killed_and_the_rest_replayed() -> None:
    stubborn = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    _, loop, check = run(GOOD, stubborn, CHECK)
    assert loop.ending == "timed_out"
    assert loop.said == "it ran longer than 1 seconds"
    assert values(check) == [2.0, [2.0, 4.0]]


def test_a_check_that_never_ends_is_timed_out() -> None:
    _, check, after = run("def double(x):\n    while True: pass", CHECK, "'after'")
    assert (check.ending, check.observations) == ("timed_out", [])
    assert text(after) == "'after'"


def test_an_illustration_of_what_never_ends_is_left_out() -> None:
    _, _, shown = run("def double(x):\n    while True: pass", CHECK, 'with needs("99.double"):\n    double(1)')
    assert shown.ending == "left_out"


def test_the_submission_has_a_limit_too() -> None:
    began = time.monotonic()
    done = run(*["import time\ntime.sleep(0.8)"] * 9, limits=Limits(submission_seconds=4))
    assert {ran.ending for ran in done} >= {"ok", "out_of_time"}
    assert done[-1].said == "the submission used up its 4 seconds"
    assert time.monotonic() - began < 30


def test_restarts_are_bounded() -> None:
    done = run(*["import os\nos._exit(1)"] * 3, limits=Limits(restarts=1))
    assert [ran.ending for ran in done] == ["crashed"] * 3
    assert "not started again" in done[-1].said


def test_a_missing_name_and_a_value_that_is_no_function_are_told_apart() -> None:
    missing, _, uncallable = run(CHECK, "double = 3", CHECK)
    assert (missing.ending, missing.missing) == ("missing", ("double",))
    assert (uncallable.ending, uncallable.missing) == ("uncallable", ("double: int",))


def test_no_verdict_can_be_had_in_there() -> None:
    imported, found, pending = run(
        "import dlcourse_utils.checks",
        "import importlib.util\nimportlib.util.find_spec('dlcourse_utils.checks')",
        "from dlcourse_utils import check\ncheck('02.relu', abs).status",
    )
    assert imported.error[0] == "ModuleNotFoundError"
    assert found.outputs == []
    assert text(pending) == "'pending'"


def test_the_pipe_is_out_of_reach_of_prints_and_forks() -> None:
    written, forked, check = run(
        "import os\nos.write(1, b'raw bytes'); os.system('echo from a shell');",
        GOOD + "\nimport os\nif os.fork() == 0: pass",  # the copy goes on as if it were the original
        CHECK,
    )
    assert "raw bytes" in text(written)
    assert "from a shell" in text(written)
    assert forked.ending == "ok"
    assert values(check) == [2.0, [2.0, 4.0]]


def test_a_flood_of_output_is_bounded() -> None:
    (ran,) = run("print('x' * 50_000_000)", limits=Limits())
    assert len(text(ran)) < 300_000
    assert "more characters are not kept" in text(ran)


def test_forged_answers_are_no_answers() -> None:
    forge = """
import gc, dlcourse_utils.probes.pipe as p
pipe = next(o for o in gc.get_objects() if isinstance(o, p.Pipe))
pipe.send({"said": "observation", "turn": 1, "case": 0, "observation": {"value": 2.0}})
pipe.send({"said": "done", "turn": 1, "status": "correct"})
"""
    forged, check = run(GOOD + forge, CHECK)
    assert forged.observations == []
    assert (forged.ending, forged.said) == ("crashed", "it answered out of turn")
    assert check.ending == "missing"  # replayed without the cell that forged


def test_random_numbers_are_the_same_on_every_run() -> None:
    draw = "import random, numpy\n(random.random(), float(numpy.random.rand()))"
    assert text(run(draw)[0]) == text(run(draw)[0])


def test_nothing_is_left_behind() -> None:
    import psutil

    child = Child()
    folder = child._folder.name
    command = ["sleep", f"987.{os.getpid()}"]  # no other run of this test has the same
    list(child.ask({"do": "cell", "source": f"import subprocess\nsubprocess.Popen({command})", "seconds": 5}, 9))
    child.stop()
    assert not os.path.exists(folder)
    time.sleep(0.1)
    assert not [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == command]


@pytest.mark.parametrize("cells", [[], ["pass"]])
def test_small_plans_are_fine(cells: Sequence[str]) -> None:
    assert len(run(*cells)) == len(cells)
