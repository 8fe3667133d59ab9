"""`dlcourse report`: one page over a graded class."""

from __future__ import annotations

from pathlib import Path

import click

from .options import FOLDER, course_folder, database


@click.command()
@click.argument("chapter")
@click.option("--out", type=FOLDER, help="Course folder that `dlcourse grade` wrote into. [default: autograde]")
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write the grades for a learning platform, with nbgrader's exporter.",
)
@database
@click.option("--solutions", type=FOLDER, hidden=True)
def report(chapter: str, out: Path | None, csv_file: Path | None, db_url: str | None, solutions: Path | None) -> None:
    """Write the teacher's page over the graded class of CHAPTER: one HTML file in reports/ of the course folder.

    It holds what to look at, the mistakes by frequency with anonymised examples, the exercises by difficulty, the
    points and the running times. No script, no network; learners are named, so it is for teachers.
    """
    from ..course import SOLUTIONS
    from ..report import write_csv, write_report
    from ..texts import find_chapter

    solutions = solutions or SOLUTIONS
    name = find_chapter(chapter, solutions)
    course = course_folder(out, db_url)
    click.echo(f"Report: {write_report(course, name, solutions)}")
    if csv_file is not None:
        not_shown = write_csv(course, name, csv_file)
        click.echo(f"Grades: {csv_file}")
        if not_shown:
            click.echo(f"Not graded in full, and so 0, too low or absent there: {', '.join(not_shown)}.")
