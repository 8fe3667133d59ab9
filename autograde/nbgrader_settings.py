"""nbgrader's configuration for this course, used by `nbgrader_config.py` and by `dlcourse grade` alike."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from traitlets.config import Config

from .atomic import PART

CELL_SECONDS = 30.0  # for a cell, and for all cases of one check
COURSE_ID = "dlcourse"
RUNS = "runs"  # folder of kept runs in the course folder
RESULTS_FILE = "dlcourse-results.json"  # lies beside each graded notebook


def settings(root: Path, released: Path) -> Config:
    """Return the configuration of a course folder at `root` that releases into `released`."""
    _put_tools_on_path()
    c = Config()
    c.CourseDirectory.root = str(root.resolve())
    c.CourseDirectory.course_id = COURSE_ID
    c.CourseDirectory.release_directory = str(released.resolve())
    if os.environ.get("DLCOURSE_DB"):  # a gradebook on a server, for nbgrader's own commands and formgrader too
        c.CourseDirectory.db_url = with_driver(os.environ["DLCOURSE_DB"])
    # nbgrader copies whatever lies beside a notebook; a learner must not bring results of their own.
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", RESULTS_FILE, f"*{PART}"]
    c.Exporter.optimistic_validation = True  # a notebook is validated after the preprocessors, not after each of them
    c.Exchange.root = str(root.resolve() / "exchange")  # `nbgrader list` and formgrader need it to be writable
    c.GenerateAssignment.exporter_class = "autograde.preprocessors.ReleaseExporter"
    c.Autograde.exporter_class = "autograde.preprocessors.GuardedExporter"
    c.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.ClearOutput",
        "autograde.preprocessors.RepairCells",  # in place of DeduplicateIds, which breaks the next step
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.OverwriteCells",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.Autograde.autograde_preprocessors = [
        "autograde.preprocessors.RunWithProbes",  # in place of Execute
        "nbgrader.preprocessors.IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        "nbgrader.preprocessors.LimitOutput",
        "autograde.preprocessors.SaveGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.HTMLExporter.preprocessors = ["autograde.shown.HarmlessText"]  # what formgrader shows with the teacher's rights
    c.FeedbackExporter.preprocessors = []  # has its own ways, and pages without scripts
    c.GenerateFeedback.exporter_class = "autograde.feedback.FeedbackExporter"
    return c


def with_driver(db_url: str) -> str:
    """Return a gradebook's URL with the driver that is installed, where it names none and the default is not here.

    SQLAlchemy 2.1 takes psycopg for postgresql://, where it took psycopg2 before.
    """
    plain = "postgresql://"
    if db_url.startswith(plain) and find_spec("psycopg") is None and find_spec("psycopg2") is not None:
        return f"postgresql+psycopg2://{db_url.removeprefix(plain)}"
    return db_url


def _put_tools_on_path() -> None:
    """Let nbgrader find `alembic`, which it runs by name, also where the environment is not activated."""
    if shutil.which("alembic") is None:
        os.environ["PATH"] = os.pathsep.join(filter(None, (str(Path(sys.executable).parent), os.environ.get("PATH"))))
