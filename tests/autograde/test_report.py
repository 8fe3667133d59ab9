"""The report's facts, from a class made by hand whose every number is known."""

from __future__ import annotations

import csv
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograde.commands import report
from autograde.course import Course
from autograde.grades import Grade
from autograde.notes import notes_of, save_notes
from autograde.report.alike import alike
from autograde.report.charts import bins
from autograde.report.examples import BLANK, anonymous, words_of
from autograde.report.facts import Facts, facts_of
from autograde.report.looks import looks
from autograde.report.members import Class, Member
from autograde.report.writing import class_facts, known_mistakes, write_csv, write_report
from dlcourse_utils.checks import registry
from dlcourse_utils.errors import CourseError
from tests.autograde import tiny
from tests.autograde.handmade import IDS, add, course_like, right

OVER_THE_BATCH = "Your columns sum to one, not your rows."
BATCH = Grade("02.softmax", "incorrect", 0.25, 1.0, "over_the_batch", OVER_THE_BATCH)
ODD = Grade("02.softmax", "incorrect", 0.5, 1.0, None, "On the case “a vector”, one value differs.")
CRASHED = Grade("02.relu", "crashed", 0.0, 1.0, None, "Your code ended the whole Python process.")
FORBIDDEN = Grade("02.accuracy", "forbidden", 0.0, 1.0, None, "This exercise is to be written without torch.")
EMPTY = Grade("02.accuracy", "not_attempted", 0.0, 1.0)
OURS = Grade("02.relu", "not_graded", None, 1.0, None, "The check failed, which is no fault of yours.")
REPAIRED = Grade("02.relu", "correct", 1.0, 1.0, repaired="The check cell was missing; it was put back.")
LONG = "def softmax(z):  # {}\n    return np.exp(z - z.max(axis=0)) / np.exp(z).sum(axis=0) + 0 * z"
EVIL = "</code></pre></table><script>document.title='x'</script><img src=x onerror=\"document.title='y'\">"


@pytest.fixture
def course(recorded: Course, tmp_path: Path) -> Course:
    """A class of seven and a rejected file."""
    made = course_like(recorded, tmp_path / "course")
    add(made, "ada", right(), seconds=4.0)
    add(made, "bob", right(BATCH, EMPTY), {"02.softmax": LONG.format("Bob Miller, 123456, a@b.org")}, 1.5,
        first_name="Bob", last_name="Miller")  # fmt: skip
    add(made, "cem", right(BATCH), {"02.softmax": "def softmax(z):\n    return z / z.sum(0)  # with Bob, max"})
    add(made, "dot", right(ODD), {"02.softmax": "def softmax(z):\n    return z"})
    add(made, "eve", right(CRASHED, FORBIDDEN))
    add(made, "fay", right(OURS))
    add(made, "gil", right(REPAIRED))
    save_notes(made.root, tiny.NAME, {"hal": "The file is empty.", "ada": ""})
    return made


@pytest.fixture
def facts(course: Course, solutions: Path) -> Facts:
    return class_facts(course, tiny.NAME, solutions)


def test_points_and_times(facts: Facts) -> None:
    assert facts.points == (1.0, 1.25, 2.0, 2.25, 2.5, 3.0, 3.0)
    assert facts.max == 3
    assert facts.seconds == (1.0, 1.0, 1.0, 1.0, 1.0, 1.5, 4.0)
    assert [m.learner for m in facts.members if m.points is None] == ["hal"]


def test_exercises_by_difficulty(facts: Facts) -> None:
    assert [e.exercise_id for e in facts.exercises] == ["02.relu", "02.softmax", "02.accuracy"]
    assert [list(e.counts.values()) for e in facts.exercises] == [[5, 1, 0, 2], [4, 3, 0, 1], [5, 1, 1, 1]]
    assert [e.mean for e in facts.exercises] == pytest.approx([5 / 6, 5 / 7, 5 / 7])
    assert facts.hardest_first[-1].exercise_id == "02.relu"
    assert facts.exercises[1].title == "Softmax"


