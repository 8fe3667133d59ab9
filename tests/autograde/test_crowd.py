"""The sample class of many learners: reproducible, all different, and the same mistakes again and again."""

from __future__ import annotations

import json
from collections import Counter
from io import StringIO

from rich.console import Console

from autograde.build import Built
from autograde.grade import Learner
from autograde.grades import Grade
from autograde.sample_crowd import crowd, write_crowd
from autograde.tables import SMALL, print_results
from dlcourse_utils.checks import registry


def answers(content: bytes) -> dict[str, str]:
    cells = json.loads(content)["cells"]
    return {c["id"]: "".join(c["source"]) for c in cells if c["metadata"].get("nbgrader", {}).get("solution")}


def test_the_crowd_is_the_same_each_time_and_nobody_is_like_another(built: Built) -> None:
    made = dict(crowd(built, 20))
    assert made == dict(crowd(built, 20))
    assert made != dict(crowd(built, 20, seed=1))
    assert len(set(made.values())) == len(made) == 20


def test_a_mistake_returns_and_most_answers_are_right(built: Built) -> None:
    made = [answers(content) for _, content in crowd(built, 60)]
    returns = {}
    for exercise in ("relu", "softmax", "accuracy"):
        written = Counter(a[f"02-{exercise}"].split("\n# handed in")[0].strip() for a in made)
        first = registry.get(f"02.{exercise}").mistakes[0].__name__
        returns[exercise] = sum(n for source, n in written.items() if f"{exercise} = {first}" in source)
        ((most, often),) = written.most_common(1)
        assert "NotImplementedError" not in most
        assert often > 20
    assert max(returns.values()) > 10
    assert min(returns.values()) < 5


def test_files_lie_where_nbgrader_looks(built: Built, tmp_path) -> None:  # type: ignore[no-untyped-def]
    names = write_crowd(built, tmp_path, 3)
    assert names == ["learner_01", "learner_02", "learner_03"]
    assert (tmp_path / "learner_02" / built.name / f"{built.name}.ipynb").is_file()


def test_of_a_large_class_the_frequent_mistakes_and_the_odd_are_printed() -> None:
    wrong = Grade("02.relu", "incorrect", 0.0, 1.0, "leaky", "Below zero it leaks.")
    slow = Grade("02.softmax", "timed_out", 0.0, 1.0, said="It did not finish.")
    right = Grade("02.softmax", "correct", 1.0, 1.0, said="unseen")
    untouched = Grade("02.relu", "not_attempted", 0.0, 1.0)
    learners = [Learner(f"l{n}", {"02.relu": wrong if n < 9 else untouched, "02.softmax": slow if n == 3 else right})
                for n in range(SMALL + 1)]  # fmt: skip
    out = StringIO()
    print_results(learners, Console(file=out, width=120))
    said = out.getvalue()
    assert "9 of 9" in said
    assert said.count("Below zero it leaks.") == said.count("It did not finish.") == 1
    assert "unseen" not in said
    assert all(f"l{n} " in said for n in range(SMALL + 1))
