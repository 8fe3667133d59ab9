"""The teacher's commands of `dlcourse`; each is a thin layer over one module here."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dlcourse_utils.errors import CourseError

if TYPE_CHECKING:
    from .course import Course
    from .grade import Learner

_FOLDER = click.Path(path_type=Path, file_okay=False)
_CONDITIONS = ("cell_seconds", "check_seconds", "submission_seconds", "cpu_seconds", "memory_mb", "processes",
               "file_mb", "output_characters", "recheck", "verify")  # fmt: skip
_database = click.option(
    "--db",
    "db_url",
    metavar="URL",
    envvar="DLCOURSE_DB",
    help="The gradebook's database, e.g. postgresql://USER@HOST/NAME. [default: gradebook.db in the course folder]",
)


@click.command()
@click.argument("chapter", required=False)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; name every problem and exit with 1.")
@click.option("--run/--no-run", default=True, help="With --check: run the released notebooks with nothing solved.")
@click.option("--solutions", type=_FOLDER, help="Folder of the texts. [default: solutions/]")
@click.option("--out", type=_FOLDER, help="Folder of the released notebooks. [default: course/]")
def build(chapter: str | None, only_check: bool, run: bool, solutions: Path | None, out: Path | None) -> None:
    """Build the notebooks in course/ from the texts in solutions/: all of them, or the one CHAPTER.

    With --check nothing is written: it fails on any difference, on an answer that reached a released notebook, and on
    a check that gives points to an empty answer.
    """
    from dlcourse_utils.checks import registry

    from . import build as builder
    from .course import RELEASED, ROOT, SOLUTIONS, Course
    from .release_checks import static_problems
    from .release_run import unsolved_problems
    from .texts import find_chapter

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


@click.command()
@click.argument("chapter")
@click.option(
    "--submissions", type=_FOLDER, help="LEARNER/CHAPTER/CHAPTER.ipynb or LEARNER.ipynb. [default: autograde/submitted]"
)
@click.option(
    "--out", type=_FOLDER, help="Course folder for gradebook.db, autograded/ and feedback/. [default: autograde]"
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
    "--scheduler", metavar="ADDRESS", help="Run the submissions on the Dask cluster of this scheduler (tcp://HOST:8786)."
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
@_database
@click.option("--solutions", type=_FOLDER, hidden=True)
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

    from .nbgrader_settings import RUNS
    from .workers import start_ahead, starter

    if options["seed"] is not None and options["renew_seed"]:
        raise CourseError("--seed and --new-seed exclude each other: one grades again, the other draws anew.")
    if options["scheduler"] is None:
        # Say it now, not once for every submission; the sandbox is tried, and made ready, while nbgrader is imported.
        with ThreadPoolExecutor(1) as trying:
            tried = trying.submit(starter, walls, chapter)
            if not ((out or Path(__file__).parent) / RUNS).is_dir():  # else an unchanged class may need no worker
                tried.add_done_callback(lambda _: start_ahead(walls, chapter))
            importlib.import_module("autograde.grade")
            tried.result()
    course = _course(out, db_url, sandbox=walls, **{name: options.pop(name) for name in _CONDITIONS})
    learners = _grade(chapter, submissions, course, json_file, **options)
    sys.exit(0 if all(learner.all_graded for learner in learners) else 1)


@click.command()
@click.argument("chapter")
@click.option("--out", type=_FOLDER, help="Course folder that `dlcourse grade` wrote into. [default: autograde]")
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write the grades for a learning platform, with nbgrader's exporter.",
)
@_database
@click.option("--solutions", type=_FOLDER, hidden=True)
def report(
    chapter: str, out: Path | None, csv_file: Path | None, db_url: str | None, solutions: Path | None
) -> None:
    """Write the teacher's page over the graded class of CHAPTER: one HTML file in reports/ of the course folder.

    It holds what to look at, the mistakes by frequency with anonymised examples, the exercises by difficulty, the
    points and the running times. No script, no network; learners are named, so it is for teachers.
    """
    from .course import SOLUTIONS
    from .report import write_csv, write_report
    from .texts import find_chapter

    solutions = solutions or SOLUTIONS
    name = find_chapter(chapter, solutions)
    course = _course(out, db_url)
    click.echo(f"Report: {write_report(course, name, solutions)}")
    if csv_file is not None:
        not_shown = write_csv(course, name, csv_file)
        click.echo(f"Grades: {csv_file}")
        if not_shown:
            click.echo(f"Not graded in full, and so 0, too low or absent there: {', '.join(not_shown)}.")


@click.command()
@click.option("--chapter", default="02", show_default=True, help="Chapter whose sample class is graded.")
@click.option("--out", type=_FOLDER, help="Folder for everything that comes out. [default: autograde/demo_out]")
@click.option(
    "--learners", type=click.IntRange(0), default=16, show_default=True, help="Ordinary learners, beside the odd ones."
)
def demo(chapter: str, out: Path | None, learners: int) -> None:
    """Grade a sample class from end to end: ordinary submissions, and crashing, endless and damaged ones."""
    from . import sandbox
    from .build import build_chapter
    from .course import ROOT, SOLUTIONS
    from .sample_class import write_class
    from .sample_crowd import write_crowd
    from .texts import find_chapter

    out = out or ROOT / "demo_out"
    name = find_chapter(chapter, SOLUTIONS)
    check_writable(out)
    _empty(out)
    built = build_chapter(SOLUTIONS / f"{name}.py")
    write_class(built, out / "class")
    write_crowd(built, out / "class", learners)
    reason = sandbox.why_not()
    if reason is not None:  # these submissions are ours, so nobody has to fear them
        click.echo(f"Without a sandbox, for this demonstration only: {reason}")
    _grade(name, out / "class", _course(out, check_seconds=10.0, sandbox="none" if reason else "bwrap"))


@click.command()
@click.argument("chapter", required=False)
@click.option("--seeds", type=click.IntRange(1), default=20, show_default=True, help="Number of seeds.")
@click.option("--workers", type=click.IntRange(1), help="Processes to use.")
def prove(chapter: str | None, seeds: int, workers: int | None) -> None:
    """Prove the checks: the stub earns nothing, every mistake is named, every right style passes."""
    from .prove import print_proof

    sys.exit(0 if print_proof(chapter, seeds, workers) else 1)


def _course(out: Path | None, db_url: str | None = None, **conditions: Any) -> Course:
    """Return the course folder; `conditions` are options of the step that runs submissions."""
    from traitlets.config import Config

    from .course import RELEASED, ROOT, Course
    from .nbgrader_settings import with_driver

    limits = Config()
    limits.RunWithProbes.update(conditions)
    if db_url:
        limits.CourseDirectory.db_url = with_driver(db_url)
    return Course(out or ROOT, RELEASED, limits)


def _grade(
    chapter: str,
    submissions: Path | None,
    course: Course,
    json_file: Path | None = None,
    solutions: Path | None = None,
    seed: int | None = None,
    renew_seed: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
) -> list[Learner]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from .atomic import write_json
    from .course import SOLUTIONS
    from .grade import as_json, grade_class
    from .log import GradingLog
    from .notes import save_notes
    from .proof import default_workers
    from .report import write_report
    from .submissions import find_submissions
    from .tables import print_results
    from .texts import find_chapter

    console = Console(width=None if sys.stdout.isatty() else 120)
    solutions = solutions or SOLUTIONS
    name = find_chapter(chapter, solutions)
    found = find_submissions(submissions or course.root / "submitted", name)
    check_writable(course.root)
    if json_file is not None:
        check_writable(json_file.parent)
    log = GradingLog(course.root, name, len(found))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(f"Grading {name}", total=len(found))

        def noted(learner: Learner) -> None:
            bar.update(task, advance=1)
            line = log.add(learner)
            if not console.is_terminal:  # where no bar shows how far it is
                console.print(line, highlight=False, markup=False, soft_wrap=True)

        learners = grade_class(
            name,
            found,
            course,
            solutions,
            seed,
            renew_seed,
            workers or default_workers(),
            noted,
            scheduler,
        )
    print_results(learners, console)
    if json_file is not None:
        write_json(json_file, as_json(learners))
    save_notes(course.root, name, {learner.name: learner.note for learner in learners})
    page = write_report(course, name, solutions)
    not_graded = [learner.name for learner in learners if not learner.all_graded]
    console.print(f"\n{len(learners)} submissions, {len(learners) - len(not_graded)} graded in full.", highlight=False)
    if not_graded:
        console.print(f"Not graded in full: {', '.join(not_graded)}.", highlight=False, markup=False)
    console.print(f"Report, with every learner's feedback: {page}", highlight=False, markup=False, soft_wrap=True)
    return learners


def check_writable(folder: Path) -> None:
    """Raise CourseError now rather than after an hour of grading when nothing can be written into `folder`."""
    import tempfile

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CourseError(f"Nothing can be written into {folder}: {reason}.") from error


def _empty(folder: Path) -> None:
    """Remove what an earlier demo left, and nothing else."""
    import shutil

    for name in ("class", "source", "release", "submitted", "autograded", "feedback", "runs", "reports"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("gradebook.db", "seeds.json", "notes.json"):
        if os.path.exists(folder / name):
            os.unlink(folder / name)
