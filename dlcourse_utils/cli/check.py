"""`dlcourse check`: a whole notebook from the terminal."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .running import Row, check_notebook

if TYPE_CHECKING:
    from rich.console import Console

WORDS = {
    "correct": "[green]✓ correct[/green]",
    "incorrect": "[red]✗ incorrect[/red]",
    "broken": "[red]✗ broken[/red]",
    "timed_out": "[red]✗ took too long[/red]",
    "not_attempted": "– not attempted",
    "not_reached": "– not reached",
    "not_graded": "? not graded",
}


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.ipynb")
@click.option("--timeout", type=click.FloatRange(min=1), default=120.0, show_default=True, metavar="SECONDS",
              help="How long one cell may take.")  # fmt: skip
def check(file: Path, timeout: float) -> None:
    """Run FILE.ipynb from top to bottom and show how each exercise stands. The file is not changed.

    Exits with 0 when every exercise is correct, else with 1. Cells tagged `demo` are left out.
    """
    from rich.console import Console

    console = Console()
    with console.status(f"Running {file.name}") as status:
        rows = check_notebook(
            file, timeout, lambda number, of: status.update(f"Running {file.name}: cell {number} of {of}")
        )
    show(rows, console)
    sys.exit(0 if all(row.status == "correct" for row in rows) else 1)


def show(rows: list[Row], console: "Console") -> None:
    """Print one line per exercise and the sum."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False)
    table.add_column("exercise", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("what to look at", overflow="fold")
    for row in rows:
        points = f"{row.points:g} of {row.max_points:g}" if row.max_points else ""
        table.add_row(escape(row.exercise), WORDS.get(row.status, row.status), points, escape(row.says))
    console.print(table)
    right = sum(row.status == "correct" for row in rows)
    earned, most = sum(row.points for row in rows), sum(row.max_points for row in rows)
    console.print(f"\n{right} of {len(rows)} exercises correct, {earned:g} of {most:g} points.", highlight=False)
