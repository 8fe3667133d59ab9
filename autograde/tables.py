"""Results of a class as tables in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .grade import Learner
from .grades import Grade

SMALL = 12  # learners of whom every exercise is printed
FREQUENT = 15  # mistakes that are printed of a larger class
LOOK = ("timed_out", "crashed", "forbidden", "missing", "not_graded")
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
    """Print what was found, then one line per learner.

    In a small class that is every exercise of everybody; in a larger one what needs a look, and the mistakes that
    were made most often. The report has everything.
    """
    if len(learners) <= SMALL:
        console.print(by_exercise(learners))
    else:
        console.print(by_exercise(learners, _needs_a_look))
        console.print(by_mistake(learners))
    console.print(by_learner(learners))


def by_exercise(learners: Sequence[Learner], wanted: Callable[[Grade], bool] = lambda grade: True) -> Table:
    """Return the long table of the wanted grades. A submission that could not be read has one line."""
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("learner", "exercise", "state", "points", "what was found"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("exercise", "state", "points"))
    for learner in learners:
        if learner.note:
            table.add_row(escape(learner.name), "", WORDS["not_graded"], "", escape(learner.note))
        else:
            for number, grade in enumerate(filter(wanted, learner.grades.values())):
                table.add_row("" if number else escape(learner.name), *_row(grade))
        table.add_section()
    return table


def by_mistake(learners: Sequence[Learner]) -> Table:
    """Return the known mistakes that more than one learner made, the most frequent first."""
    table = Table("mistake", "exercise", "answers", "what it is", show_edge=False, pad_edge=False)
    grades = [grade for learner in learners for grade in learner.grades.values()]
    attempted = Counter(grade.exercise_id for grade in grades if grade.status not in ("not_attempted", "not_graded"))
    made = Counter((grade.exercise_id, grade.diagnosis) for grade in grades if grade.diagnosis)
    sentences = {(grade.exercise_id, grade.diagnosis): grade.said for grade in grades}
    for (exercise, name), count in made.most_common(FREQUENT):
        if count > 1:
            said = sentences[exercise, name]
            table.add_row(escape(str(name)), exercise, f"{count} of {attempted[exercise]}", escape(said))
    return table


def _needs_a_look(grade: Grade) -> bool:
    return bool(grade.doubt or grade.unsteady or grade.repaired) or grade.status in LOOK


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