def test_mistakes_by_frequency_each_with_its_sentence(facts: Facts) -> None:
    (known,) = facts.mistakes
    assert (known.exercise_id, known.name, known.count, known.attempted) == ("02.softmax", "over_the_batch", 2, 7)
    assert known.message == OVER_THE_BATCH
    assert [(m.exercise_id, m.count, m.attempted, m.message) for m in facts.unexplained] == [
        ("02.relu", 1, 6, "1 crashed"),
        ("02.softmax", 1, 7, "1 incorrect"),
        ("02.accuracy", 1, 6, "1 forbidden"),
    ]


def test_the_most_frequent_mistake_comes_first_then_the_courses_order() -> None:
    def member(name: str, *mistakes: str) -> Member:
        grades = [Grade(i, "incorrect", 0.0, 1.0, "made", f"{i} is wrong.") for i in mistakes]
        return Member(name, 0.0, 3.0, {grade.exercise_id: grade for grade in right(*grades)})

    members = (member("ada", "02.softmax", "02.accuracy"), member("bob", "02.accuracy"), member("cem", "02.relu"))
    found = facts_of(tiny.NAME, Class(members, 0), IDS, ())
    assert [(m.exercise_id, m.count, m.attempted) for m in found.mistakes] == [
        ("02.accuracy", 2, 3),
        ("02.relu", 1, 3),
        ("02.softmax", 1, 3),
    ]
    assert found.mistakes[0].message == "02.accuracy is wrong."


def test_the_example_is_the_shortest_answer_without_names(facts: Facts) -> None:
    assert facts.mistakes[0].example == f"def softmax(z):\n    return z / z.sum(0)  # with {BLANK}, max"


def test_who_needs_a_look(facts: Facts) -> None:
    assert [(look.reason, look.learner, look.exercises) for look in facts.looks] == [
        ("not graded", "fay", ("02.relu",)),
        ("not graded", "hal", ()),
        ("forbidden library", "eve", ("02.accuracy",)),
        ("crashed", "eve", ("02.relu",)),
        ("repaired", "gil", ("02.relu",)),
    ]
    assert facts.looks[1].said == "The file is empty."


def test_what_a_person_decided_counts(course: Course, solutions: Path) -> None:
    with Gradebook(course.gradebook, "dlcourse") as gradebook:
        row = gradebook.find_grade("02-softmax-check", tiny.NAME, tiny.NAME, "dot")
        row.manual_score, row.needs_manual_grade = 1.0, False
        gradebook.find_submission_notebook(tiny.NAME, tiny.NAME, "ada").late_submission_penalty = 0.5
        gradebook.find_grade("02-relu-check", tiny.NAME, tiny.NAME, "gil").needs_manual_grade = True
        gradebook.update_or_create_student("ivy")
        gradebook.db.commit()
    facts = class_facts(course, tiny.NAME, solutions)
    points = {member.learner: member.points for member in facts.members}
    assert (points["dot"], points["ada"]) == (3.0, 2.5)
    assert ("late", "ada") in [(look.reason, look.learner) for look in facts.looks]
    assert ("waits for a person", "gil") in [(look.reason, look.learner) for look in facts.looks]
    assert facts.missing == 1


def test_several_exercises_of_one_learner_are_one_remark() -> None:
    unsteady = replace(ODD, unsteady="Not the same twice: incorrect at first, correct when run again.")
    repaired = replace(ODD, exercise_id="02.accuracy", status="crashed", repaired="The check cell had been edited.")
    grades = {grade.exercise_id: grade for grade in (replace(CRASHED, repaired="It was put back."), unsteady, repaired)}
    assert [(k.reason, k.exercises, k.said) for k in looks([Member("ada", 0.0, 3.0, grades)])] == [
        ("crashed", ("02.relu", "02.accuracy"), CRASHED.said),
        ("not the same twice", ("02.softmax",), unsteady.unsteady),
        ("repaired", ("02.relu", "02.accuracy"), "It was put back. The check cell had been edited."),
    ]


