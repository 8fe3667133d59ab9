"""The page that `benchmarks/chapters.py` writes: three tables in Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from chapters_facts import Chapter, machine
from milestones import Milestone, shown

HEAD = """# Results

Written by `make bench`; do not edit. It runs every solved notebook and measures every milestone with the code of
`solutions/`. Measured on {machine}.
Other work may have run beside it: wall seconds are an upper bound, CPU seconds are what counts.

"""


def page(chapters: Sequence[Chapter], seeds: int, threads: int, left_out: Sequence[str] = ()) -> str:
    """Return the whole page; left_out names the chapters that this run did not ask for."""
    parts = [*_notebooks(chapters), *_missing(left_out), "", *_milestones(chapters, seeds), "", *_devices(chapters)]
    return HEAD.format(machine=machine(threads)) + "\n".join(parts) + "\n"


def _notebooks(chapters: Sequence[Chapter]) -> Iterator[str]:
    yield "## Solved notebooks, from top to bottom\n"
    yield "| chapter | wall seconds | CPU seconds | cards green |"
    yield "|---|--:|--:|--:|"
    for c in chapters:
        cards = f"{c.notebook.green} of {c.notebook.cards}"
        if c.notebook.stopped:
            cards += f"; stopped early by {c.notebook.stopped}"
        yield f"| {c.name} | {c.notebook.wall:.0f} | {c.notebook.cpu:.0f} | {cards} |"
    wall, cpu = (sum(getattr(c.notebook, name) for c in chapters) for name in ("wall", "cpu"))
    yield f"| together | {wall:.0f} | {cpu:.0f} | |"


def _missing(left_out: Sequence[str]) -> Iterator[str]:
    if left_out:
        yield f"\nLeft out of this run: {', '.join(left_out)}."


def _milestones(chapters: Sequence[Chapter], seeds: int) -> Iterator[str]:
    yield "## Milestones\n"
    yield f"Mean ± sample standard deviation over {seeds} seeds; a number that no seed changes stands alone."
    yield "A baseline in **bold** has a better mean than the solution. Seconds are CPU seconds of one training.\n"
    yield "| milestone | measured | to reach | solution | baselines | seconds |"
    yield "|---|---|---|--:|---|--:|"
    for chapter in chapters:
        for m in chapter.cpu:
            baselines = "; ".join(_baseline(m, name) for name in m.baselines)
            seconds = f"{statistics.fmean(m.seconds):.1f}"
            yield f"| {m.exercise} | {m.measure} | {m.goal} | {m.ours} | {baselines} | {seconds} |"
    for c in chapters:
        if c.trouble:
            yield f"\nMeasuring {c.name} was stopped early by {c.trouble}."
    without = [c.name for c in chapters if not c.cpu and not c.trouble]
    if without:
        yield f"\nNot measured yet: {', '.join(without)}."


def _baseline(m: Milestone, name: str) -> str:
    text = f"{name} {shown(m.baselines[name], m.form)}"
    return f"**{text}**" if m.beaten_by(name) else text


def _devices(chapters: Sequence[Chapter]) -> Iterator[str]:
    yield "## CPU and GPU\n"
    pairs = [
        (a, b) for c in chapters for b in c.gpu for a in c.cpu if (a.exercise, a.measure) == (b.exercise, b.measure)
    ]
    if not pairs:
        yield "This machine has no GPU. Where there is one, `make bench` trains every milestone from chapter 06 on"
        yield "there too, with the same settings, and a table here has the numbers and the seconds of both."
        return
    yield "The same training with the same settings on both; CPU seconds beside wall seconds with the GPU.\n"
    yield "| milestone | on the CPU | on the GPU | seconds, CPU | seconds, GPU |"
    yield "|---|--:|--:|--:|--:|"
    for a, b in pairs:
        times = " | ".join(f"{statistics.fmean(m.seconds):.1f}" for m in (a, b))
        yield f"| {a.exercise} | {a.ours} | {b.ours} | {times} |"
