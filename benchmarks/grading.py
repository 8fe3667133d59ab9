"""What grading costs: stock nbgrader, otter and `dlcourse grade` on one and the same class, in one run.

    python benchmarks/grading.py [--count 30] [--real 02=4 --real 06=2] [--write docs/benchmarks/grading.md]

The trivial class has ten graded cells that cost little, so what is measured is the grader. The real ones are whole
chapters, where the learner's own cells count. All graders have the same machine, the same cores, the same time-out
for a cell, the same checks, and one thread in every process; `dlcourse grade` has its sandbox on.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grading_classes import SECONDS, SchoolClass, real, trivial
from grading_table import page
from measuring import Cost, run

HERE = Path(__file__).resolve().parent
SEED = 7
PLAIN = ("--no-recheck", "--no-verify")
WORKERS = (1, 2)
PASSES = 2  # of ours after the one before nbgrader's, with each number of workers; the median of them counts


@dataclass
class Measured:
    """Everything about one class; per grader its label, cost in all, and the submissions that it graded."""

    school: SchoolClass
    learners: list[str]
    rows: list[tuple[str, Cost, int]] = field(default_factory=list)
    floor: float = 0.0
    points: dict[str, list[float]] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    skipped: str = ""


def ours(
    school: SchoolClass, folder: Path, learners: Sequence[str], *options: str, workers: int = 1, watch: bool = False,
    phases: bool = False, out: str = "out", keep: bool = False,
) -> tuple[Cost, dict[str, Any]]:  # fmt: skip
    """Grade with `dlcourse grade` in a fresh course folder, or with `keep` in the one that is there."""
    place = folder / out
    if not keep:
        shutil.rmtree(place, ignore_errors=True)
    chosen = folder / "chosen"
    shutil.rmtree(chosen, ignore_errors=True)
    chosen.mkdir(parents=True)
    for name in learners:
        (chosen / f"{name}.ipynb").write_bytes(school.files[name])
    result = folder / "told.json"
    command = [sys.executable, str(HERE / "grading_ours.py"), str(result), school.name, "--submissions", str(chosen),
               "--out", str(place), "--json", str(folder / "grades.json"), "--solutions", str(school.texts),
               "--seed", str(SEED), "--workers", str(workers), "--cell-seconds", str(SECONDS), *options]  # fmt: skip
    os.environ["DLCOURSE_BENCH_PHASES"] = "1" if phases else ""
    cost = run(command, folder, watch)
    if not result.exists():
        raise RuntimeError(f"dlcourse grade failed: {cost.said[-2000:]}")
    told = json.loads(result.read_text(encoding="utf-8"))
    result.unlink()
    if told["code"] != 0:
        raise RuntimeError(f"dlcourse grade exited with {told['code']}: {cost.said[-2000:]}")
    cpu = told["own"] + told["helpers"] + told["parents"] + told["workers"]
    grades = json.loads((folder / "grades.json").read_text(encoding="utf-8"))["learners"]
    return Cost(cost.wall, cpu, cost.memory), told | {"points": [grades[name]["score"] for name in learners]}


def measure(
    school: SchoolClass, learners: list[str], folder: Path, cache: Path, memory: bool, with_otter: int
) -> Measured:
    """Grade the class with everything; the smaller the class, the more the start-ups weigh in each figure."""
    from grading_others import floor, nbgrader, otter, otter_environment

    done = Measured(school, learners)
    count = len(learners)

    def note(label: str, cost: Cost, n: int = count) -> None:
        done.rows.append((label, cost, n))
        print(f"{school.name:24} {label:44} {n:3} {cost.wall:8.1f} s wall {cost.cpu:8.1f} s CPU", flush=True)

    # The machine's speed changes by the minute and our passes are short: one before nbgrader's, the others after it.
    passes = {workers: [ours(school, folder, learners, *PLAIN, workers=workers)] for workers in WORKERS if memory}
    cost, done.points["nbgrader"] = nbgrader(school, folder, learners)
    note("nbgrader autograde", cost)
    program, why_not = otter_environment(cache)
    if program is None:
        done.skipped = f"otter is not here: {why_not}"
    else:
        some = learners[:with_otter]
        costs, done.points["otter"] = otter(school, folder, some, program)
        note("otter run", Cost(sum(c.wall for c in costs), sum(c.cpu for c in costs)), len(some))
    for workers in WORKERS:
        found = passes.get(workers, [])
        found += [ours(school, folder, learners, *PLAIN, workers=workers) for _ in range(PASSES if found else 1)]
        cost, told = sorted(found, key=lambda one: one[0].wall)[len(found) // 2]
        note(f"dlcourse grade, {workers} worker{'s' * (workers > 1)}", cost)
        done.details[f"workers {workers}"] = told
    done.points["dlcourse"] = told["points"]
    cost, done.details["phases"] = ours(school, folder, learners, *PLAIN, phases=True)
    note("… with every wrong answer run twice", ours(school, folder, learners, "--no-verify")[0])
    note("… with full marks looked at again", ours(school, folder, learners, "--no-recheck")[0])
    note("… with both, as it is by default", ours(school, folder, learners, out="kept")[0])
    note("… again, nothing changed", ours(school, folder, learners, out="kept", keep=True)[0])
    school.files[learners[0]] = school.files[learners[0]].replace(b"# handed in by", b"# handed in again by")
    note("… again, one notebook changed", ours(school, folder, learners, out="kept", keep=True)[0])
    done.floor = statistics.fmean(floor(school, learners, SEED))
    if memory:
        few = learners[:6]
        peaks = {"nbgrader": nbgrader(school, folder, few, watch=True)[0].memory}
        if program is not None:
            peaks["otter"] = max(c.memory for c in otter(school, folder, few[:2], program, watch=True)[0])
        for n in (1, 2, 3):
            peaks[f"{n}"] = ours(school, folder, few, *PLAIN, workers=n, watch=True)[0].memory
        done.details["memory"] = peaks
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=30, help="submissions of the trivial class (default 30)")
    parser.add_argument("--real", action="append", metavar="CHAPTER=COUNT", help="a real class (default 02=6, 06=3)")
    parser.add_argument("--otter", type=int, default=1_000, help="how many of each class otter grades (default all)")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "dlcourse-benchmarks",
                        help="where otter's environment is made")  # fmt: skip
    parser.add_argument("--write", type=Path, help="write the tables as Markdown into this file")
    options = parser.parse_args()
    wanted = [w.partition("=")[::2] for w in (["02=6", "06=3"] if options.real is None else options.real) if w]
    done = []
    with tempfile.TemporaryDirectory(prefix="dlcourse-benchmark-") as name:
        folder = Path(name)
        classes = [trivial(folder / "texts", options.count), *(real(chapter, int(n)) for chapter, n in wanted)]
        for number, school in enumerate(classes):
            place = folder / school.name
            place.mkdir()
            done.append(measure(school, list(school.files), place, options.cache, number == 0, options.otter))
            if options.write:  # after each class: a full run takes its time
                options.write.parent.mkdir(parents=True, exist_ok=True)
                options.write.write_text(page(done), encoding="utf-8")
    print(page(done))


if __name__ == "__main__":
    main()
