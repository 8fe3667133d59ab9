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

SAID = "Earned full marks, but the answer cells alone do not ({status}). Look at where the right values come from."


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
    fallen = sorted(i for i in full if again[i].status != "correct")
    return {i: SAID.format(status=again[i].status.replace("_", " ")) for i in fallen}


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
