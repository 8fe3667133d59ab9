"""Damaged notebooks: what was ours comes back, what the learner wrote is kept, and it is said."""

from __future__ import annotations

import copy

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator

from autograde.build import Built
from autograde.course import Course
from autograde.plan import grade_id_of, plan_of
from autograde.records import CellRecord, records_of
from autograde.repair import repair
from tests.autograde import tiny

ANSWER = "def softmax(z):\n    return z"


@pytest.fixture(scope="session")
def records(recorded: Course) -> list[CellRecord]:
    return records_of(recorded.gradebook, tiny.NAME, tiny.NAME)


@pytest.fixture
def notebook(built: Built) -> NotebookNode:
    made = built.notebook()
    find(made, "02-softmax").source = ANSWER
    return made


def find(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if grade_id_of(cell) == grade_id)


def order(notebook: NotebookNode) -> list[str]:
    return [grade_id_of(cell) for cell in notebook.cells if grade_id_of(cell)]


def remove(notebook: NotebookNode, *grade_ids: str) -> None:
    notebook.cells = [cell for cell in notebook.cells if grade_id_of(cell) not in grade_ids]


IDS = ["02-relu", "02-relu-check", "02-softmax", "02-softmax-check", "02-accuracy", "02-accuracy-check"]


def test_the_record_keeps_the_order_and_the_points(records: list[CellRecord]) -> None:
    assert [record.grade_id for record in records] == IDS
    assert [record.points for record in records] == [None, 1, None, 1, None, 1]
    assert [record.is_check for record in records] == [False, True] * 3


def test_an_undamaged_notebook_is_left_alone(notebook: NotebookNode, records: list[CellRecord]) -> None:
    before = copy.deepcopy(notebook)
    assert repair(notebook, records) == {}
    assert [c.source for c in notebook.cells] == [c.source for c in before.cells]
    MetadataValidator().validate_nb(notebook)


def test_a_deleted_check_comes_back_after_its_answer(notebook: NotebookNode, records: list[CellRecord]) -> None:
    remove(notebook, "02-softmax-check")
    said = repair(notebook, records)
    assert said == {"02-softmax-check": ["The check cell was missing; it was put back."]}
    assert order(notebook) == IDS
    assert find(notebook, "02-softmax-check").source == 'check("02.softmax", softmax)'


def test_a_deleted_answer_comes_back_empty_and_is_not_run(notebook: NotebookNode, records: list[CellRecord]) -> None:
    remove(notebook, "02-softmax")
    notebook.cells.insert(3, nbformat.v4.new_code_cell(ANSWER))  # the answer, in a cell of the learner's own
    said = repair(notebook, records)
    assert said == {"02-softmax": ["The answer cell was missing; it was put back empty."]}
    assert [step.source for step in plan_of(notebook) if "def softmax" in step.source] == [ANSWER]


def test_everything_deleted_comes_back(notebook: NotebookNode, records: list[CellRecord]) -> None:
    notebook.cells = [nbformat.v4.new_markdown_cell("I give up.")]
    assert set(repair(notebook, records)) == set(IDS)
    assert sorted(order(notebook)) == sorted(IDS)
    MetadataValidator().validate_nb(notebook)


def test_of_two_checks_one_stays(notebook: NotebookNode, records: list[CellRecord]) -> None:
    notebook.cells.append(copy.deepcopy(find(notebook, "02-softmax-check")))
    assert repair(notebook, records) == {"02-softmax-check": ["The check cell was there twice; the last one counts."]}
    assert order(notebook).count("02-softmax-check") == 1
    MetadataValidator().validate_nb(notebook)


def test_of_two_answers_the_written_one_counts(notebook: NotebookNode, records: list[CellRecord]) -> None:
    stub = copy.deepcopy(find(notebook, "02-softmax"))
    stub.source = next(r.source for r in records if r.grade_id == "02-softmax")
    notebook.cells.insert(notebook.cells.index(find(notebook, "02-softmax")) + 1, stub)
    said = repair(notebook, records)
    assert said["02-softmax"] == ["The answer cell was there twice; the last one that was written in counts."]
    assert [c.source for c in notebook.cells if "def softmax" in c.source] == [ANSWER]


def test_a_check_above_its_answer_is_moved_below(notebook: NotebookNode, records: list[CellRecord]) -> None:
    check = find(notebook, "02-softmax-check")
    notebook.cells.remove(check)
    notebook.cells.insert(0, check)
    assert "moved below" in repair(notebook, records)["02-softmax-check"][0]
    assert order(notebook) == IDS


def test_lost_metadata_is_found_by_id_and_by_text(notebook: NotebookNode, records: list[CellRecord]) -> None:
    find(notebook, "02-softmax").metadata = NotebookNode()
    check = find(notebook, "02-softmax-check")
    check.metadata, check.id = NotebookNode(), "another"
    assert repair(notebook, records) == {}
    assert order(notebook) == IDS
    assert find(notebook, "02-softmax").source == ANSWER


@pytest.mark.parametrize("record", [{}, "text", {"grade_id": "unknown", "grade": True}, {"grade_id": ["a"]}, None])
def test_records_that_make_no_sense_are_dropped(
    notebook: NotebookNode, records: list[CellRecord], record: object
) -> None:
    notebook.cells.append(nbformat.v4.new_code_cell("mine = 1", metadata={"nbgrader": record}))
    assert repair(notebook, records) == {}
    assert "nbgrader" not in notebook.cells[-1].metadata


def test_an_edited_check_and_changed_points_are_put_right(notebook: NotebookNode, records: list[CellRecord]) -> None:
    check = find(notebook, "02-softmax-check")
    check.source, check.metadata.nbgrader.points = "10", 1000
    assert repair(notebook, records) == {"02-softmax-check": ["The check cell had been edited; the original was used."]}
    assert find(notebook, "02-softmax-check").source == 'check("02.softmax", softmax)'
    assert find(notebook, "02-softmax-check").metadata.nbgrader.points == 1


def test_a_changed_cell_type_is_turned_back(notebook: NotebookNode, records: list[CellRecord]) -> None:
    answer = find(notebook, "02-softmax")
    answer.cell_type = "markdown"
    del answer["outputs"], answer["execution_count"]
    assert "turned into a markdown cell" in repair(notebook, records)["02-softmax"][0]
    assert (find(notebook, "02-softmax").cell_type, find(notebook, "02-softmax").source) == ("code", ANSWER)
    nbformat.validate(notebook)


def test_tags_that_mean_something_to_us_cannot_be_set(notebook: NotebookNode, records: list[CellRecord]) -> None:
    notebook.cells[1].metadata.tags = ["restored", "fine", 'a"b']
    repair(notebook, records)
    assert notebook.cells[1].metadata.tags == ["fine"]


def test_cell_ids_become_valid_and_unique(notebook: NotebookNode, records: list[CellRecord]) -> None:
    notebook.cells[0].id = '"><script>'
    notebook.cells[1].id = "02-relu"
    repair(notebook, records)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert ids[0] == "learner-001"
