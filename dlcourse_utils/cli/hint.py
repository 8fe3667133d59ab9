"""`dlcourse hint`: the hints of the notebooks, in a terminal."""

import click

from ..errors import CourseError


@click.command()
@click.argument("exercise")
@click.argument("number", type=click.IntRange(min=1), default=1)
def hint(exercise: str, number: int) -> None:
    """Show hint NUMBER (1 if not given) for EXERCISE, such as 02.softmax. The last is nearly the solution."""
    from rich.console import Console
    from rich.markdown import Markdown

    from ..checks import get

    hints = get(exercise).hints
    if number > len(hints):
        raise CourseError(f"{exercise} has {len(hints)} hints; there is no hint {number}.")
    console = Console()
    console.print(f"[bold]Hint {number} of {len(hints)}[/bold] for {exercise}\n", highlight=False)
    console.print(Markdown(hints[number - 1]))
    if number < len(hints):
        console.print(f"\nThe next one: dlcourse hint {exercise} {number + 1}", style="dim", highlight=False)
