"""Run attacks and print verdict against expectation."""

from __future__ import annotations

import gc
import resource
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

import psutil

from autograde import warm
from autograde.grades import Grade, grade_all
from autograde.plan import Step
from autograde.runner import Limits, run_plan
from dlcourse_utils.checks import cases_for, registry

from . import changing, confusing, exhausting, forging, innocents, killing, reading, surviving
from .attack import RELU, SMALL, START, Attack
from .host import Host

CLASSES = {
    "forging the score": forging.ATTACKS,
    "reading": reading.ATTACKS,
    "changing": changing.ATTACKS,
    "surviving": surviving.ATTACKS,
    "exhausting": exhausting.ATTACKS,
    "killing and tracing": killing.ATTACKS,
    "confusing the judge": confusing.ATTACKS,
    "innocent": innocents.ATTACKS,
}
SEED = 20_240_917
SOFTMAX, OTHER = registry.get("02.softmax"), registry.get("02.relu")
CASES = {exercise.id: cases_for(exercise, SEED) for exercise in (SOFTMAX, OTHER)}


@dataclass
class Row:
    """What came of one attack."""

    attack: Attack
    status: str
    score: float | None
    beside: float | None
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0
    said: str = ""


def steps_of(attack: Attack, answer: str, host: Host) -> list[Step]:
    """Return the submission as the runner takes it."""
    sources = [START, *attack.before]
    steps = [Step(i, host.fill_in(source)) for i, source in enumerate(sources)]
    steps.append(Step(len(steps), host.fill_in(answer), "02-softmax"))
    steps += [Step(len(steps) + i, source) for i, source in enumerate(attack.between)]
    steps.append(Step(len(steps), "", "02-softmax-check", SOFTMAX))
    steps.append(Step(len(steps), RELU, "02-relu"))
    steps.append(Step(len(steps), "", "02-relu-check", OTHER))
    return steps


def grade(steps: list[Step], seconds: float) -> dict[str, Grade]:
    """Run and judge one submission in the sandbox."""
    limits = Limits(seconds, seconds, 60.0, restarts=6, grace=1.0)
    done = run_plan(steps, lambda exercise: CASES[exercise.id], limits, partial(warm.fork, False, SMALL))
    return grade_all(done, CASES, SEED)


def try_out(attack: Attack, host: Host) -> Row:
    """Run one attack (and the submission after it) and compare with what is expected."""
    peak, began = _peak(), time.monotonic()
    grades = grade(steps_of(attack, attack.answer, host), attack.seconds)
    mine, beside = grades[SOFTMAX.id], grades[OTHER.id]
    row = Row(attack, mine.status, mine.score, beside.score, said=mine.said)
    if mine.status not in attack.expects:
        row.faults.append(f"{mine.status}, not {' or '.join(attack.expects)}")
    earned = "nothing" if mine.score == 0 else "full" if mine.score == mine.max else "less"
    if mine.score is None or earned not in {"less": ("less", "nothing")}.get(attack.earns, (attack.earns,)):
        row.faults.append(f"earned {mine.score}, not {attack.earns}")
    if attack.beside != "any" and beside.score != {"full": beside.max, "nothing": 0.0}[attack.beside]:
        row.faults.append(f"the honest exercise earned {beside.score} ({beside.status}: {beside.said})")
    if _peak() - peak > attack.host_bytes:
        row.faults.append(f"the grader took {(_peak() - peak) >> 20} MB more")
    row.faults += [f"left: {what}" for what in host.left(ours())]
    if attack.then:
        following = grade(steps_of(Attack(""), attack.then, host), attack.seconds)
        if following[SOFTMAX.id].score != 0 or following[OTHER.id].score != following[OTHER.id].max:
            row.faults.append(f"reached the next submission ({following[SOFTMAX.id].said})")
    row.seconds = time.monotonic() - began
    gc.collect()
    return row


def ours() -> set[int]:
    """Return the processes that stay: the warm parent inside its bubblewrap."""
    parents = [parent._process.pid for parent in _warm_parents()]
    inside = [p for pid in parents for p in psutil.Process(pid).children()]
    return {*parents, *(p.pid for p in inside), *(c.pid for p in inside for c in p.children() if _is_warm(c))}


def _is_warm(process: psutil.Process) -> bool:
    return process.ppid() in {c.pid for parent in _warm_parents() for c in psutil.Process(parent._process.pid).children()}


def _warm_parents() -> list[warm.WarmParent]:
    return list(warm._parents.values())


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def line(kind: str, row: Row) -> str:
    """Return one row of the table."""
    expected = f"{'/'.join(row.attack.expects[:2])}{'…' if len(row.attack.expects) > 2 else ''}, {row.attack.earns}"
    came = f"{row.status} {row.score}"
    verdict = "as expected" if not row.faults else "; ".join(row.faults)
    open_ = " (open: flagged by verification only)" if row.attack.flagged else ""
    return f"{kind:20} {row.attack.name:60} {expected:28} {came:18} {verdict}{open_}"


def totals(rows: Iterable[tuple[str, Row]]) -> str:
    """Return how many came out as expected, by class."""
    all_, good = Counter[str](), Counter[str]()
    for kind, row in rows:
        all_[kind] += 1
        good[kind] += not row.faults
    lines = [f"{kind:20} {good[kind]:3} of {all_[kind]:3} as expected" for kind in all_]
    return "\n".join([*lines, f"{'together':20} {good.total():3} of {all_.total():3}"])
