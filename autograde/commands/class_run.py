"""A class is graded, with a bar or a line for each submission, and told of: what `grade` and `demo` share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .options import check_writable

if TYPE_CHECKING:
    from ..course import Course
    from ..grade import Learner


def grade_folder(
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

    from ..atomic import write_json
    from ..course import SOLUTIONS
    from ..grade import as_json, grade_class
    from ..log import GradingLog
    from ..notes import save_notes
    from ..proof import default_workers
    from ..report import write_report
    from ..submissions import find_submissions
    from ..tables import print_results
    from ..texts import find_chapter

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
