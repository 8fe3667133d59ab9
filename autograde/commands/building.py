"""`dlcourse build`: notebooks from the texts, or what is wrong with them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .options import FOLDER


@click.command()
@click.argument("chapter", required=False)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; name every problem and exit with 1.")
@click.option("--run/--no-run", default=True, help="With --check: run the released notebooks with nothing solved.")
@click.option("--solutions", type=FOLDER, help="Folder of the texts. [default: solutions/]")
@click.option("--out", type=FOLDER, help="Folder of the released notebooks. [default: course/]")
def build(chapter: str | None, only_check: bool, run: bool, solutions: Path | None, out: Path | None) -> None:
    """Build the notebooks in course/ from the texts in solutions/: all of them, or the one CHAPTER.

    With --check nothing is written: it fails on any difference, on an answer that reached a released notebook, and on
    a check that gives points to an empty answer.
    """
    from dlcourse_utils.checks import registry

    from .. import build as builder
    from ..course import RELEASED, ROOT, SOLUTIONS, Course
    from ..release_checks import static_problems
    from ..release_run import unsolved_problems
    from ..texts import find_chapter

    out = out or RELEASED
    solutions = solutions or SOLUTIONS
    built = builder.build_all(solutions, None if chapter is None else find_chapter(chapter, solutions))
    if not only_check:
        changed = builder.write_all(built, out)
        if out == RELEASED:  # plain `nbgrader generate_assignment` and formgrader look here
            for item in built:
                if item.is_chapter:
                    builder.put_source(Course(ROOT, RELEASED), item.name, item.source)
        for path in changed:
            click.echo(f"wrote {path}")
        click.echo(f"{len(built)} notebooks built, {len(changed)} changed.")
        return
    problems = list(static_problems(built, out, registry.chapter, complete=chapter is None))
    if run:
        for item in built:
            problems += unsolved_problems(item.name, item.notebook())
    for problem in problems:
        click.echo(problem)
    click.echo(f"{len(built)} notebooks checked, {len(problems)} problems.")
    sys.exit(1 if problems else 0)
