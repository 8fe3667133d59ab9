"""An nbgrader course folder as Python objects: where it lies, its configuration, and its verbs."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning, SQLAlchemyError
from traitlets.config import Config

from dlcourse_utils.errors import CourseError

from . import nbgrader_once
from .atomic import put_folder, remove_folder, unfinished_folder
from .nbgrader_settings import COURSE_ID, settings
from .one_transaction import one_transaction

nbgrader_once.install()

_MAKES = {
    GenerateAssignment: "release_directory",
    Autograde: "autograded_directory",
    GenerateFeedback: "feedback_directory",
}
REPOSITORY = Path(__file__).resolve().parent.parent
SOLUTIONS = REPOSITORY / "solutions"
RELEASED = REPOSITORY / "course"
ROOT = REPOSITORY / "autograde"


class _Log(logging.Handler):
    """Keeps what nbgrader says; it is shown only when something went wrong."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@dataclass
class Course:
    """One nbgrader course folder: `root` holds source/, submitted/, autograded/, feedback/ and gradebook.db."""

    root: Path
    released: Path
    extra: Config = field(default_factory=Config)

    def config(self) -> Config:
        """Return the configuration: the same as nbgrader_config.py's, for this root."""
        config = settings(self.root, self.released)
        config.merge(self.extra)
        return config

    @property
    def gradebook(self) -> str:
        """The gradebook's SQLAlchemy URL."""
        return str(CourseDirectory(config=self.config()).db_url)

    def submission(self, learner: str, chapter: str) -> Path:
        """Where nbgrader expects a learner's notebook."""
        return self.root / "submitted" / learner / chapter / f"{chapter}.ipynb"

    def autograded(self, learner: str, chapter: str) -> Path:
        """The folder of a learner's graded notebook."""
        return self.root / "autograded" / learner / chapter

    def feedback(self, learner: str, chapter: str) -> Path:
        """The page that the learner gets back."""
        return self.root / "feedback" / learner / chapter / f"{chapter}.html"

    def generate_assignment(self, chapter: str) -> None:
        """Release source/CHAPTER and record its cells in the gradebook."""
        self._make(chapter, ".", [GenerateAssignment])

    def grade(self, chapter: str, learner: str) -> None:
        """Grade a submission in submitted/ into the gradebook and autograded/, and write the learner's page."""
        self._make(chapter, learner, [Autograde, GenerateFeedback])

    def _make(self, chapter: str, learner: str, kinds: Sequence[type[BaseConverter]]) -> None:
        """Let nbgrader work into folders aside, which take their places when all is finished and committed.

        nbgrader empties the old folder first and writes file by file. When it fails, the old one is gone, as with it.
        """
        plain = CourseDirectory(config=self.config())
        places = [Path(plain.format_path(getattr(plain, _MAKES[kind]), learner, chapter)) for kind in kinds]
        place = places[0]
        try:
            with ExitStack() as stack:
                steps = [place.parent if learner == "." else place.parent.parent for place in places]
                aside = [stack.enter_context(unfinished_folder(step)) for step in steps]
                folders = {_MAKES[kind]: str(folder) for kind, folder in zip(kinds, aside, strict=True)}
                try:
                    with self._session(kinds):
                        for kind in kinds:
                            self._convert(kind, chapter, learner, folders)
                except (CourseError, SQLAlchemyError):
                    for place in places:
                        remove_folder(place)
                    raise
                for place, folder in zip(places, aside, strict=True):
                    put_folder(folder / learner / chapter, place)
        except SQLAlchemyError as error:
            raise CourseError(database_says(error)) from error
        except OSError as error:
            raise CourseError(f"{place} cannot be written: {error.strerror or error}.") from error

    def _session(self, kinds: Sequence[type[BaseConverter]]) -> AbstractContextManager[None]:
        """Give what works on a submission one transaction; recording a chapter replaces cells that it would keep."""
        return nullcontext() if GenerateAssignment in kinds else one_transaction(self.gradebook, COURSE_ID)

    def _convert(self, kind: type[BaseConverter], chapter: str, learner: str, folders: dict[str, str]) -> None:
        config = self.config()
        config.CourseDirectory.update(folders)
        seen = _Log()
        log = logging.getLogger(f"autograde.nbgrader.{id(seen)}")
        log.propagate = False
        log.addHandler(seen)
        options: dict[str, Any] = {"config": config, "log": log}
        coursedir = CourseDirectory(**options)
        coursedir.assignment_id = chapter
        coursedir.student_id = "*" if learner == "." else learner
        converter = kind(coursedir=coursedir, force=True, **options)
        try:
            with without_session_warnings():
                converter.start()
        except NbGraderException as error:
            raise CourseError(_sentence(seen.lines) or str(error)) from error
        finally:
            log.removeHandler(seen)


@contextmanager
def without_session_warnings() -> Iterator[None]:
    """Keep quiet about nbgrader's own new objects, which are outside of their session for a moment."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield


def database_says(error: SQLAlchemyError) -> str:
    """Return one line about a failure of the gradebook's database."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    return f"The gradebook could not be used: {said[0] if said else type(error).__name__}"


def _sentence(lines: list[str]) -> str:
    """Return what a traceback that nbgrader logged says: the exception and the first line of its message."""
    for text in lines:
        if text.startswith("Traceback"):
            block = text.strip().splitlines()
            frames = [n for n, line in enumerate(block) if line.startswith('  File "')]
            said = (line for line in block[frames[-1] if frames else 0 :] if not line.startswith(("  ", "Traceback")))
            return next(said, block[-1])
    return lines[0].splitlines()[0] if lines else ""
