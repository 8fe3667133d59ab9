"""What is done once for nbgrader gives what nbgrader does each time."""

from __future__ import annotations

import copy
from pathlib import Path

import jsonschema
import nbformat
import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3

from autograde import remembered
from autograde.build import Built
from autograde.course import Course
from autograde.grade import grade_class
from autograde.intake import read_notebook
from autograde.nbgrader_once import validate
from autograde.sample_class import submissions
from autograde.submissions import Submission
from autograde.unshared import Unshared
from tests.autograde import tiny
from tests.autograde.handmade import course_like
from tests.conftest import needs_part

GOOD = {"schema_version": 3, "grade": True, "solution": False, "locked": True, "task": False, "grade_id": "a-check",
        "points": 1.0, "checksum": "0", "cell_type": "code"}  # fmt: skip


@pytest.mark.parametrize(
    "change", [{}, {"points": -1}, {"points": "one"}, {"grade_id": "a b"}, {"grade": 1}, {"locked": None}]
)
def test_metadata_is_valid_exactly_when_jsonschema_says_so(change: dict[str, object]) -> None:
    instance, schema = {**GOOD, **change}, MetadataValidatorV3().schema
    try:
        jsonschema.validate(instance, schema)
        wrong = ""
    except jsonschema.ValidationError as error:
        wrong = error.message
    for _ in range(2):  # the second time it is known, as far as it is valid
        if wrong:
            with pytest.raises(jsonschema.ValidationError) as told:
                validate(instance, schema)
            assert told.value.message == wrong
        else:
            validate(instance, schema)


def test_a_cell_that_was_valid_under_one_schema_is_looked_at_under_another() -> None:
    validate({"a": 1}, {"type": "object"})
    with pytest.raises(jsonschema.ValidationError):
        validate({"a": 1}, {"type": "object", "properties": {"a": {"type": "string"}}})


def test_an_unshared_notebook_is_not_copied_and_others_are() -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x")])
    assert copy.deepcopy(notebook) is not notebook
    mine = Unshared(notebook)
    assert copy.deepcopy(mine) is mine
    assert nbformat.writes(nbformat.from_dict(mine)) == nbformat.writes(notebook)


def test_remembered_notebooks_are_few_and_taken_once() -> None:
    some = remembered.Remembered()
    files = [str(number).encode() for number in range(remembered.MOST + 1)]
    for raw in files:
        some.keep(raw, Unshared(nbformat.v4.new_notebook()))
    assert some.look_up(files[0]) is None
    found = some.look_up(files[1])
    assert found is not None
    assert copy.deepcopy(found) is not found, "what many look up is copied by those who change it"
    assert some.take(files[-1]) is not None
    assert some.take(files[-1]) is None
    large = b"x" * (remembered.MOST_BYTES + 1)
    some.keep(large, nbformat.v4.new_notebook())
    assert some.look_up(large) is None


def test_a_graded_notebook_that_is_handed_in_comes_without_its_outputs(
    recorded: Course, built: Built, solutions: Path, tmp_path: Path
) -> None:
    """Formgrader grades and writes no page, so the graded notebook is still remembered when somebody hands it in."""
    needs_part("bwrap")
    course = course_like(recorded, tmp_path / "out")
    path = tmp_path / "ada.ipynb"
    path.write_bytes(dict(submissions(built))["full_marks"])
    grade_class(tiny.NAME, [Submission("ada", path)], course, solutions, seed=3)
    assert NbGraderAPI(config=course.config()).autograde(tiny.NAME, "ada", force=True)["success"]
    handed_in = course.autograded("ada", tiny.NAME) / f"{tiny.NAME}.ipynb"
    assert remembered.graded.look_up(handed_in.read_bytes()) is not None
    assert all(not cell.get("outputs") for cell in read_notebook(handed_in).cells)


def test_a_page_is_the_same_from_a_remembered_notebook_and_from_its_file(
    recorded: Course, built: Built, solutions: Path, tmp_path: Path
) -> None:
    """The grading that has just written a notebook hands it on; formgrader's button reads the file."""
    needs_part("bwrap")
    course = course_like(recorded, tmp_path / "out")
    wrong = next(name for name in dict(submissions(built)) if name.startswith("mistake_accuracy"))
    path = tmp_path / f"{wrong}.ipynb"
    path.write_bytes(dict(submissions(built))[wrong])
    [learner] = grade_class(tiny.NAME, [Submission(wrong, path)], course, solutions, seed=3)
    assert learner.feedback is not None
    page = learner.feedback.read_text(encoding="utf-8")
    file = course.autograded(wrong, tiny.NAME) / f"{tiny.NAME}.ipynb"
    nbformat.validate(nbformat.read(file, as_version=4))
    assert remembered.graded.look_up(file.read_bytes()) is None
    assert NbGraderAPI(config=course.config()).generate_feedback(tiny.NAME, wrong, force=True)["success"]
    assert learner.feedback.read_text(encoding="utf-8") == page
    assert "dlc-grid" in page, "with the numbers side by side"
