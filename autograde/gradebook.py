"""The gradebook's database: where it is, that it is whole, and that one process writes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbgrader.api
from nbgrader.api import Gradebook
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from dlcourse_utils.errors import CourseError

from .nbgrader_settings import COURSE_ID

LOCK = "grading.lock"  # in the course folder; it stays, what counts is who holds it


def require_gradebook(db_url: str) -> None:
    """Make the gradebook if there is none, and finish one whose making was cut short.

    Raises CourseError with one sentence, without the password, when the database cannot be used.
    """
    try:
        where = make_url(db_url).render_as_string(hide_password=True)
    except ArgumentError as error:
        raise CourseError("The gradebook's address is no URL; it looks like postgresql://user@host/name.") from error
    try:
        with Gradebook(db_url, COURSE_ID) as gradebook:
            _finish_version(gradebook)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise CourseError(f"The gradebook {where} needs a driver that is not installed ({error}).") from error
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines()
        raise CourseError(f"The gradebook {where} cannot be opened: {said[0] if said else error!r}") from error


def _finish_version(gradebook: Gradebook) -> None:
    """nbgrader records its schema's version after the tables, and never again: `nbgrader db upgrade` would miss it."""
    if not inspect(gradebook.engine).has_table("alembic_version"):
        gradebook.db.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    if gradebook.db.execute(text("SELECT version_num FROM alembic_version")).first() is None:
        newest = {"newest": nbgrader.api.get_alembic_version()}
        gradebook.db.execute(text("INSERT INTO alembic_version (version_num) VALUES (:newest)"), newest)
    gradebook.db.commit()


@contextmanager
def only_writer(root: Path) -> Iterator[None]:
    """Hold the course folder for this process. Raises CourseError when another one is grading there.

    The system lets go of it when the process ends, however it ends.
    """
    try:
        import fcntl
    except ImportError:  # no such lock on Windows, and no sandbox either
        yield
        return
    with open(root / LOCK, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            sentence = f"Another `dlcourse grade` is at work in {root}; wait for it, or use another --out."
            raise CourseError(sentence) from error
        yield
