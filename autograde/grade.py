"""Grade a class: intake, nbgrader's own autograde and feedback with our steps in it, and the results in one place."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from dlcourse_utils.checks import Exercise
from dlcourse_utils.errors import CourseError

from .atomic import remove_unfinished, write_bytes
from .build import put_source
from .course import Course, database_says, without_session_warnings
from .gradebook import only_writer, require_gradebook
from .grades import Grade
from .intake import RejectedError, require_notebook
from .nbgrader_settings import COURSE_ID, RUNS
from .one_transaction import open_gradebook
from .plan import find_exercise
from .pools import cluster, local
from .preprocessors import RunWithProbes
from .records import records_of
from .results import Results
from .runs import Conditions, run_ahead
from .seeds import seed_for
from .submissions import Submission
from .texts import read_text
from .unchanged import Unchanged


@dataclass
class Learner:
    """One learner's results. `note` is a sentence when something about the whole submission must be said."""

    name: str
    grades: dict[str, Grade] = field(default_factory=dict)
    note: str = ""
    seconds: float = 0.0
    feedback: Path | None = None

    @property
    def score(self) -> float | None:
        """Points over all graded exercises; None when nothing was graded."""
        scores = [g.score for g in self.grades.values() if g.score is not None]
        return round(sum(scores), 6) if scores else None

    @property
    def max(self) -> float:
        """Points that the chapter's exercises give together."""
        return sum(grade.max for grade in self.grades.values())

    @property
    def all_graded(self) -> bool:
        """False when an exercise has the status "not_graded"."""
        return all(grade.status != "not_graded" for grade in self.grades.values())


def grade_class(
    chapter: str,
    submissions: Sequence[Submission],
    course: Course,
    solutions: Path,
    seed: int | None = None,
    renew_seed: bool = False,
    workers: int = 1,
    progress: Callable[[Learner], None] = lambda learner: None,
    scheduler: str | None = None,
) -> list[Learner]:
    """Grade every submission of `chapter` into the course folder's gradebook, autograded/ and feedback/.

    What is as the last grading left it is not graded again (see `unchanged`).
    seed: grade with this seed, once; otherwise the recorded one. renew_seed: draw and record another.
    workers: how many submissions run at once. scheduler: run them on this Dask cluster instead. Either way the
    gradebook has one writer, this process, and two of these do not work in one course folder at once.
    Raises CourseError when the course folder, the gradebook, the cluster or the chapter itself is at fault.
    """
    course.root.mkdir(parents=True, exist_ok=True)
    with only_writer(course.root):
        remove_unfinished(course.root)
        require_gradebook(course.gradebook)
        prepare(course, chapter, solutions)
        seed = seed_for(course.root, chapter, renew_seed) if seed is None else seed
        course.extra = Config(course.extra)
        course.extra.RunWithProbes.seed = seed
        course.extra.RunWithProbes.runs_folder = str((course.root / RUNS).resolve())
        exercises = recorded_exercises(course, chapter)
        records = records_of(course.gradebook, chapter, chapter)
        under = _conditions(course, chapter, seed)
        unchanged = Unchanged(course, chapter, course.root / RUNS, records, under)
        known = unchanged.among(submissions)
        learners = {}
        for submission in submissions:
            if submission.learner in known:
                learners[submission.learner] = _as_before(submission.learner, course, chapter, exercises)
                progress(learners[submission.learner])
        others = [submission for submission in submissions if submission.learner not in known]
        pool_of = local(workers) if scheduler is None else cluster(scheduler, under.walls, chapter)
        with open_gradebook(course.gradebook, COURSE_ID), pool_of as pool:
            for submission in run_ahead(others, records, under, pool):
                learner = learners[submission.learner] = grade_one_submission(submission, course, chapter, exercises)
                if not learner.note:
                    unchanged.mark(submission)
                progress(learner)
        return [learners[submission.learner] for submission in submissions]


def _as_before(name: str, course: Course, chapter: str, exercises: Sequence[Exercise]) -> Learner:
    """Return the results of a submission that is as it was when it was graded last."""
    learner = Learner(name, _saved(course, name, chapter), feedback=course.feedback(name, chapter))
    learner.grades = _complete(learner, exercises)
    return learner


