"""Put a damaged submission in order by the gradebook's record, and say in words what was done.

Learners delete, copy, move and edit cells, and some editors drop what they do not know. An answer is used
wherever it still is; what is ours comes back as it was released.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from nbformat import NotebookNode

from .records import CellRecord

RESTORED = "restored"  # tag of an answer cell that was deleted: shown, never run, as it would undo an answer elsewhere
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")

Repairs = dict[str, list[str]]  # grade_id → sentences


def repair(notebook: NotebookNode, records: Sequence[CellRecord]) -> Repairs:
    """Repair `notebook` in place; return what was repaired, by grade_id."""
    repairs: Repairs = {}
    claims = _claims(notebook.cells, records)
    for cell in notebook.cells:
        _strip(cell)
    drop: list[int] = []
    for record in records:
        found = claims[record.grade_id]
        if found:
            kept = _keeper(found, record)
            drop += [id(c) for c in found if c is not kept and _is_as_released(c, record)]
            if len(found) > 1:
                _say(repairs, record, f"The {_kind(record)} was there {_times(len(found))}; {_which(record)} counts.")
            _mark(kept, record, repairs)
    notebook.cells = [cell for cell in notebook.cells if id(cell) not in drop]
    _put_back(notebook, records, repairs)
    _order(notebook, records, repairs)
    _fresh_ids(notebook.cells)
    return repairs


def _claims(cells: Sequence[NotebookNode], records: Sequence[CellRecord]) -> dict[str, list[NotebookNode]]:
    """Return for every record the cells that claim to be it: by metadata, else by cell id, else by their text."""
    claims: dict[str, list[NotebookNode]] = {record.grade_id: [] for record in records}
    unclaimed = []
    for cell in cells:
        meta = cell.metadata.get("nbgrader")
        known = str(meta.get("grade_id", "")) if isinstance(meta, dict) else ""
        if known in claims:
            claims[known].append(cell)
        else:
            unclaimed.append(cell)
    for record in records:
        if not claims[record.grade_id]:
            by_id = [c for c in unclaimed if c.get("id") == record.grade_id]
            by_text = [c for c in unclaimed if record.locked and c.source.strip() == record.source.strip()]
            claims[record.grade_id] = by_id or by_text
    return claims


def _strip(cell: NotebookNode) -> None:
    """Keep of a cell's metadata only its plain tags; the rest is rewritten from the record."""
    tags = cell.metadata.get("tags")
    kept = [t for t in tags if isinstance(t, str) and _CELL_ID.fullmatch(t) and t != RESTORED] if tags else []
    cell.metadata = NotebookNode({"tags": kept} if kept else {})


def _keeper(found: Sequence[NotebookNode], record: CellRecord) -> NotebookNode:
    """Return the copy that counts: the last one that was written in, else the last."""
    written = [cell for cell in found if not _is_as_released(cell, record)]
    return (written or found)[-1] if record.solution else found[-1]


def _is_as_released(cell: NotebookNode, record: CellRecord) -> bool:
    return bool(cell.source.strip() == record.source.strip())


def _mark(cell: NotebookNode, record: CellRecord, repairs: Repairs) -> None:
    """Give the cell its record's metadata and, where it is locked, its text."""
    if cell.cell_type != record.cell_type:
        _say(repairs, record, f"The {_kind(record)} had been turned into a {cell.cell_type} cell; it was turned back.")
        source = cell.source
        cell.clear()
        cell.update(record.cell())
        cell.source = source
    if record.locked and cell.source != record.source:
        if not _is_as_released(cell, record):
            _say(repairs, record, f"The {_kind(record)} had been edited; the original was used.")
        cell.source = record.source
    cell.id = record.grade_id
    cell.metadata.nbgrader = NotebookNode(record.metadata())


def _put_back(notebook: NotebookNode, records: Sequence[CellRecord], repairs: Repairs) -> None:
    """Insert the cells that are gone: a check after its answer, everything else after the record before it."""
    places = _places(notebook)
    for number, record in enumerate(records):
        if record.grade_id in places:
            continue
        answers = [places[r.grade_id] for r in records if r.exercise == record.exercise and r.grade_id in places]
        before = [places[r.grade_id] for r in records[:number] if r.grade_id in places]
        if record.is_check and answers:
            at = max(answers) + 1
        elif before:
            at = max(before) + 1
        else:
            at = min(places.values(), default=len(notebook.cells))
        runs = record.is_check or record.locked
        notebook.cells.insert(at, record.cell(tags=() if runs else (RESTORED,)))
        places = _places(notebook)
        _say(repairs, record, f"The {_kind(record)} was missing; it was put back{'' if runs else ' empty'}.")


def _order(notebook: NotebookNode, records: Sequence[CellRecord], repairs: Repairs) -> None:
    """Move a check that stands above its answer to just below it."""
    places = _places(notebook)
    for record in records:
        answers = [places[r.grade_id] for r in records if r.exercise == record.exercise and r.solution
                   and RESTORED not in notebook.cells[places[r.grade_id]].metadata.get("tags", [])]
        if record.is_check and answers and places[record.grade_id] < max(answers):
            cell = notebook.cells.pop(places[record.grade_id])
            notebook.cells.insert(max(answers), cell)
            places = _places(notebook)
            _say(repairs, record, f"The {_kind(record)} stood above its answer; it was moved below.")


def _places(notebook: NotebookNode) -> dict[str, int]:
    return {
        str(cell.metadata.nbgrader.grade_id): index
        for index, cell in enumerate(notebook.cells)
        if "nbgrader" in cell.metadata
    }


def _fresh_ids(cells: Sequence[NotebookNode]) -> None:
    """Make cell ids valid and unique; recorded cells keep theirs."""
    taken = {cell.id for cell in cells if "nbgrader" in cell.metadata}
    for number, cell in enumerate(cells, start=1):
        if "nbgrader" in cell.metadata:
            continue
        wanted = str(cell.get("id", ""))
        if not _CELL_ID.fullmatch(wanted) or wanted in taken:
            wanted = f"learner-{number:03d}"
        cell.id = wanted
        taken.add(wanted)


def _kind(record: CellRecord) -> str:
    if record.is_check:
        return "check cell"
    return "answer cell" if record.solution else "cell"


def _which(record: CellRecord) -> str:
    return "the last one that was written in" if record.solution else "the last one"


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


def _say(repairs: dict[str, list[str]], record: CellRecord, sentence: str) -> None:
    repairs.setdefault(record.grade_id, []).append(sentence)


def repairs_from(metadata: Any) -> Repairs:
    """Read repairs back from a notebook's metadata, where they travel between nbgrader's two passes."""
    noted = metadata.get("dlcourse")
    return {str(k): [str(s) for s in v] for k, v in noted["repaired"].items()} if isinstance(noted, dict) else {}
