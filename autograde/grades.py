"""From what a submission did to its grades: one small record per exercise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from dlcourse_utils.checks import Case, Exercise, Result
from dlcourse_utils.checks.judging import forbidden_result
from dlcourse_utils.checks.result import Status as EngineStatus
from dlcourse_utils.probes import Observation
from dlcourse_utils.probes.traces import Raised

from .judged import card_of, judged
from .runner import Ran

Status = Literal[
    "correct", "incorrect", "broken", "not_attempted", "timed_out", "crashed", "forbidden", "missing", "not_graded"
]


@dataclass(frozen=True)
class Grade:
    """One exercise of one submission. `score` is in points, None when nothing could be graded."""

    exercise_id: str
    status: Status
    score: float | None
    max: float
    diagnosis: str | None = None
    said: str = ""  # what the learner is told, in a sentence
    repaired: str | None = None
    unsteady: str | None = None  # said when the same seed gave another verdict the second time
    doubt: str | None = None  # said to the teacher when definitions alone do not earn the full marks
    card: str = field(default="", repr=False)

    def to_plain(self) -> dict[str, Any]:
        """Return the record without its card."""
        plain = asdict(self)
        del plain["card"]
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Grade:
        """Rebuild a record that was saved with `to_plain`."""
        return cls(**plain)


def grade_all(done: Sequence[Ran], cases: Mapping[str, Sequence[Case]], seed: int) -> dict[str, Grade]:
    """Judge every check that was run; return the grades by exercise id, in the notebook's order."""
    grades: dict[str, Grade] = {}
    for ran in done:
        exercise = ran.step.exercise
        if exercise is not None:
            try:
                grades[exercise.id] = grade_one(ran, done, exercise, cases[exercise.id], seed, grades)
            except Exception as error:  # a fault of ours costs this exercise's grade, never a point
                grades[exercise.id] = _not_judged(exercise, error)
    return grades


def grade_one(
    ran: Ran, done: Sequence[Ran], exercise: Exercise, cases: Sequence[Case], seed: int, earlier: Mapping[str, Grade]
) -> Grade:
    """Judge one check."""
    if ran.ending == "forbidden":
        result = replace(forbidden_result(exercise, ran.missing, seed), seed=None)
        return _grade(result, "forbidden", result.notes[0])
    if ran.ending in ("missing", "uncallable"):
        status, note = _why_missing(ran, done, exercise)
        kind: EngineStatus = "not_attempted" if status == "not_attempted" else "broken"
        result = Result(exercise.id, exercise.title, kind, 0.0, exercise.points, notes=(note,), hints=exercise.hints)
        return _grade(result, status, note)
    observations = list(ran.observations[: len(cases)])
    stopped = _interrupted(ran, cases, observations)
    if stopped:
        note = stopped[1]
        gone = Observation(raised=Raised("Interrupted", note.rstrip("."), ("Interrupted", "BaseException")))
        observations += [gone] * (len(cases) - len(observations))
    # The card goes to the learner, and the seed is a secret while the class is still at work.
    result, key = judged(exercise, cases, observations, seed)
    result = replace(result, seed=None)
    if stopped and result.status != "not_graded":
        status, note = stopped
        result = replace(result, status="broken", notes=(note, *result.notes), diagnosis=None)
        return _grade(result, status, note, key)
    shaky = [i for i in exercise.builds_on if i in earlier and earlier[i].status not in ("correct", "not_graded")]
    if result.status in ("broken", "incorrect"):
        built_on = tuple(f"Built on {i}, which is not right yet. Mend that one first." for i in shaky)
        result = replace(result, notes=(*built_on, *result.notes))
    return _grade(result, result.status, _sentence(result), key)


def _not_judged(exercise: Exercise, error: Exception) -> Grade:
    said = f"The judge failed, through no fault of the learner's ({type(error).__name__}: {error})."
    return Grade(exercise.id, "not_graded", None, float(exercise.points), said=said)


def _grade(result: Result, status: Status, said: str, key: str = "") -> Grade:
    graded = status != "not_graded"
    return Grade(
        exercise_id=result.exercise_id,
        status=status,
        score=round(float(result.points), 6) if graded else None,
        max=float(result.max_points),
        diagnosis=result.diagnosis.name if result.diagnosis else None,
        said=said,
        card=card_of(result, key),
    )


def _sentence(result: Result) -> str:
    if result.diagnosis is not None:
        return result.diagnosis.message
    if result.status == "not_graded" and result.notes:
        return result.notes[0]
    failure = result.failure
    return failure.verdict.sentence if failure is not None else ""


def _interrupted(ran: Ran, cases: Sequence[Case], seen: Sequence[Observation]) -> tuple[Status, str] | None:
    """Return the status and the sentence for a check that did not come to its end; None when it did."""
    where = f" on the case “{cases[len(seen)].name}”" if len(seen) < len(cases) else ""
    if ran.ending in ("timed_out", "out_of_time"):
        return "timed_out", f"Your code did not finish{where}: {ran.said or 'it ran too long'}."
    if ran.ending == "crashed":
        return "crashed", f"Your code ended the whole Python process{where}: {ran.said}."
    if len(seen) < len(cases):
        return "crashed", f"Your code stopped the check{where}."
    return None


def _why_missing(ran: Ran, done: Sequence[Ran], exercise: Exercise) -> tuple[Status, str]:
    """Return status and sentence for a check whose objects are not there, or cannot be called."""
    if ran.ending == "uncallable":
        return "broken", f"A function or a class was expected; found {', '.join(ran.missing)}."
    names = " and ".join(f"`{name}`" for name in ran.missing or exercise.objects)
    answer_id = exercise.id.replace(".", "-")
    before = done[: done.index(ran)]
    answers = [r for r in before if _belongs(r.step.cell_id, answer_id)]
    if not answers:
        return "missing", f"{names} is defined nowhere: the answer cell is gone or empty."
    failed = next((r for r in reversed(answers) if r.ending != "ok"), None)
    if failed is None:
        return "missing", f"{names} is not defined: the name must stay as the exercise gives it."
    if failed.ending == "timed_out":
        return "timed_out", f"The answer cell did not finish: {failed.said or 'it ran too long'}."
    if failed.ending in ("crashed", "out_of_time"):
        return "crashed", f"The answer cell ended the whole Python process: {failed.said}."
    if "NotImplementedError" in failed.error:
        return "not_attempted", f"{names} is not written yet."
    return "broken", f"The answer cell stopped with {failed.error[0] if failed.error else 'an error'}."


def _belongs(cell_id: str, answer_id: str) -> bool:
    return cell_id == answer_id or (cell_id.startswith(f"{answer_id}-") and not cell_id.endswith("-check"))
