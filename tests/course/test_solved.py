"""Every solved chapter runs from top to bottom, and every card in it is green."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbclient
import pytest

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
CHAPTERS = sorted(path.stem for path in SOLUTIONS.glob("[0-9][0-9]_*.py"))


@pytest.mark.long
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_solved_notebook_runs_and_its_cards_are_green(
    chapter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(SOLUTIONS.parent))
    notebook = jupytext.read(SOLUTIONS / f"{chapter}.py")
    client = nbclient.NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    cards = [
        (cell.source, output.data.get("text/html", ""))
        for cell in notebook.cells
        if cell.cell_type == "code" and str(cell.metadata.get("nbgrader", {}).get("grade_id", "")).endswith("-check")
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    assert cards
    assert [source for source, card in cards if "dlc-correct" not in card] == []
