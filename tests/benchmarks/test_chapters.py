"""The page of results: every milestone is measured, means and spreads are right, and what is missing is said."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograde.attempts import solved
from dlcourse_utils.checks import registry

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import a module of benchmarks/ as the script there does."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    return importlib.import_module


def milestone(bench: Any, **changes: Any) -> Any:
    facts: dict[str, Any] = {
        "exercise": "02.milestone_x", "measure": "read", "goal": "90 %", "form": ".1%", "values": [0.9, 0.92, 0.94],
        "baselines": {"dull": [0.1]}, "seconds": [1.0, 2.0],
    }  # fmt: skip
    return bench("milestones").Milestone(**{**facts, **changes})


def test_means_stand_with_the_sample_standard_deviation(bench: Any) -> None:
    values = [0.9, 0.92, 0.94]
    assert milestone(bench).ours == f"{np.mean(values):.1%} ± {np.std(values, ddof=1):.1%}" == "92.0% ± 2.0%"
    assert milestone(bench, values=[0.5, 0.5]).ours == "50.0%"


@pytest.mark.parametrize(("higher", "beaten"), [(True, ["strong"]), (False, ["dull"])])
def test_a_better_baseline_is_named(bench: Any, higher: bool, beaten: list[str]) -> None:
    m = milestone(bench, baselines={"dull": [0.1], "strong": [0.95, 0.97]}, higher_is_better=higher)
    assert [name for name in m.baselines if m.beaten_by(name)] == beaten


def test_the_page_says_what_was_measured_and_what_was_not(bench: Any) -> None:
    facts = bench("chapters_facts")
    run = facts.Notebook(wall=20.4, cpu=10.6, cards=5, green=5)
    with_gpu = facts.Chapter("06_x", run, (milestone(bench),), (milestone(bench, seconds=[0.5]),))
    page = bench("chapters_page").page([with_gpu, facts.Chapter("09_y", run, ())], seeds=3, threads=1)
    assert "| 06_x | 20 | 11 | 5 of 5 |" in page
    assert "| together | 41 | 21 | |" in page
    assert "| 02.milestone_x | read | 90 % | 92.0% ± 2.0% | dull 10.0% | 1.5 |" in page
    assert "| 02.milestone_x | 92.0% ± 2.0% | 92.0% ± 2.0% | 1.5 | 0.5 |" in page
    assert "Not measured yet: 09_y." in page
    assert "Left out" not in page
    assert "Left out of this run: 10_z." in bench("chapters_page").page([with_gpu], 3, 1, left_out=["10_z"])
    stopped = facts.Chapter("10_z", facts.Notebook(1.0, 1.0, 3, 2, "NameError: x"), ())
    assert "2 of 3; stopped early by NameError: x |" in bench("chapters_page").page([stopped], seeds=3, threads=1)
    broken = facts.Chapter("07_w", run, (), (), "KeyError: 'train'")
    assert "Measuring 07_w was stopped early by KeyError: 'train'." in bench("chapters_page").page([broken], 3, 1)
    without = bench("chapters_page").page([facts.Chapter("06_x", run, (milestone(bench),))], seeds=3, threads=1)
    assert "This machine has no GPU." in without


@pytest.mark.parametrize("number", [f"{n:02}" for n in range(11)])
def test_every_milestone_of_a_chapter_is_measured(bench: Any, number: str) -> None:
    wanted = {i for i in registry.ids() if i.startswith(f"{number}.milestone_")}
    source = ROOT / "benchmarks" / "milestones" / f"ch{number}.py"
    if not source.is_file():
        pytest.skip(f"chapter {number} has no measurement yet: {source.name} is missing")
    assert number in bench("milestones").available()
    named = {i for i in wanted if f'"{i}"' in source.read_text(encoding="utf-8")}
    assert named == wanted


@pytest.mark.parametrize("number", ["00", "01", "02", "03", "04", "05"])
def test_the_quick_milestones_reach_their_goals(bench: Any, number: str) -> None:
    (text,) = (ROOT / "solutions").glob(f"{number}_*.py")
    goals = {
        "00.milestone_nearest_mean": 0.85, "01.milestone_letter_model": 2.95, "02.milestone_digits": 0.93,
        "04.milestone_ravine": 0.1,
        "03.milestone_memorise": 1.0, "03.milestone_digits": 0.95, "04.milestone_digits": 0.9,
    }  # fmt: skip
    hearts = {".3f": 0.87, ".1%": 0.77}
    for m in bench("milestones").available()[number](solved(text), [0], "cpu"):
        goal = goals.get(m.exercise) or hearts[m.form]
        assert m.values[0] >= goal if m.higher_is_better else m.values[0] <= goal, m.exercise
        assert not any(m.beaten_by(name) for name in m.baselines if "logistic" not in name), m.exercise
