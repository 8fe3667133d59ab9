"""Full marks, looked at once more: do the answer cells earn them by themselves?

Data alone cannot tell whether right values came from the answer or from elsewhere: a patched probe, a name bound anew
just before its check. So after full marks a clean worker gets only what the notebook *defines* (imports, functions,
classes, plain assignments), and what is under test only from its own answer cells. A disagreement flags the exercise
for a person. It never changes a score: an honest answer may need more than definitions.

Not seen: right values that an answer cell itself fetches (a library's own softmax), and a class or decorator of the
answer that patches the worker while it is defined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dlcourse_utils.checks import Case

from .grades import Grade, grade_all
from .line import Line
from .plan import Step
from .runner import Limits, run_plan

SAID = "Earned full marks, but what the notebook defines does not by itself ({status}): see where the values come from."


def disagreements(
    steps: Sequence[Step],
    grades: Mapping[str, Grade],
    cases: Mapping[str, Sequence[Case]],
    seed: int,
    limits: Limits,
    start: Callable[[], Line],
) -> dict[str, str]:
    """Return a sentence for each exercise whose full marks its definitions alone do not earn.

    steps, grades: what was run, and what it earned. start: makes a fresh worker.
    """
    full = {i for i, grade in grades.items() if grade.status == "correct"}
    if not full:
        return {}
    again = grade_all(run_plan(defining(steps, full), lambda e: cases[e.id], limits, start), cases, seed)
    told = {i: told_if_unearned(grades[i], again[i]).doubt for i in sorted(full)}
    return {i: doubt for i, doubt in told.items() if doubt}


def told_if_unearned(first: Grade, second: Grade | None) -> Grade:
    """Return the first grade, which counts; with a sentence when it is full and the second look's is not.

    A second that could not be graded, which is our fault, says nothing.
    """
    if second is None or first.status != "correct" or second.status in ("correct", "not_graded"):
        return first
    return replace(first, doubt=SAID.format(status=second.status.replace("_", " ")))


def defining(steps: Sequence[Step], wanted: set[str]) -> list[Step]:
    """Return the steps of the second look: cells that only define, and the checks of the `wanted` exercises."""
    tested = {s.exercise.id.replace(".", "-"): s.exercise for s in steps if s.exercise is not None}
    every = {name for exercise in tested.values() for name in exercise.objects}
    kept = []
    for step in steps:
        if step.exercise is not None:
            kept += [step] if step.exercise.id in wanted else []
            continue
        own = tested.get("-".join(step.cell_id.split("-")[:2]))
        others = every - set(own.objects if own is not None else ())
        kept.append(replace(step, defines_without=tuple(sorted(others))))
    return kept
