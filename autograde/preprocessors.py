"""nbgrader's steps as this course takes them: repair by the record, run with probes, save what was judged.

`nbgrader autograde`, formgrader's button and `dlcourse grade` all go through these classes.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode, from_dict
from nbformat.v4.rwbase import rejoin_lines
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from sqlalchemy.engine import make_url
from traitlets import Bool, Float, Integer, Unicode, default

from dlcourse_utils.checks import registry
from dlcourse_utils.errors import CourseError
from dlcourse_utils.probes import confine

from .feedback import FOR_TEACHERS
from .grades import Grade, grade_all
from .intake import MAX_BYTES, take_notebook
from .nbgrader_settings import CELL_SECONDS, COURSE_ID
from .one_transaction import one_transaction
from .outputs import MAX_CHARACTERS
from .plan import find_exercise, grade_id_of, is_check, plan_of
from .records import records_of
from .release_checks import grade_id
from .remembered import graded, let_in
from .repair import repair, repairs_from
from .results import Results
from .run_cache import RunCache
from .runner import Limits, Ran
from .runs import Conditions, drawn, performed, runnable
from .sanitise import SHOWN, clean_fragment
from .seeds import seed_for
from .texts import METADATA, normalise, to_bytes
from .twice import told_if_unsteady
from .unshared import Unshared
from .verify import told_if_unearned
from .workers import default_walls

BOX = confine.Limits()
NOT_GRADED = "dlcourse_not_graded"  # key in nbconvert's resources: check cells that a fault of ours left ungraded


class GuardedExporter(NotebookExporter):
    """Reads a notebook through the intake, so that its size and structure are known before it is parsed."""

    max_bytes = Integer(MAX_BYTES, help="Largest notebook that is read, in bytes").tag(config=True)

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """Convert the notebook at `filename`. Raises CourseError with the reason when it cannot be graded."""
        path = Path(filename)
        resources = dict(resources or {})
        resources.setdefault("metadata", {}).update(name=path.stem, path=str(path.parent))
        return self.from_notebook_node(Unshared(take_notebook(path, self.max_bytes)), resources=resources, **kw)

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        """Return the notebook file's content; the next step reads that file, and need not parse it."""
        made, resources = super(NotebookExporter, self).from_notebook_node(nb, resources, **kw)
        text = nbformat.v4.writes(made, indent=None) + "\n"  # indented, it takes Python ten times as long
        in_order = any(isinstance(step, RepairCells) for step in self._preprocessors)
        kept = let_in if in_order else graded
        kept.keep(text.encode(), rejoin_lines(made))  # it was split into lines to be written
        resources["output_suffix"] = ".nbconvert"
        return text, resources


class ReleaseExporter(NotebookExporter):
    """Writes a released notebook the same to the byte, whoever runs generate-assignment."""

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        """Return the notebook file's content."""
        text, resources = super().from_notebook_node(nb, resources, **kw)
        return to_bytes(normalise(nbformat.reads(text, as_version=4))).decode("utf-8"), resources


