"""nbgrader's configuration for this course, used by `nbgrader_config.py` and by `dlcourse grade` alike."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from traitlets.config import Config

CELL_SECONDS = 30.0  # for a cell, and for all cases of one check
COURSE_ID = "dlcourse"
RESULTS_FILE = "dlcourse-results.json"  # lies beside each graded notebook


def settings(root: Path, released: Path) -> Config:
    """Return the configuration of a course folder at `root` that releases into `released`."""
    _put_tools_on_path()
    c = Config()
    c.CourseDirectory.root = str(root.resolve())
    c.CourseDirectory.course_id = COURSE_ID
    c.CourseDirectory.release_directory = str(released.resolve())
    # nbgrader copies whatever lies beside a notebook; a learner must not bring results of their own.
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", RESULTS_FILE]
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
    c.GenerateFeedback.exporter_class = "autograde.feedback.FeedbackExporter"
    return c


def _put_tools_on_path() -> None:
    """Let nbgrader find `alembic`, which it runs by name, also where the environment is not activated."""
    if shutil.which("alembic") is None:
        os.environ["PATH"] = os.pathsep.join(filter(None, (str(Path(sys.executable).parent), os.environ.get("PATH"))))
