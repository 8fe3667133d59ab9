"""The figures of benchmarks/grading.py as Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from autograde.plan import is_check

if TYPE_CHECKING:
    from grading import Measured


def page(done: Sequence[Measured]) -> str:
    """Return the whole page."""
    parts = [
        "# What grading costs\n",
        "Written by `python benchmarks/grading.py --write docs/benchmarks/grading.md`; do not edit. "
        f"{_processor()}, {os.cpu_count()} cores, Linux {platform.release().partition('-')[0]}, "
        f"Python {platform.python_version()}, nbgrader {version('nbgrader')}, otter-grader 7.0.0. "
        "Every grader had the same submissions, cores, checks and 30 seconds for a cell; `dlcourse grade` had its "
        "sandbox on, and wrote gradebook, feedback and report. The machine is shared: wall seconds vary, CPU "
        "seconds less. Our first two figures for the trivial class are medians of three passes, the first of them "
        "before nbgrader's. Start-up is in all figures.\n",
    ]
    for measured in done:
        parts += [_class(measured), _against(measured)]
        if "memory" in measured.details:
            parts.append(_memory(measured.details["memory"]))
        parts.append(_phases(measured))
    return "\n".join(parts)


def _class(measured: Measured) -> str:
    count = len(measured.learners)
    checks = sum(map(is_check, measured.school.built.notebook().cells))
    rows = [
        (label if n == count else f"{label} ({n} of them)", f"{cost.wall:.1f}", f"{cost.cpu:.1f}",
         f"{cost.wall / n:.3f}", f"{cost.cpu / n:.3f}")
        for label, cost, n in measured.rows
    ]
    rows.append(("floor: bare exec in a warm fork", "", f"{measured.floor * count:.1f}", "", f"{measured.floor:.3f}"))
    heads = ("grader", "wall s", "CPU s", "wall s each", "CPU s each")
    skipped = f"\n{measured.skipped}\n" if measured.skipped else ""
    return f"## {measured.school.name}: {count} submissions, {checks} checks\n\n{table(heads, rows)}{skipped}"


def _against(measured: Measured) -> str:
    costs = {label: cost for label, cost, _ in measured.rows}
    graded = {label: n for label, _, n in measured.rows}
    count = len(measured.learners)
    lines = []
    for workers in (1, 2):
        mine = costs[f"dlcourse grade, {workers} worker{'s' * (workers > 1)}"]
        for other in ("nbgrader autograde", "otter run"):
            if other in costs:
                share = count / graded[other]
                wall, cpu = share * costs[other].wall / mine.wall, share * costs[other].cpu / mine.cpu
                against = f"{workers} worker{'s' * (workers > 1)}"
                lines.append(f"- {other} against {against}: {wall:.1f} × the wall time, {cpu:.1f} × the CPU time")
    told = measured.details["workers 1"]
    one = costs["dlcourse grade, 1 worker"]
    if told["start"]:
        _, own = told["start"]
        parents = told["parents"]
        marginal = (one.cpu - own - parents) / count
        lines.append(
            f"- of the CPU time with 1 worker, {own:.1f} s are our start until the first submission is done with, and "
            f"{parents:.1f} s the warm parent's; what is left is {marginal:.3f} s a submission, "
            f"{marginal - measured.floor:.3f} s above the floor"
        )
    both, plain = costs["… with both, as it is by default"], one
    lines.append(f"- verification and the second run of wrong answers together: {(both.cpu - plain.cpu) / count:+.3f} "
                 "CPU-s a submission")  # fmt: skip
    return "\n".join(lines) + "\n"


def _memory(peaks: dict[str, float]) -> str:
    heads = ("grader", "highest memory of all its processes, MB")
    ours = {n: peaks[n] for n in ("1", "2", "3")}
    rows = [(name, f"{peaks[name]:.0f}") for name in ("nbgrader", "otter") if name in peaks]
    rows += [(f"dlcourse grade, {n} worker{'s' * (n > '1')}", f"{peak:.0f}") for n, peak in ours.items()]
    return f"{table(heads, rows)}\nA page that processes share counts once. For a worker's own share see memory.md.\n"


def _phases(measured: Measured) -> str:
    told: dict[str, Any] = measured.details["phases"]
    count = len(measured.learners)
    phases = sorted(told["phases"].items(), key=lambda phase: -phase[1])
    rows = [(name, f"{1000 * seconds / count:.1f}") for name, seconds in phases]
    rest = told["own"] - sum(told["phases"].values())
    rows += [
        ("start of Python, imports and all else of the grading process", f"{1000 * rest / count:.1f}"),
        ("the submission in its worker, with the worker's start and end", f"{1000 * told['workers'] / count:.1f}"),
        ("the warm parent: its imports, and forks", f"{1000 * told['parents'] / count:.1f}"),
        ("helper processes", f"{1000 * told['helpers'] / count:.1f}"),
    ]
    return f"Where the CPU time goes (1 worker, milliseconds a submission):\n\n{table(('what', 'ms'), rows)}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; columns after the first are numbers."""
    lines = [f"| {' | '.join(heads)} |", f"|---|{'---:|' * (len(heads) - 1)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="ascii") as file:
            return next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
