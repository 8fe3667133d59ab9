"""Every exercise works with probe and judge in two processes that share only arrays and JSON."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograde.attempts import BEGIN, answer_source, code_cells, definitions, without_solutions
from autograde.proof import ROOT, chapter_text, run, variants_of
from dlcourse_utils.checks import Exercise, Result, cases_for, judge, registry
from dlcourse_utils.probes.observe import Observation
from dlcourse_utils.probes.wire import pack, unpack

SEED = 11


class LearnerSide:
    """The other process."""

    def __init__(self) -> None:
        program = Path(__file__).with_name("learner_side.py")
        self.process = subprocess.Popen(
            [sys.executable, str(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        )

    def observe(self, exercise: Exercise, source: str, cases: list[Any]) -> list[Observation]:
        plain = [[list(c.args), dict(c.kwargs)] for c in cases]
        request = {
            "source": source,
            "objects": list(exercise.objects),
            "probe": exercise.probe,
            "cases": plain,
        }
        message = pack(request)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(struct.pack("<I", len(message)) + message)
        self.process.stdin.flush()
        head = self.process.stdout.read(4)
        assert head, "the learner's side died"
        return [Observation.from_plain(p) for p in unpack(self.process.stdout.read(struct.unpack("<I", head)[0]))]

    def close(self) -> None:
        self.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def other() -> Iterator[LearnerSide]:
    side = LearnerSide()
    yield side
    side.close()


def facts(result: Result) -> Any:
    """What a verdict comes down to, without the places of a traceback."""
    verdicts = [(c.name, c.verdict.passed, c.verdict.kind, c.verdict.where) for c in result.cases]
    return result.status, result.score, result.diagnosis, verdicts


@pytest.mark.parametrize("exercise_id", registry.ids())
def test_every_verdict_equals_the_one_in_process(exercise_id: str, other: LearnerSide) -> None:
    exercise = registry.get(exercise_id)
    wrong = (*exercise.mistakes, *exercise.conventions)
    right = tuple(variants_of(exercise.id).VARIANTS)
    cases = cases_for(exercise, SEED)
    for implementation in (*wrong, *right):
        here = run(exercise, exercise.attempt_of(implementation), SEED)
        seen = other.observe(exercise, answer_source(exercise, implementation), cases)
        there = judge(exercise, cases, seen, SEED)
        assert facts(there) == facts(here), implementation.__name__


@pytest.mark.parametrize("exercise_id", registry.ids())
def test_solution_and_stub_across_the_line(exercise_id: str, other: LearnerSide) -> None:
    exercise = registry.get(exercise_id)
    cases = cases_for(exercise, SEED)
    text = "\n\n".join(code_cells(chapter_text(exercise.id)))
    assert BEGIN in text
    solved = judge(exercise, cases, other.observe(exercise, definitions(text), cases), SEED)
    assert (solved.status, solved.score) == ("correct", 1.0), str(solved)
    stub = judge(exercise, cases, other.observe(exercise, definitions(without_solutions(text)), cases), SEED)
    assert (stub.status, stub.score) == ("not_attempted", 0.0), str(stub)


def test_the_other_side_cannot_import_the_judge(other: LearnerSide) -> None:
    exercise = registry.get("02.softmax")
    source = "try:\n    import dlcourse_utils.checks\nexcept ModuleNotFoundError:\n    def softmax(z): return 1.5\n"
    (first,) = other.observe(exercise, source, cases_for(exercise, SEED)[:1])
    assert first.value == 1.5
