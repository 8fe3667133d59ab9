"""An updated chapter carries the answers over and says what is new, exercise by exercise."""

import copy

import nbformat

from dlcourse_utils.workspace.news import builds_on, merge
from dlcourse_utils.workspace.notebook import answer_id, dump_notebook, source
from tests.workspace.notebooks import cell, exercise, notebook

BASE = notebook(exercise("softmax"), exercise("relu"), exercise("old"))
NEW = notebook(exercise("relu", text="Write it well."), exercise("softmax"), exercise("mse"))


def solved(notebook_, **answers):
    mine = copy.deepcopy(notebook_)
    for c in mine["cells"]:
        if (name := answer_id(c)) and name[3:] in answers:
            c["source"] = answers[name[3:]]
    return mine


def answers_in(merged):
    return {name: source(c) for c in merged["cells"] if (name := answer_id(c))}


def rows(merged):
    text = source(merged["cells"][0])
    return {
        r.split(" | ")[0].strip("| "): [p.strip(" |") for p in r.split(" | ")[1:]]
        for r in text.splitlines()
        if r.startswith("| 0")
    }


def test_answers_move_by_their_grade_id_wherever_the_exercise_stands():
    merged = merge(solved(BASE, softmax="my softmax", old="my old"), BASE, NEW, "02/02.ipynb", "d")
    found = answers_in(merged)
    assert found["02-softmax"] == "my softmax"
    assert found["02-relu"] == source(NEW["cells"][2])
    assert found["02-mse"] == source(NEW["cells"][8])


def test_the_first_cell_tells_the_news_of_each_exercise():
    merged = merge(solved(BASE, softmax="my softmax", old="my old"), BASE, NEW, "02/02.ipynb", "d")
    assert rows(merged) == {
        "02.mse": ["new", "not answered yet"],
        "02.relu": ["text changed", "not answered yet"],
        "02.old": ["gone", "stays in your own file"],
        "02.softmax": ["unchanged", "carried over"],
    }
    assert "around the exercises is the same" in source(merged["cells"][0])


def test_a_change_outside_the_exercises_is_told():
    merged = merge(BASE, BASE, notebook(exercise("softmax"), opening="# Another chapter"), "02.ipynb", "d")
    assert "around the exercises has changed too" in source(merged["cells"][0])


def test_a_changed_stub_is_news_and_replaces_only_the_old_stub():
    release = notebook(exercise("softmax", stub="pass"), exercise("relu", stub="pass"))
    merged = merge(solved(BASE, relu="my relu"), BASE, release, "02.ipynb", "d")
    assert answers_in(merged) == {"02-softmax": "def softmax(z):\n    pass", "02-relu": "my relu"}
    assert rows(merged)["02.softmax"] == ["text changed", "not answered yet"]


def test_without_a_known_base_every_difference_counts_as_an_answer():
    merged = merge(solved(BASE, relu="my relu"), None, NEW, "02.ipynb", "d")
    assert answers_in(merged)["02-relu"] == "my relu"
    assert rows(merged)["02.relu"] == ["text changed", "carried over"]


def test_of_duplicated_answers_the_last_counts():
    mine = solved(BASE, relu="first try")
    mine["cells"].append(cell("code", "second try", grade_id="02-relu", solution=True))
    assert answers_in(merge(mine, BASE, NEW, "02.ipynb", "d"))["02-relu"] == "second try"


def test_an_answer_in_another_kind_of_cell_stays_where_it_is():
    mine = solved(BASE, relu="in words")
    for c in mine["cells"]:
        if answer_id(c) == "02-relu":
            c["cell_type"] = "markdown"
    merged = merge(mine, BASE, NEW, "02.ipynb", "d")
    assert answers_in(merged)["02-relu"] == source(NEW["cells"][2])
    assert rows(merged)["02.relu"][1] == "stays in your own file"


def test_nothing_given_is_changed_and_the_result_is_a_valid_notebook_that_knows_its_base():
    mine, base, release = solved(BASE, relu="my relu"), copy.deepcopy(BASE), copy.deepcopy(NEW)
    for i, c in enumerate(release["cells"]):
        c["id"] = f"cell-{i}"
    before = copy.deepcopy((mine, base, release))
    merged = merge(mine, base, release, "02.ipynb", "d" * 64)
    assert (mine, base, release) == before
    assert builds_on(merged) == "d" * 64
    assert builds_on(release) is None
    nbformat.validate(nbformat.reads(dump_notebook(merged).decode(), as_version=4))
