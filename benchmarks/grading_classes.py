"""The classes that benchmarks/grading.py grades: a trivial chapter, and real ones."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from autograde.build import Built, build_chapter
from autograde.course import SOLUTIONS, Course
from autograde.nbgrader_settings import COURSE_ID
from autograde.plan import is_check
from autograde.sample_crowd import crowd
from autograde.texts import find_chapter, read_text, to_bytes

TRIVIAL = "02_trivial"
TEN = ("sigmoid", "relu", "leaky_relu", "activation_grads", "softmax", "log_softmax", "mse_loss", "cross_entropy",
       "bce_with_logits", "accuracy")  # fmt: skip
IMPORTS = "import numpy as np\n\nfrom dlcourse_utils import check, hint, needs\n"
SECONDS = 30  # for a cell, in every grader


@dataclass(frozen=True)
class SchoolClass:
    """A built chapter with its submissions, as notebook files by learner."""

    name: str
    texts: Path
    built: Built
    files: dict[str, bytes]

    def write(self, folder: Path) -> Path:
        """Write the submissions as LEARNER.ipynb into `folder`; return it."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for learner, content in self.files.items():
            (folder / f"{learner}.ipynb").write_bytes(content)
        return folder


def real(chapter: str, count: int) -> SchoolClass:
    """Return `count` submissions of a chapter of the course, right and wrong answers mixed."""
    name = find_chapter(chapter, SOLUTIONS)
    built = build_chapter(SOLUTIONS / f"{name}.py")
    return SchoolClass(name, SOLUTIONS, built, dict(crowd(built, count)))


def trivial(folder: Path, count: int) -> SchoolClass:
    """Return `count` submissions of a notebook with ten graded cells of chapter 02 and nothing else."""
    text = (SOLUTIONS / f"{find_chapter('02', SOLUTIONS)}.py").read_text(encoding="utf-8")
    head, *cells = re.split(r"^(?=# %%)", text, flags=re.MULTILINE)
    wanted = [f'"02-{name}{end}"' for name in TEN for end in ("", "-check")]
    kept = [cell for cell in cells if any(f'"grade_id": {w}' in cell.partition("\n")[0] for w in wanted)]
    assert len(kept) == len(wanted), "an exercise has another number of cells by now"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{TRIVIAL}.py"
    path.write_text("".join([head, f"# %%\n{IMPORTS}\n", *kept]), encoding="utf-8")
    built = build_chapter(path)
    return SchoolClass(TRIVIAL, folder, built, dict(crowd(built, count)))


def stock_course(school: SchoolClass, root: Path) -> Path:
    """Make a plain nbgrader course folder: its own gradebook with the released cells, and the class handed in."""
    course = Course(root, root / "release")
    path = root / "source" / school.name / f"{school.name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(to_bytes(read_text(school.texts / f"{school.name}.py")))
    course.generate_assignment(school.name)
    for learner, content in school.files.items():
        target = course.submission(learner, school.name)
        target.parent.mkdir(parents=True)
        target.write_bytes(content)
    settings = f"c = get_config()\nc.CourseDirectory.root = {str(root)!r}\n"
    settings += f"c.CourseDirectory.course_id = {COURSE_ID!r}\nc.Execute.timeout = {SECONDS}\n"
    (root / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    return root


def without_checks(content: bytes) -> bytes:
    """Return a notebook less its check cells: otter runs the same checks as its own tests."""
    notebook = json.loads(content)
    record = "nbgrader"
    notebook["cells"] = [c for c in notebook["cells"] if not c["metadata"].get(record, {}).get("grade")]
    return json.dumps(notebook).encode()


def checks(school: SchoolClass) -> dict[str, str]:
    """Return the source of each check cell by its id."""
    return {str(c.metadata.nbgrader.grade_id): c.source for c in school.built.notebook().cells if is_check(c)}
