"""The exercise engine: cases, oracles, named mistakes and hints, and the judge that weighs observations.

Everything here stays on the judge's side. Under grading this package does not exist where learner code runs.
"""

from .exercise import Case, Exercise
from .judging import cases_for, judge
from .registry import all_exercises, chapter, chapters, get
from .result import CaseResult, Diagnosis, Result
from .session import check, hint

__all__ = [
    "Case",
    "CaseResult",
    "Diagnosis",
    "Exercise",
    "Result",
    "all_exercises",
    "cases_for",
    "chapter",
    "chapters",
    "check",
    "get",
    "hint",
    "judge",
]
