"""Full marks that the answer cells do not earn by themselves are flagged; what only defines is told from what acts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograde.atomic import write_bytes
from autograde.build import Built
from autograde.commands import grade
from autograde.course import Course
from autograde.grades import Grade
from autograde.plan import Step
from autograde.results import Results
from autograde.sample_class import submissions
from autograde.verify import defining, told_if_unearned
from dlcourse_utils.checks import registry
from dlcourse_utils.probes.definitions import only_definitions
from tests.autograde import tiny
from tests.autograde.handmade import course_like


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("import numpy as np\nfrom math import exp", "import numpy as np\nfrom math import exp"),
        ("from math import *", ""),
        ("def f(x): return x\nf(1)", "def f(x):\n    return x"),
        ("@decorated\nclass A: pass", "@decorated\nclass A:\n    pass"),
        ("a = 1\nb, (c, d) = 1, (2, 3)\ne: int = 4", "a = 1\nb, (c, d) = (1, (2, 3))\ne: int = 4"),
        ("worker.observe = 1\ntable[0] = 1\nx, y.z = 1, 2\na += 1\ndel a", ""),
        ("for i in range(3): f = i\nwhile True: pass\nwith a: pass\nassert a\nif a: f = 1", ""),
        ("softmax = theirs\nhelper = 1", "helper = 1"),
        ("def softmax(z): pass\nfrom theirs import x as softmax", ""),
        ("not python", ""),
    ],
)
def test_only_what_defines_is_kept(source: str, kept: str) -> None:
    assert only_definitions(source, ["softmax"]) == kept


def test_what_is_under_test_comes_from_its_own_answer_cells() -> None:
    softmax, relu = registry.get("02.softmax"), registry.get("02.relu")
    steps = [Step(0, "import x"), Step(1, "a", "02-softmax"), Step(2, "b", "02-softmax-2"), Step(3, "", "", softmax),
             Step(4, "c", "02-relu"), Step(5, "", "", relu)]  # fmt: skip
    again = defining(steps, {"02.softmax"})
    assert [step.index for step in again] == [0, 1, 2, 3, 4]
    assert [step.defines_without for step in again] == [("relu", "softmax"), ("relu",), ("relu",), None, ("softmax",)]


REBOUND = """right = lambda z: np.exp(z - z.max(axis=1, keepdims=True))
softmax = lambda z: right(z) / right(z).sum(axis=1, keepdims=True)"""


@pytest.fixture
def suspect(built: Built, tmp_path: Path) -> Path:
    """A folder with one submission: a wrong answer, and the right one bound to its name just before the check."""
    solved = json.loads(dict(submissions(built))["full_marks"])
    at = next(n for n, cell in enumerate(solved["cells"]) if cell["id"] == "02-softmax")
    solved["cells"][at]["source"] = "def softmax(z):\n    return np.zeros_like(z)"
    solved["cells"].insert(at + 1, {"cell_type": "code", "id": "mine", "metadata": {}, "source": REBOUND,
                                    "outputs": [], "execution_count": None})  # fmt: skip
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "eve.ipynb").write_text(json.dumps(solved))
    return tmp_path / "in"


@pytest.mark.parametrize("on", [True, False])
def test_a_flag_reaches_the_teacher_and_costs_nothing(
    suspect: Path, solutions: Path, tmp_path: Path, on: bool
) -> None:
    out = tmp_path / "out"
    options = ["02", "--submissions", suspect, "--out", out, "--solutions", solutions]
    words = "what the notebook defines does not by itself (incorrect)"
    for _ in range(2):  # the second time from the kept run
        result = CliRunner().invoke(grade, [*map(str, options), *([] if on else ["--no-verify"])])
        assert (words in " ".join(result.output.replace("│", " ").split())) is on
        assert result.exit_code == 0
    folder = out / "autograded/eve/02_tiny"
    kept = json.loads((folder / "dlcourse-results.json").read_text())["exercises"]
    assert [(e["score"], e["doubt"] is not None) for e in kept] == [(1, False), (1, on), (1, False)]
    assert (words in (folder / "02_tiny.ipynb").read_text()) is on
    page = (out / "reports/02_tiny.html").read_text()
    assert ("values from elsewhere" in page) is on
    assert words not in (out / "feedback/eve/02_tiny/02_tiny.html").read_text()  # not for the learner


def test_nbgraders_own_pass_flags_the_same(
    suspect: Path, recorded: Course, tmp_path: Path
) -> None:
    course = course_like(recorded, tmp_path / "own")
    write_bytes(course.submission("eve", tiny.NAME), (suspect / "eve.ipynb").read_bytes())
    course.grade(tiny.NAME, "eve")
    results = Results.load(course.autograded("eve", tiny.NAME))
    assert results is not None
    assert [(grade.score, bool(grade.doubt)) for grade in results.grades] == [(1, False), (1, True), (1, False)]


def test_only_less_than_full_marks_raises_a_doubt() -> None:
    full, less = Grade("02.relu", "correct", 1.0, 1.0), Grade("02.relu", "incorrect", 0.5, 1.0)
    assert told_if_unearned(full, None) is told_if_unearned(full, full) is full
    assert told_if_unearned(full, Grade("02.relu", "not_graded", None, 1.0)) is full  # ours
    assert told_if_unearned(less, Grade("02.relu", "broken", 0.0, 1.0)) is less
    assert "(incorrect)" in str(told_if_unearned(full, less).doubt)
    assert told_if_unearned(full, less).score == 1.0


def test_what_came_out_the_same_is_not_kept() -> None:
    from autograde.runner import Ran
    from autograde.twice import unlike
    from dlcourse_utils.probes import Observation

    relu = Step(1, "", "", registry.get("02.relu"))

    def ran(value: float, ending: str = "ok") -> list[Ran]:
        return [Ran(Step(0, "a"), seconds=value), Ran(relu, ending, observations=[Observation(value)], seconds=value)]  # type: ignore[arg-type]

    assert unlike(ran(1.0), ran(1.0), {"02.relu"}) == []
    assert unlike(ran(float("nan")), ran(float("nan")), {"02.relu"}) == []
    for other in (ran(2.0), ran(1.0, "crashed"), ran(1.0)[:1]):
        assert unlike(ran(1.0), other, {"02.relu"}) == other