class RepairCells(NbGraderPreprocessor):
    """Stands in for DeduplicateIds: puts a damaged notebook in order by the gradebook's record."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> Any:
        """Repair the notebook; what was repaired is noted in its metadata for the next pass."""
        info = resources["nbgrader"]
        records = records_of(info["db_url"], info["notebook"], info["assignment"])
        nb.metadata = from_dict(METADATA)
        nb.metadata.dlcourse = {"repaired": repair(nb, records)}
        return nb, resources


class RunWithProbes(NbGraderPreprocessor):
    """Stands in for Execute: runs the submission in a worker and judges here what the worker hands back.

    A check cell gets the judge's card with the points beside it, which is how nbgrader reads partial credit.
    """

    cell_seconds = Float(CELL_SECONDS, help="Wall seconds for a cell").tag(config=True)
    check_seconds = Float(CELL_SECONDS, help="Wall seconds for all cases of one check").tag(config=True)
    submission_seconds = Float(900.0, help="Wall seconds for a submission").tag(config=True)
    cpu_seconds = Integer(BOX.cpu_seconds, help="CPU seconds for a process of a submission").tag(config=True)
    memory_mb = Integer(BOX.memory >> 20, help="Memory for a submission, in MB").tag(config=True)
    processes = Integer(BOX.processes, help="Processes and threads of a submission").tag(config=True)
    file_mb = Integer(BOX.file_bytes >> 20, help="Largest file that a submission writes, in MB").tag(config=True)
    output_characters = Integer(MAX_CHARACTERS, help="Characters kept of what a cell prints and shows").tag(config=True)
    sandbox = Unicode(help="Where submissions run: bwrap, or none (as you, with your files)").tag(config=True)
    seed = Integer(None, allow_none=True, help="Grade with this seed instead of the recorded one").tag(config=True)
    recheck = Bool(True, help="Run every wrong answer once more, and say so when it is not wrong in the same way").tag(
        config=True
    )
    verify = Bool(True, help="After full marks run what the notebook only defines; tell the teacher if it fails").tag(
        config=True
    )
    runs_folder = Unicode("", help="Folder of kept runs; none are kept by default").tag(config=True)
    seeds_folder = Unicode("", help="Folder of the recorded seeds; beside the gradebook by default").tag(config=True)

    @default("sandbox")
    def _default_sandbox(self) -> str:
        return default_walls()

    def preprocess(self, nb: NotebookNode, resources: Any) -> Any:
        """Run, judge, write cards and outputs into the cells, and save the results beside the notebook."""
        info = resources["nbgrader"]
        repairs = repairs_from(nb.metadata)
        nb.metadata.pop("dlcourse", None)
        seed = self.seed if self.seed is not None else seed_for(self._folder(info["db_url"]), info["assignment"])
        # All cases are drawn before learner code runs; a fault in ours must not look like one of theirs.
        cases, failed = drawn(plan_of(nb), seed)
        performance = performed(runnable(nb, cases), self.conditions(info["assignment"], seed))
        done = performance.done
        first, second = grade_all(done, cases, seed), grade_all(performance.again, cases, seed)
        alone = grade_all(performance.verified, cases, seed)
        grades = {i: told_if_unsteady(grade, second.get(i)) for i, grade in first.items()}
        grades = {i: told_if_unearned(grade, alone.get(i)) for i, grade in grades.items()}
        grades |= {i: _our_fault(i, error) for i, error in failed.items()}
        repaired = _by_exercise(repairs)
        grades = {i: _with_repairs(grade, repaired.get(i)) for i, grade in grades.items()}
        _write_outputs(nb, done)
        resources[NOT_GRADED] = _write_cards(nb, grades)
        lasting = performance.lasting and all(grade.score is not None for grade in grades.values())
        self._save(info, Results(tuple(grades.values()), sum(ran.seconds for ran in done), lasting))
        return nb, resources

    def conditions(self, chapter: str, seed: int) -> Conditions:
        """Return what a chapter's submissions are run under."""
        limits = Limits(self.cell_seconds, self.check_seconds, self.submission_seconds,
                        output_characters=self.output_characters)  # fmt: skip
        kept = RunCache(Path(self.runs_folder) if self.runs_folder else None)
        box = replace(BOX, cpu_seconds=self.cpu_seconds, memory=self.memory_mb << 20, processes=self.processes,
                      file_bytes=self.file_mb << 20)  # fmt: skip
        return Conditions(chapter, seed, limits, self.sandbox, kept, self.recheck, self.verify, box)

    def _folder(self, db_url: str) -> Path:
        if self.seeds_folder:
            return Path(self.seeds_folder)
        url = make_url(db_url)
        if url.get_backend_name() == "sqlite" and url.database:
            return Path(url.database).parent
        return Path(self.parent.parent.coursedir.root)  # a gradebook on a server: beside the course folder

    def _save(self, info: dict[str, Any], results: Results) -> None:
        converter = getattr(self.parent, "parent", None)
        coursedir = getattr(converter, "coursedir", None)
        if coursedir is not None:
            folder = coursedir.format_path(coursedir.autograded_directory, info["student"], info["assignment"])
            results.save(Path(folder))


