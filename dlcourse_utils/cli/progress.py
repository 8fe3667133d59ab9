"""`dlcourse progress`: how far you are, chapter by chapter, in a terminal."""

from pathlib import Path

import click

from ..errors import CourseError

STATES = {"done": "[green]✓ done[/green]", "begun": "… in progress", "untouched": "– untouched"}


@click.command()
@click.option("--work", type=click.Path(path_type=Path), default=None, metavar="DIR",
              help="The folder of your own copy.  [default: the one around you, else my_course]")  # fmt: skip
def progress(work: Path | None) -> None:
    """Show what is done, in progress and untouched, and what comes next.

    Reads the file .dlcourse/progress.json in your copy, which every check writes to. It stays on this machine.
    """
    from rich.console import Console
    from rich.table import Table

    from ..progress import store
    from ..progress.standing import next_step, standings, strangers, together

    book, says = store.read(_file(work))
    stands = standings(book)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))  # 80 columns are enough
    for heading in ("chapter", "state", "exercises", "points", "time"):
        table.add_column(heading, overflow="fold", no_wrap=heading != "chapter")
    for stand in stands:
        chapter = stand.chapter
        table.add_row(
            f"{chapter.number} · {chapter.title}",
            STATES[stand.state],
            f"{stand.bar} {stand.count}",
            stand.score,
            chapter.time,
        )
    exercises, points, _ = together(stands)
    console = Console()
    console.print(table, highlight=False)
    console.print(f"\n{exercises} exercises correct, {points} points.", highlight=False)
    console.print(str(next_step(stands)), highlight=False, markup=False)
    for sentence in filter(None, (says, strangers(book, stands))):
        console.print(sentence, highlight=False, markup=False, soft_wrap=True)


def _file(work: Path | None) -> Path:
    """Find the progress file; a copy that is named must be there."""
    from ..progress import place

    if work is not None:
        if not work.is_dir():
            raise CourseError(f"There is no folder {work}; `dlcourse lab --work {work}` makes a copy there.")
        return work / place.FOLDER / place.FILE
    here = Path.cwd()
    if place.copy_around(here) is None and place.copy_around(here / "my_course") is not None:
        return place.progress_file(here / "my_course")
    return place.progress_file(here)
