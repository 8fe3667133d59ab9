"""A result as text, for terminals and for output that a screen reader speaks."""

from __future__ import annotations

import numpy as np

from ..probes.data import Tensor
from .result import CaseResult, Result

_HEADLINES = {
    "correct": "✓ correct",
    "incorrect": "✗ not right yet",
    "broken": "✗ not the right kind of answer yet",
    "not_attempted": "○ not attempted",
    "not_graded": "? the check failed",
}


def headline(result: Result) -> str:
    """Return the state in words; what stops with an exception does not run, whatever else it does."""
    if result.status == "broken" and any(c.verdict.kind == "raised" for c in result.cases):
        return "✗ does not run yet"
    return _HEADLINES[result.status]


def points_text(result: Result) -> str:
    """Return "1.5 of 2 points"."""
    unit = "point" if result.max_points == 1 else "points"
    return f"{round(result.points, 2):g} of {result.max_points:g} {unit}"


def as_text(result: Result) -> str:
    """Return the card's content as plain lines."""
    lines = [f"{result.exercise_id} · {result.title}: {headline(result)} ({points_text(result)})"]
    lines += [f"  {note}" for note in result.notes]
    if result.status == "not_attempted":
        return "\n".join([*lines, "  Write your answer in the cell above, then run this cell again."])
    lines += [f"  {'✓' if c.verdict.passed else '✗'} {c.name}" for c in result.cases]
    if result.diagnosis:
        lines.append(f"  {result.diagnosis.label}: {result.diagnosis.message}")
    failure = result.failure
    if failure is not None:
        lines.append(f"  {failure.name}: {sentence(failure.verdict.where, failure.verdict.sentence)}")
        for label, value in (("expected", failure.verdict.expected), ("yours", failure.verdict.got)):
            if value is not None and failure.verdict.kind == "value":
                lines.append(f"    {label}: {short(value)}")
    for also in other_failures(result):
        lines.append(f"  {also.name}: {sentence(also.verdict.where, also.verdict.sentence)}")
    lines += [f"  your code: {line}" for line in result.lines]
    lines += [f"  {w}" for w in warnings_in_words(result)]
    if result.printed.strip():
        lines.append(f"  your code printed: {result.printed.strip()[:200]}")
    if result.hints and result.status != "correct":
        lines.append(f'  Stuck? hint("{result.exercise_id}") gives one step at a time.')
    return "\n".join(lines)


def other_failures(result: Result) -> list[CaseResult]:
    """Return one failing case for each kind of failure that the shown one is not."""
    shown = result.failure
    kinds = {shown.verdict.kind: shown} if shown is not None else {}
    for case in result.cases:
        if not case.verdict.passed:
            kinds.setdefault(case.verdict.kind, case)
    return [case for case in kinds.values() if case is not shown]


def warnings_in_words(result: Result) -> list[str]:
    """Return a sentence for each warning; beside a right answer it is no more than a remark."""
    if result.status == "correct":
        return [f"Right all the same, with a warning on the way: {w}" for w in result.warned]
    return [f"A warning came up: {w}" for w in result.warned]


def sentence(where: str, text: str) -> str:
    """Put the part's name in front of a verdict's sentence."""
    return f"in {where}: {text}" if where else text


def short(value: object, limit: int = 160) -> str:
    """Return a value on one line, rounded to what a person compares."""
    if isinstance(value, Tensor):
        value = value.array
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=4, threshold=24, edgeitems=3, separator=", ")
    else:
        text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