def test_a_rejected_file_does_not_count_as_the_one_before(course: Course, solutions: Path) -> None:
    save_notes(course.root, tiny.NAME, {"ada": "The file is not JSON, so it is no notebook."})
    facts = class_facts(course, tiny.NAME, solutions)
    assert len(facts.points) == 6
    (said,) = [look.said for look in facts.looks if look.learner == "ada"]
    assert said == "The file is not JSON, so it is no notebook. The gradebook holds 3 points for an earlier file."
    save_notes(course.root, tiny.NAME, {"ada": ""})
    assert notes_of(course.root, tiny.NAME) == {"hal": "The file is empty."}


ANSWER = """def train(x, y, rate):
    weights = np.zeros(x.shape[1])
    for step in range(100):
        guess = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (guess - y) / len(y)
        weights = weights - rate * slope
        if np.abs(slope).max() < 1e-6:
            break
    return weights, step
"""
RENAMED = ANSWER.replace("weights", "w").replace("slope", "g").replace("    ", "  ").replace("break", "break  # done")
OTHER = """def train(x, y, rate):
    w = np.random.default_rng(0).normal(size=x.shape[-1])
    history = []
    while len(history) < 100:
        p = sigmoid(x.dot(w))
        w -= rate * np.einsum("ni,n->i", x, p - y) / y.size
        history.append(float(np.mean((p - y) ** 2)))
    return w, history
"""


def test_renamed_answers_are_alike_and_others_are_not() -> None:
    answers = {"ada": {"02.x": ANSWER}, "bob": {"02.x": RENAMED}, "cem": {"02.x": OTHER}}
    (group,) = alike(answers, ())
    assert group.learners == ("ada", "bob")
    assert group.share == 1.0


def test_the_published_solution_makes_nobody_alike() -> None:
    assert alike({"ada": {"02.x": ANSWER}, "bob": {"02.x": RENAMED}}, (ANSWER,)) == ()


def test_the_same_known_mistake_makes_nobody_alike(solutions: Path) -> None:
    known = "\n".join(known_mistakes([registry.get("02.softmax")]))
    assert "def over_the_batch" in known
    assert alike({"ada": {"02.softmax": known}, "bob": {"02.softmax": known}}, (known,)) == ()


def test_what_everybody_writes_makes_nobody_alike() -> None:
    assert alike({f"learner {n}": {"02.x": ANSWER} for n in range(12)}, ()) == ()


def test_short_answers_make_nobody_alike() -> None:
    short = "def relu(z):\n    return np.maximum(z, 0)"
    assert alike({"ada": {"02.x": short}, "bob": {"02.x": short}}, ()) == ()


def test_three_who_are_linked_are_one_group() -> None:
    answers = {name: {"02.x": ANSWER} for name in ("ada", "bob", "cem")}
    answers |= {f"learner {n}": {"02.x": ""} for n in range(6)}
    (group,) = alike(answers, ())
    assert group.learners == ("ada", "bob", "cem")


def test_words_of_the_course_are_nobodys_name() -> None:
    code = "z.max()  # Ada LOVELACE\nada_relu = 12"
    assert anonymous(code, ["max", "Ada", "Lovelace", "12", "z"], words_of(["z.max()"])) == (
        f"z.max()  # {BLANK} {BLANK}\n{BLANK}_relu = 12"
    )