def _conditions(course: Course, chapter: str, seed: int) -> Conditions:
    """Return what nbgrader's own pass will run under: the same preprocessor says it."""
    return RunWithProbes(config=course.config()).conditions(chapter, seed)


def prepare(course: Course, chapter: str, solutions: Path) -> None:
    """Record the chapter's cells in the gradebook, from its text, without touching the released notebooks."""
    put_source(course, chapter, read_text(solutions / f"{chapter}.py"))
    Course(course.root, course.root / "release", course.extra).generate_assignment(chapter)


def recorded_exercises(course: Course, chapter: str) -> list[Exercise]:
    """Return the exercises that the gradebook knows for a chapter, in its order."""
    found = (find_exercise(record.grade_id) for record in records_of(course.gradebook, chapter, chapter))
    return [exercise for exercise in found if exercise is not None]


def grade_one_submission(
    submission: Submission, course: Course, chapter: str, exercises: Sequence[Exercise]
) -> Learner:
    """Grade one submission; whatever is wrong with it is told in the result and stops nobody else."""
    began = time.monotonic()
    learner = Learner(submission.learner)
    try:
        require_notebook(submission.path)
        collect(submission, course, chapter)
        course.grade(chapter, learner.name)
        learner.grades = _saved(course, learner.name, chapter)
        learner.feedback = course.feedback(learner.name, chapter)
    except RejectedError as error:
        learner.note = str(error)
    except (CourseError, OSError, SQLAlchemyError) as error:
        said = database_says(error) if isinstance(error, SQLAlchemyError) else error
        learner.note = f"Grading failed, which is no fault of the learner's: {said}"
        learner.grades = {}  # nothing half done counts; the next run tries again
        _ask_for_a_person(course, chapter, learner.name)
    learner.grades = _complete(learner, exercises)
    learner.seconds = time.monotonic() - began
    return learner


def collect(submission: Submission, course: Course, chapter: str) -> None:
    """Copy a submission to where nbgrader looks for it, with the time stamp beside it."""
    target = course.submission(submission.learner, chapter)
    if target.exists() and target.samefile(submission.path):
        return
    write_bytes(target, submission.path.read_bytes())
    stamp = submission.path.with_name("timestamp.txt")
    if submission.path.parent.name == chapter and stamp.is_file():
        write_bytes(target.with_name("timestamp.txt"), stamp.read_bytes())


def as_json(learners: Sequence[Learner]) -> dict[str, Any]:
    """Return the results in the documented shape; scores are in points, None where nothing was graded."""
    return {
        "learners": {
            learner.name: {
                "score": learner.score,
                "max": learner.max,
                "exercises": {
                    grade.exercise_id: {
                        "status": grade.status,
                        "score": grade.score,
                        "max": grade.max,
                        "diagnosis": grade.diagnosis,
                        "repaired": grade.repaired,
                    }
                    for grade in learner.grades.values()
                },
            }
            for learner in learners
        }
    }


def _saved(course: Course, learner: str, chapter: str) -> dict[str, Grade]:
    results = Results.load(course.autograded(learner, chapter))
    if results is None:
        raise CourseError("nbgrader left no results.")
    return {grade.exercise_id: grade for grade in results.grades}


def _ask_for_a_person(course: Course, chapter: str, learner: str) -> None:
    """Mark in the gradebook what we could not finish: it must not look like a zero, nor like an earlier file's."""
    try:
        with Gradebook(course.gradebook, COURSE_ID) as gradebook, without_session_warnings():
            gradebook.update_or_create_student(learner)
            submission = gradebook.update_or_create_submission(chapter, learner)
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    grade.auto_score = None
                    grade.needs_manual_grade = True
            gradebook.db.commit()
    except (MissingEntry, SQLAlchemyError):  # a database that cannot be written is told in the learner's note
        return


def _complete(learner: Learner, exercises: Sequence[Exercise]) -> dict[str, Grade]:
    """Return a grade for every exercise of the chapter, in course order."""
    grades = {}
    for exercise in exercises:
        nothing = Grade(exercise.id, "not_graded", None, float(exercise.points), said=learner.note)
        grades[exercise.id] = learner.grades.get(exercise.id, nothing)
    return grades
