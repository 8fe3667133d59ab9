"""Proof that the checks are any good: the stub earns nothing, known mistakes are named, right styles pass.

For every exercise and every seed: the empty stub scores 0 and is "not attempted"; the solution and every variant
score full; every mistake and convention scores less and is diagnosed as itself; trivial answers earn little.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from dlcourse_utils.checks import Exercise, Result, cases_for, get, judge, registry
from dlcourse_utils.errors import CourseError
from dlcourse_utils.probes import observe

from .attempts import solved, unsolved

ROOT = Path(__file__).resolve().parent.parent
LEAST_MISTAKES, LEAST_VARIANTS = 3, 2
MOST_FOR_A_TRIVIAL_ANSWER = 0.35


@dataclass(frozen=True)
class Row:
    """One implementation of one exercise over all seeds; `breaches` says what is wrong with the check, if anything."""

    exercise_id: str
    kind: str  # "stub", "solution", "variant", "mistake", "convention", "trivial"
    name: str
    lowest: float
    highest: float
    named: int  # seeds on which it was diagnosed as itself
    seeds: int
    breaches: tuple[str, ...] = ()


def run(exercise: Exercise, attempt: Sequence[Any], seed: int) -> Result:
    """Check `attempt` as the grading does: observe each case, then judge."""
    cases = cases_for(exercise, seed)
    observations = [observe(exercise.probe, attempt, c.args, c.kwargs) for c in cases]
    return judge(exercise, cases, observations, seed)


def prove(ids: Sequence[str], seeds: Sequence[int], workers: int = 1) -> Iterator[list[Row]]:
    """Yield the rows of each exercise, in order, as they become known."""
    if workers == 1:
        yield from (prove_exercise(i, seeds) for i in ids)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(prove_exercise, ids, [seeds] * len(ids))


def prove_exercise(exercise_id: str, seeds: Sequence[int]) -> list[Row]:
    """Return the proof of one exercise."""
    exercise = get(exercise_id)
    text = chapter_text(exercise_id)
    reference, stubs = solved(text), unsolved(text)
    variants = list(variants_of(exercise_id).VARIANTS)
    rows = [
        _row(exercise, "stub", "untouched", _named_objects(exercise, stubs), seeds, _stub_breach),
        _row(exercise, "solution", text.stem, _named_objects(exercise, reference), seeds, _full_breach),
    ]
    rows += [_row(exercise, "variant", v.__name__, exercise.attempt_of(v), seeds, _full_breach) for v in variants]
    for kind, group in (("mistake", exercise.mistakes), ("convention", exercise.conventions)):
        for wrong in group:
            breach = _mistake_breach(wrong.__name__, kind == "convention")
            rows.append(_row(exercise, kind, wrong.__name__, exercise.attempt_of(wrong), seeds, breach))
    rows += [_row(exercise, "trivial", name, a, seeds, _trivial_breach) for name, a in _trivial(exercise)]
    return rows + _too_few(exercise, len(variants))


def chapter_text(exercise_id: str) -> Path:
    """Return the chapter's text. Raises CourseError outside a checkout, where there is none."""
    found = sorted((ROOT / "solutions").glob(f"{exercise_id.partition('.')[0]}_*.py"))
    if not found:
        raise CourseError(f"No solutions/{exercise_id.partition('.')[0]}_….py here: the proof needs a checkout.")
    return found[0]


