"""nbgrader's configuration for this course, used by `nbgrader_config.py` and by `dlcourse grade` alike."""

from __future__ import annotations

from pathlib import Path

from traitlets.config import Config

CELL_SECONDS = 30.0  # for a cell, and for all cases of one check
RESULTS_FILE = "dlcourse-results.json"  # lies beside each graded notebook


def settings(root: Path, released: Path) -> Config:
    """Return the configuration of a course folder at `root` that releases into `released`."""
    c = Config()
    c.CourseDirectory.root = str(root.resolve())
    c.CourseDirectory.course_id = "dlcourse"
    c.CourseDirectory.release_directory = str(released.resolve())
    # nbgrader copies whatever lies beside a notebook; a learner must not bring results of their own.
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", RESULTS_FILE]
    return c