class SaveGrades(SaveAutoGrades):
    """Like nbgrader's own, but a check that failed through our fault asks for a person instead of giving points.

    A submission's grades are one transaction: all are there or none, and the disk is waited for once.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> Any:
        """Write the grades into the gradebook."""
        with one_transaction(resources["nbgrader"]["db_url"], COURSE_ID):
            return super().preprocess(nb, resources)

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        super()._add_score(cell, resources)
        if grade_id_of(cell) in resources.get(NOT_GRADED, ()):
            info = resources["nbgrader"]
            grade = self.gradebook.find_grade(grade_id_of(cell), info["notebook"], info["assignment"], info["student"])
            grade.auto_score = None
            grade.needs_manual_grade = True
            self.gradebook.db.commit()


def _our_fault(exercise_id: str, error: CourseError) -> Grade:
    return Grade(exercise_id, "not_graded", None, float(registry.get(exercise_id).points), said=str(error))


def _by_exercise(repairs: dict[str, list[str]]) -> dict[str, str]:
    """Return the sentences about an exercise's cells as one text, by exercise id."""
    texts: dict[str, list[str]] = {}
    for cell_id, sentences in repairs.items():
        number, name, *_ = [*cell_id.split("-"), ""]
        texts.setdefault(f"{number}.{name}", []).extend(sentences)
    return {exercise: " ".join(sentences) for exercise, sentences in texts.items()}


def _with_repairs(grade: Grade, repaired: str | None) -> Grade:
    return replace(grade, repaired=repaired) if repaired else grade


def _write_outputs(nb: NotebookNode, done: list[Ran]) -> None:
    for number, ran in enumerate(done, start=1):
        cell = nb.cells[ran.step.index]
        cell.execution_count = number
        cell.outputs = [from_dict(output) for output in ran.outputs] if ran.step.exercise is None else []
        for output in cell.outputs:
            _make_harmless(output)
            if output.output_type == "execute_result":
                output.execution_count = number
        if ran.step.exercise is None and ran.ending not in ("ok", "error"):
            what = "left out" if ran.ending == "left_out" else "stopped"
            cell.outputs.append(_note(f"This cell was {what}: {ran.said or 'it ran too long'}."))


def _make_harmless(output: NotebookNode) -> None:
    """Leave nothing in an output that would act in the teacher's browser: formgrader shows it as it is."""
    data = output.get("data", {})
    for mime in [m for m in data if m not in SHOWN]:
        del data[mime]
    if "text/html" in data:
        data["text/html"] = clean_fragment(data["text/html"])
    if "image/svg+xml" in data and "image/png" not in data:  # a picture in a picture element runs no script
        svg = base64.b64encode(data["image/svg+xml"].encode("utf-8", "replace")).decode("ascii")
        data["text/html"] = f'<img alt="a drawing" src="data:image/svg+xml;base64,{svg}">'
    data.pop("image/svg+xml", None)


def _write_cards(nb: NotebookNode, grades: dict[str, Grade]) -> set[str]:
    """Put each grade's card into its check cell; return the ids of the check cells that were not graded."""
    not_graded = set()
    for cell in nb.cells:
        exercise = find_exercise(grade_id_of(cell)) if is_check(cell) else None
        if exercise is None:
            continue
        grade = grades[exercise.id]
        if grade.score is None:
            not_graded.add(grade_id(exercise))
            cell.outputs = [_note(grade.said)]
            continue
        cell.outputs = [
            from_dict(
                {
                    "output_type": "execute_result",
                    "execution_count": cell.execution_count,
                    "data": {"text/plain": repr(min(grade.score, grade.max)), "text/html": grade.card},
                    "metadata": {},
                }
            )
        ]
        if grade.repaired:
            cell.outputs.append(_note(f"Repaired before grading: {grade.repaired}"))
        if grade.unsteady:
            cell.outputs.append(_note(grade.unsteady))
        if grade.doubt:
            cell.outputs.append(_note_for_teachers(grade.doubt))
    return not_graded


def _note_for_teachers(text: str) -> NotebookNode:
    """Formgrader shows it; the learner's page leaves it out: it is a reason to look, not a charge."""
    plain = {"text/plain": f"For the teacher: {text}"}
    return from_dict({"output_type": "display_data", "data": plain, "metadata": {FOR_TEACHERS: True}})


def _note(text: str) -> NotebookNode:
    return from_dict({"output_type": "stream", "name": "stdout", "text": f"{text}\n"})
