"""The proof as a table: what `dlcourse prove` prints."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.table import Table

from .proof import Row, default_workers, prove, wanted_ids

_MOST_BREACHES_SHOWN = 3


def print_proof(chapter: str | None, seeds: int, workers: int | None = None, verbose: bool = True) -> bool:
    """Prove and print; return True when every check holds.

    Raises CourseError for an unknown chapter or outside a checkout.
    """
    console = Console()
    ids = wanted_ids(chapter)
    table = Table("exercise", "kind", "implementation", "score", "named", title=f"Proof over {seeds} seeds")
    everything: list[Row] = []
    for rows in prove(ids, range(seeds), workers or default_workers()):
        everything += rows
        for row in rows:
            if verbose or row.breaches:
                table.add_row(*_cells(row))
        table.add_section()
    console.print(table)
    for row in everything:
        for breach in row.breaches[:_MOST_BREACHES_SHOWN]:
            console.print(f"BREACH {row.exercise_id} · {row.kind} {row.name}: {breach}", markup=False, highlight=False)
    console.print(totals(everything, len(ids), seeds), highlight=False)
    return not any(row.breaches for row in everything)


def totals(rows: list[Row], exercises: int, seeds: int) -> str:
    """Return the proof's totals in a sentence."""
    kinds = Counter(row.kind for row in rows)
    breached = sum(bool(row.breaches) for row in rows)
    return (
        f"{exercises} exercises, {seeds} seeds: {kinds['stub']} stubs at 0, {kinds['solution']} solutions and "
        f"{kinds['variant']} variants at full marks, {kinds['mistake']} mistakes and {kinds['convention']} conventions "
        f"named as themselves, {kinds['trivial']} trivial answers; {breached} breaches."
    )


def _cells(row: Row) -> tuple[str, ...]:
    score = f"{row.lowest:.2f}" if row.lowest == row.highest else f"{row.lowest:.2f}–{row.highest:.2f}"
    named = f"{row.named}/{row.seeds}" if row.kind in ("mistake", "convention") else ""
    mark = " ✗" if row.breaches else ""
    return row.exercise_id, row.kind, row.name + mark, score, named