@lru_cache
def variants_of(exercise_id: str) -> ModuleType:
    """Import the right-but-different implementations, which live with the tests."""
    number, _, name = exercise_id.partition(".")
    path = ROOT / "tests" / "variants" / f"ch{number}" / f"{name.lower()}.py"
    if not path.is_file():
        raise CourseError(f"{path.relative_to(ROOT)} is missing: {exercise_id} has no variants.")
    spec = importlib.util.spec_from_file_location(f"variants_{number}_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # so that the source can be cut out again
    spec.loader.exec_module(module)
    return module


def _row(
    exercise: Exercise,
    kind: str,
    name: str,
    attempt: Sequence[Any],
    seeds: Sequence[int],
    breach: Callable[[Result], str],
) -> Row:
    results = [run(exercise, attempt, seed) for seed in seeds]
    scores = [r.score for r in results]
    named = sum(r.diagnosis is not None and r.diagnosis.name == name and not r.diagnosis.share for r in results)
    found = [f"seed {s}: {text}" for s, r in zip(seeds, results, strict=True) if (text := breach(r))]
    return Row(exercise.id, kind, name, min(scores), max(scores), named, len(results), tuple(found))


def _named_objects(exercise: Exercise, namespace: dict[str, Any]) -> tuple[Any, ...]:
    missing = [name for name in exercise.objects if name not in namespace]
    if missing:
        raise CourseError(f"The chapter's text does not define {', '.join(missing)}, which {exercise.id} checks.")
    return tuple(namespace[name] for name in exercise.objects)


def _stub_breach(result: Result) -> str:
    return "" if result.status == "not_attempted" and result.score == 0 else f"{result.status}, {result.score:g}"


def _full_breach(result: Result) -> str:
    if result.status == "correct" and result.score == 1.0:
        return ""
    failure = result.failure
    why = f"{failure.name}: {failure.verdict.where} {failure.verdict.sentence}" if failure else str(result.notes)
    return f"{result.status}, {result.score:.2f} ({why})"


def _mistake_breach(name: str, is_convention: bool) -> Callable[[Result], str]:
    def breach(result: Result) -> str:
        found = result.diagnosis.name + result.diagnosis.share if result.diagnosis else None
        if found != name:
            return f"diagnosed as {found}"
        if is_convention:
            return "" if result.score == 0.5 else f"a convention scores {result.score:.2f}"
        return "" if result.score < 1.0 else "scores full"

    return breach


def _trivial_breach(result: Result) -> str:
    return "" if result.score <= MOST_FOR_A_TRIVIAL_ANSWER else f"scores {result.score:.2f}"


def _trivial(exercise: Exercise) -> list[tuple[str, tuple[Any, ...]]]:
    if exercise.probe != "call":
        return []
    return [(f.__name__, (f,)) for f in (returns_nothing, returns_zero, returns_its_input, returns_zeros_like_input)]


def returns_nothing(*args: Any, **kwargs: Any) -> None:
    """Answer with None."""


def returns_zero(*args: Any, **kwargs: Any) -> float:
    """Answer with 0.0."""
    return 0.0


def returns_its_input(first: Any = None, *args: Any, **kwargs: Any) -> Any:
    """Answer with the first argument."""
    return first


def returns_zeros_like_input(first: Any = None, *args: Any, **kwargs: Any) -> Any:
    """Answer with zeros of the first argument's shape."""
    return np.zeros_like(first, dtype=float) if isinstance(first, np.ndarray) else 0.0


def _too_few(exercise: Exercise, variants: int) -> list[Row]:
    few = []
    module = sys.modules[exercise.cases.__module__]
    excused = "fewer" in (module.__doc__ or "").lower()  # the docstring says why fewer exist
    if len(exercise.mistakes) < LEAST_MISTAKES and not excused:
        few.append(f"only {len(exercise.mistakes)} mistakes, and its docstring does not say why fewer exist")
    if variants < LEAST_VARIANTS and not excused:
        few.append(f"only {variants} variants, and its docstring does not say why fewer exist")
    return [Row(exercise.id, "exercise", "", 0, 0, 0, 0, (text,)) for text in few]


def default_workers() -> int:
    """Return one worker per core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def wanted_ids(chapter: str | None) -> list[str]:
    """Return the exercise ids of "02", "02_neurons_and_losses", "02.softmax" or, for None, of the course."""
    if chapter is None:
        return registry.ids()
    return [get(chapter).id] if "." in chapter else [e.id for e in registry.chapter(chapter)]
