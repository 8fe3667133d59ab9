"""Results of a class as tables in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .grade import Learner
from .grades import Grade

WORDS = {
    "correct": "[green]✓ correct[/]",
    "incorrect": "[red]✗ incorrect[/]",
    "broken": "[red]✗ broken[/]",
    "not_attempted": "○ not attempted",
    "timed_out": "[red]✗ timed out[/]",
    "crashed": "[red]✗ crashed[/]",
    "forbidden": "[red]✗ forbidden[/]",
    "missing": "[red]✗ missing[/]",
    "not_graded": "[yellow]? not graded[/]",
}


def print_results(learners: Sequence[Learner], console: Console) -> None:
    """Print one line per learner and exercise, then one line per learner."""
    console.print(by_exercise(learners))
    console.print(by_learner(learners))


def by_exercise(learners: Sequence[Learner]) -> Table:
    """Return the long table. A submission that could not be read has one line."""
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("learner", "exercise", "state", "points", "what was found"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("exercise", "state", "points"))
    for learner in learners:
        if learner.note:
            table.add_row(escape(learner.name), "", WORDS["not_graded"], "", escape(learner.note))
        else:
            for number, grade in enumerate(learner.grades.values()):
                table.add_row("" if number else escape(learner.name), *_row(grade))
        table.add_section()
    return table


def by_learner(learners: Sequence[Learner]) -> Table:
    """Return the sums."""
    table = Table("learner", "points", "correct", "seconds", show_edge=False, pad_edge=False)
    for learner in learners:
        right = sum(grade.status == "correct" for grade in learner.grades.values())
        points = "not graded" if learner.score is None else f"{learner.score:.4g} of {learner.max:g}"
        table.add_row(escape(learner.name), points, f"{right} of {len(learner.grades)}", f"{learner.seconds:.1f}")
    return table


def _row(grade: Grade) -> tuple[str, str, str, str]:
    points = "" if grade.score is None else f"{grade.score:.3g} of {grade.max:g}"
    said = f"[bold]{escape(grade.diagnosis)}[/]: {escape(grade.said)}" if grade.diagnosis else escape(grade.said)
    if grade.repaired:
        said = f"{said} [dim]Repaired: {escape(grade.repaired)}[/]".strip()
    if grade.unsteady:
        said = f"{said} [yellow]{escape(grade.unsteady)}[/]".strip()
    if grade.doubt:
        said = f"{said} [yellow]{escape(grade.doubt)}[/]".strip()
    return grade.exercise_id, WORDS[grade.status], points, said