def test_bins_are_round_and_hold_everything() -> None:
    found = bins([0.0, 1.0, 18.9, 19.0], 19.0, whole=True)
    assert [n for _, _, n in found] == [2, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (found[0][:2], found[-1][1]) == ((0.0, 2.0), 20.0)
    assert sum(n for _, _, n in bins([0.0, 0.0], 0.0)) == 2


def test_the_page_is_whole_and_escaped(recorded: Course, solutions: Path, tmp_path: Path) -> None:
    course = course_like(recorded, tmp_path)
    forged = Grade("02.relu", "broken", 0.0, 1.0, "x<b>", EVIL, repaired=EVIL)
    add(course, "o'<b>eve</b>&", right(forged), {"02.relu": EVIL + '"""' + "\x00"})
    page = write_report(course, tiny.NAME, solutions).read_text(encoding="utf-8")
    assert "<script" not in page
    assert "onerror=&quot;" in page
    assert not re.search(r"<[^>]*\son\w+=", page)
    assert "<b>" not in page
    assert "default-src 'none'" in page
    assert page.count("<table>") == page.count("</table>") >= 5
    assert page.count('<img alt="') == page.count("<img ") == 3
    assert not re.search(r"(src|href)=[\"'](?!#|data:image/svg\+xml;base64,|\.\./feedback/)", page)


def test_the_same_class_gives_the_same_page(course: Course, solutions: Path) -> None:
    first = write_report(course, tiny.NAME, solutions).read_bytes()
    assert write_report(course, tiny.NAME, solutions).read_bytes() == first


def test_nbgraders_own_table_for_the_learning_platform(course: Course, tmp_path: Path) -> None:
    with Gradebook(course.gradebook, "dlcourse") as gradebook:
        gradebook.add_assignment("03_other")
    assert write_csv(course, tiny.NAME, tmp_path / "grades.csv") == ["fay", "hal"]
    with open(tmp_path / "grades.csv", newline="") as file:
        rows = {row["student_id"]: (row["assignment"], row["score"], row["max_score"]) for row in csv.DictReader(file)}
    assert rows["bob"] == (tiny.NAME, "1.25", "3.0")
    assert set(rows) == {"ada", "bob", "cem", "dot", "eve", "fay", "gil"}


def test_a_name_that_would_move_the_grade_into_another_column(course: Course, tmp_path: Path) -> None:
    add(course, "Lovelace, Ada", right())
    with pytest.raises(CourseError, match=r"cannot write 'Lovelace, Ada'"):
        write_csv(course, tiny.NAME, tmp_path / "grades.csv")
    assert not (tmp_path / "grades.csv").exists()


def run(*args: object) -> tuple[int, str]:
    """Run `dlcourse report`; return exit code and output, or 2 and the sentence it fails with."""
    try:
        result = CliRunner().invoke(report, [str(a) for a in args], catch_exceptions=False, standalone_mode=False)
    except CourseError as error:  # the group prints it and exits with 2
        return 2, str(error)
    return result.exit_code, result.output


def test_the_command_says_where_everything_lies(course: Course, solutions: Path, tmp_path: Path) -> None:
    code, said = run("02", "--out", course.root, "--csv", tmp_path / "g.csv", "--solutions", solutions)
    assert code == 0
    assert said.splitlines() == [
        f"Report: {course.root / 'reports' / '02_tiny.html'}",
        f"Grades: {tmp_path / 'g.csv'}",
        "Not graded in full, and so 0, too low or absent there: fay, hal.",
    ]


def test_an_unknown_chapter(solutions: Path, tmp_path: Path) -> None:
    code, said = run("77", "--out", tmp_path, "--solutions", solutions)
    assert (code, said.startswith("There is no chapter '77'.")) == (2, True)


@pytest.mark.parametrize("known", [False, True])
def test_a_chapter_that_is_not_graded_yet(known: bool, recorded: Course, solutions: Path, tmp_path: Path) -> None:
    if known:
        course_like(recorded, tmp_path)
    code, said = run("02", "--out", tmp_path, "--solutions", solutions)
    assert (code, said) == (2, f"Nothing of 02_tiny is graded in {tmp_path}: run `dlcourse grade 02_tiny` first.")
    assert (tmp_path / "gradebook.db").exists() == known, "a question must not make an empty gradebook"


def test_a_folder_that_cannot_be_written(course: Course, solutions: Path, tmp_path: Path) -> None:
    (course.root / "reports").write_text("a file in the way")  # root may write into every folder
    code, said = run("02", "--out", course.root, "--solutions", solutions)
    assert code == 2
    assert "cannot be written" in said
    (course.root / "reports").unlink()
    code, said = run("02", "--out", course.root, "--csv", course.root / "gradebook.db" / "g.csv",
                     "--solutions", solutions)  # fmt: skip
    assert code == 2
    assert "cannot be written" in said


def test_others_may_read_the_page_and_nobody_may_run_it(course: Course, solutions: Path) -> None:
    mode = write_report(course, tiny.NAME, solutions).stat().st_mode
    assert stat.S_IMODE(mode) == 0o644
