"""Run attacks and compare verdict with expectation."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil

from autograde import warm
from autograde.grades import grade_all
from autograde.intake import RejectedError, notebook_from
from autograde.plan import Step
from autograde.runner import Limits, run_plan
from autograde.verify import disagreements
from dlcourse_utils.checks import Exercise, cases_for, registry

from . import changing, confusing, exhausting, forging, innocents, killing, reading, surviving
from .attack import RELU, SMALL, START, Attack
from .host import Host

CLASSES = {
    "forging": forging.ATTACKS,
    "reading": reading.ATTACKS,
    "changing": changing.ATTACKS,
    "surviving": surviving.ATTACKS,
    "exhausting": exhausting.ATTACKS,
    "killing": killing.ATTACKS,
    "confusing": confusing.ATTACKS,
    "innocent": innocents.ATTACKS,
}
SEED = 20_240_917
LIMITS = Limits(20.0, 20.0, 60.0, restarts=6, grace=1.0)
SOFTMAX, OTHER = registry.get("02.softmax"), registry.get("02.relu")
CASES = {exercise.id: cases_for(exercise, SEED) for exercise in (SOFTMAX, OTHER)}
start = partial(warm.fork, False, SMALL)


@dataclass(frozen=True)
class Row:
    """One line of the table; no `faults` means that it came out as expected."""

    kind: str
    name: str
    expected: str
    came: str
    faults: tuple[str, ...] = ()
    note: str = ""
    seconds: float = field(default=0.0, compare=False)

    def __str__(self) -> str:
        verdict = "; ".join(self.faults) or "as expected"
        return f"{self.kind:10} {self.name:62} {self.expected:26} {self.came:18} {verdict}{self.note}"


def plan_of(answer: str, before: Iterable[str] = (), between: Iterable[str] = ()) -> list[Step]:
    """Return a submission as the runner takes it: 02.softmax attacked, 02.relu honest below it."""
    cells: list[tuple[str, str, Exercise | None]] = [(START, "", None), *((source, "", None) for source in before)]
    cells += [(answer, "02-softmax", None), *((source, "", None) for source in between)]
    cells += [('check("02.softmax", softmax)', "02-softmax-check", SOFTMAX)]
    cells += [(RELU, "02-relu", None), ('check("02.relu", relu)', "02-relu-check", OTHER)]
    return [Step(number, *cell) for number, cell in enumerate(cells)]


def try_out(kind: str, attack: Attack, host: Host) -> Row:
    """Run one attack, and the submission after it, and compare with what is expected."""
    began, faults = time.monotonic(), []
    limits = Limits(attack.seconds, attack.seconds, 60.0, LIMITS.restarts, LIMITS.grace)
    steps = plan_of(host.fill_in(attack.answer), map(host.fill_in, attack.before), attack.between)
    before = _peak(reset=True)
    grades = grade_all(run_plan(steps, lambda exercise: CASES[exercise.id], limits, start), CASES, SEED)
    mine, beside = grades[SOFTMAX.id], grades[OTHER.id]
    if mine.status not in attack.expects:
        faults.append(f"{mine.status} ({mine.said})")
    earned = "nothing" if mine.score == 0 else "full" if mine.score == mine.max else "less"
    if mine.score is None or earned not in {"less": ("less", "nothing")}.get(attack.earns, (attack.earns,)):
        faults.append(f"earned {mine.score}")
    if attack.beside != "any" and beside.score != {"full": beside.max, "nothing": 0.0}[attack.beside]:
        faults.append(f"the honest exercise earned {beside.score} ({beside.status}: {beside.said})")
    if _peak() - before > attack.host_bytes:
        faults.append(f"the grader took {(_peak() - before) >> 20} MB more")
    faults += [f"left: {what}" for what in host.left(staying())]
    flagged = SOFTMAX.id in disagreements(steps, {SOFTMAX.id: mine}, CASES, SEED, limits, start)
    if flagged != attack.flagged:
        faults.append("flagged by the re-run" if flagged else "not flagged by the re-run")
    if attack.then:
        steps = plan_of(host.fill_in(attack.then))
        following = grade_all(run_plan(steps, lambda exercise: CASES[exercise.id], limits, start), CASES, SEED)
        if following[SOFTMAX.id].score != 0 or following[OTHER.id].score != beside.max:
            faults.append(f"reached the next submission ({following[SOFTMAX.id].said})")
    expected = f"{'/'.join(attack.expects[:2])}{'…' if len(attack.expects) > 2 else ''}, {attack.earns}"
    note = " — open: only the re-run flags it" if attack.flagged else " — open" if attack.open else ""
    came = f"{mine.status} {mine.score}"
    return Row(kind, attack.name, expected, came, tuple(faults), note, time.monotonic() - began)


def staying() -> set[int]:
    """Return the processes that outlive a submission: bubblewrap, its first process, and the warm parent."""
    found = set()
    for parent in warm._parents.values():
        outer = psutil.Process(parent._process.pid)
        inner = [child for first in outer.children() for child in first.children()]
        found |= {outer.pid, *(p.pid for p in outer.children()), *(p.pid for p in inner[:1])}
    return found


def _peak(reset: bool = False) -> int:
    """Return this process's highest memory since the last reset, in bytes."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+)", status)
    assert found is not None
    return int(found.group(1)) * 1024


def rows(words: Iterable[str] = ()) -> Iterator[Row]:
    """Run everything whose class or name holds one of `words` (all, without words), and yield the table's lines."""
    from . import injection
    from .notebooks import FILES

    def wanted(kind: str, name: str) -> bool:
        return not words or any(word in f"{kind} {name}" for word in words)

    with Host() as host:
        for kind, attacks in CLASSES.items():
            yield from (try_out(kind, attack, host) for attack in attacks if wanted(kind, attack.name))
    for file in FILES:
        if wanted("notebook", file.name):
            try:
                kept = sum(len(cell.get("outputs", [])) for cell in notebook_from(file.raw).cells)
                came = "read" if not kept else "read with outputs"
            except RejectedError:
                came = "refused"
            expected = "refused" if file.refused else "read"
            yield Row("notebook", file.name, expected, came, () if came == expected else (came,))
    for item in injection.INJECTIONS:
        if wanted("injection", item.name):
            made = injection.pages(injection.notebook_with(item))
            faults = tuple(f"{page}: {what}" for page, text in made.items() for what in injection.acting(text))
            yield Row("injection", item.name, "nothing acts", "acts" if faults else "nothing acts", faults)


def totals(done: Iterable[Row]) -> str:
    """Return how many came out as expected, by class."""
    all_, good = Counter[str](), Counter[str]()
    for row in done:
        all_[row.kind] += 1
        good[row.kind] += not row.faults
    lines = [f"{kind:10} {good[kind]:3} of {all_[kind]:3} as expected" for kind in all_]
    return "\n".join([*lines, f"{'together':10} {good.total():3} of {all_.total():3}"])
