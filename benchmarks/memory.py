"""What a further worker takes: `python benchmarks/memory.py [--write docs/benchmarks/memory.md] [CHAPTER …]`.

Workers are started one after the other from one warm parent. Each runs all cells of a solved chapter, and stays. After
each the proportional set size of everything is summed up: a page that processes share counts once.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from grading_table import table
from measuring import tree_memory

from autograde.build import build_chapter
from autograde.course import SOLUTIONS
from autograde.plan import plan_of
from autograde.sample_class import exercises_of, solved
from autograde.texts import find_chapter
from autograde.workers import starter

SECONDS = 300


def sizes(chapter: str, workers: int) -> list[float]:
    """Return the memory of all processes in MB: of this one and the warm parent, and after each worker."""
    name = find_chapter(chapter, SOLUTIONS)
    built = build_chapter(SOLUTIONS / f"{name}.py")
    steps = plan_of(solved(built, exercises_of(built)))
    start = starter("bwrap", name, sources=[step.source for step in steps])
    start().stop()  # from now on there is a warm parent
    found, lines = [tree_memory(os.getpid())], []
    for _ in range(workers):
        line = start()
        lines.append(line)
        for step in steps:
            if step.exercise is None:
                for _ in line.ask({"do": "cell", "source": step.source, "seconds": SECONDS}, SECONDS + 5):
                    pass
        found.append(tree_memory(os.getpid()))
    for line in lines:
        line.stop()
    return found


def page(found: Sequence[tuple[str, list[float]]]) -> str:
    """Return the table as Markdown."""
    rows = []
    for chapter, at in found:
        further = [b - a for a, b in pairwise(at[1:])]
        rows.append((chapter, f"{at[0]:.0f}", f"{at[1] - at[0]:.0f}", ", ".join(f"{more:.0f}" for more in further)))
    heads = ("chapter", "grader and warm parent, MB", "first worker, MB", "each further one, MB")
    return (
        "# What a further worker takes\n\nWritten by `python benchmarks/memory.py --write docs/benchmarks/memory.md`; "
        f"do not edit. Linux {platform.release().partition('-')[0]}, Python {platform.python_version()}. Each worker "
        "has run all cells of the solved chapter. A page that processes share counts once.\n\n"
        f"{table(heads, rows)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chapters", nargs="*", default=["02", "06"])
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--write", type=Path, help="write the table as Markdown into this file")
    options = parser.parse_args()
    text = page([(chapter, sizes(chapter, options.workers)) for chapter in options.chapters])
    print(text)
    if options.write:
        options.write.parent.mkdir(parents=True, exist_ok=True)
        options.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
