"""What several commands take, and the course folder that they work in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dlcourse_utils.errors import CourseError

if TYPE_CHECKING:
    from ..course import Course

FOLDER = click.Path(path_type=Path, file_okay=False)
database = click.option(
    "--db",
    "db_url",
    metavar="URL",
    envvar="DLCOURSE_DB",
    help="The gradebook's database, e.g. postgresql://USER@HOST/NAME. [default: gradebook.db in the course folder]",
)


def course_folder(out: Path | None, db_url: str | None = None, **conditions: Any) -> Course:
    """Return the course folder; `conditions` are options of the step that runs submissions."""
    from traitlets.config import Config

    from ..course import RELEASED, ROOT, Course
    from ..nbgrader_settings import with_driver

    limits = Config()
    limits.RunWithProbes.update(conditions)
    if db_url:
        limits.CourseDirectory.db_url = with_driver(db_url)
    return Course(out or ROOT, RELEASED, limits)


def check_writable(folder: Path) -> None:
    """Raise CourseError now rather than after an hour of grading when nothing can be written into `folder`."""
    import tempfile

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CourseError(f"Nothing can be written into {folder}: {reason}.") from error
