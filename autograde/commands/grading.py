"""`dlcourse grade`: its options, and what is said before anything is run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from dlcourse_utils.errors import CourseError

from .class_run import grade_folder
from .options import FOLDER, course_folder, database

_CONDITIONS = ("cell_seconds", "check_seconds", "submission_seconds", "cpu_seconds", "memory_mb", "processes",
               "file_mb", "output_characters", "recheck", "verify")  # fmt: skip


@click.command()
@click.argument("chapter")
@click.option(
    "--submissions", type=FOLDER, help="LEARNER/CHAPTER/CHAPTER.ipynb or LEARNER.ipynb. [default: autograde/submitted]"
)
@click.option(
    "--out", type=FOLDER, help="Course folder for gradebook.db, autograded/ and feedback/. [default: autograde]"
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Grade with this seed instead of the recorded one.")
@click.option("--new-seed", "renew_seed", is_flag=True, help="Draw and record a new secret seed first.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the results to FILE.",
)
@click.option(
    "--cell-seconds", type=click.FloatRange(0.1), default=30.0, show_default=True, help="Wall time of a cell."
)
@click.option(
    "--check-seconds",
    type=click.FloatRange(0.1),
    default=30.0,
    show_default=True,
    help="Wall time of all cases of one check.",
)
@click.option(
    "--submission-seconds", type=click.FloatRange(1), default=900.0, show_default=True, help="Wall time of it all."
)
@click.option("--cpu-seconds", type=click.IntRange(1), default=900, show_default=True, help="CPU time of a process.")
@click.option(
    "--memory", "memory_mb", type=click.IntRange(64), default=2048, show_default=True, help="MB for a submission."
)
@click.option(
    "--processes", type=click.IntRange(2), default=64, show_default=True, help="Processes and threads of a submission."
)
@click.option(
    "--file-size", "file_mb", type=click.IntRange(1), default=64, show_default=True, help="MB of a file it writes."
)
@click.option(
    "--output-characters", type=click.IntRange(0), default=8_000_000, show_default=True,
    help="Kept of what a cell prints and shows.",
)  # fmt: skip
@click.option(
    "--sandbox",
    "walls",
    type=click.Choice(["bwrap", "none"]),
    default="bwrap",
    show_default=True,
    envvar="DLCOURSE_SANDBOX",
    help="Where submissions run. With none they run as you, with your files and your network.",
)
@click.option("--workers", type=click.IntRange(1), help="Submissions that run at once. [default: one per core]")
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Run the submissions on the Dask cluster of this scheduler (tcp://HOST:8786).",
)
@click.option(
    "--recheck/--no-recheck",
    default=True,
    show_default=True,
    help="Run every wrong answer once more with the same data, and say so when the verdict differs.",
)
@click.option(
    "--verify/--no-verify",
    default=True,
    show_default=True,
    help="After full marks run what the notebook only defines, and tell the teacher when that earns less.",
)
@database
@click.option("--solutions", type=FOLDER, hidden=True)
def grade(
    chapter: str,
    submissions: Path | None,
    out: Path | None,
    json_file: Path | None,
    walls: str,
    db_url: str | None,
    **options: Any,
) -> None:
    """Grade every submission of CHAPTER into nbgrader's gradebook, and write each learner's feedback.

    Exits with 0 when everything was graded, with 1 when something was not, with 2 when the input is at fault.
    """
    import importlib
    from concurrent.futures import ThreadPoolExecutor

    from ..nbgrader_settings import RUNS
    from ..workers import start_ahead, starter

    if options["seed"] is not None and options["renew_seed"]:
        raise CourseError("--seed and --new-seed exclude each other: one grades again, the other draws anew.")
    if options["scheduler"] is None:
        # Say it now, not once for every submission; the sandbox is tried, and made ready, while nbgrader is imported.
        with ThreadPoolExecutor(1) as trying:
            tried = trying.submit(starter, walls, chapter)
            if not ((out or Path(__file__).parents[1]) / RUNS).is_dir():  # else an unchanged class may need no worker
                tried.add_done_callback(lambda _: start_ahead(walls, chapter))
            importlib.import_module("autograde.grade")
            tried.result()
    course = course_folder(out, db_url, sandbox=walls, **{name: options.pop(name) for name in _CONDITIONS})
    learners = grade_folder(chapter, submissions, course, json_file, **options)
    sys.exit(0 if all(learner.all_graded for learner in learners) else 1)
