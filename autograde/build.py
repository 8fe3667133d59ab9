"""From the chapters' texts to the notebooks that learners open, through nbgrader's own generate-assignment."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from dlcourse_utils.errors import CourseError

from .atomic import write_bytes
from .course import Course
from .texts import chapters, pages, read_text, to_bytes


@dataclass(frozen=True)
class Built:
    """One built notebook. `source` holds the solutions; `released` is what learners get, as file content."""

    name: str
    is_chapter: bool
    source: NotebookNode
    released: bytes

    @property
    def path(self) -> Path:
        """Where it lies, relative to course/."""
        return Path(self.name, f"{self.name}.ipynb") if self.is_chapter else Path(f"{self.name}.ipynb")

    def notebook(self) -> NotebookNode:
        """Return the released notebook, parsed."""
        return nbformat.reads(self.released.decode("utf-8"), as_version=4)


def build_all(solutions: Path, only: str | None = None) -> list[Built]:
    """Build every text in `solutions` (or the one chapter `only`) without touching any folder of the course.

    Raises CourseError, naming the text, when nbgrader refuses one.
    """
    built = [build_chapter(solutions / f"{name}.py") for name in chapters(solutions) if only in (None, name)]
    if only is None:
        for name in pages(solutions):
            page = read_text(solutions / f"{name}.py")
            built.append(Built(name, False, page, to_bytes(page)))
    return built


def build_chapter(text: Path) -> Built:
    """Build one chapter in a temporary nbgrader course folder, so that no answer can be copied along."""
    name = text.stem
    source = read_text(text)
    with tempfile.TemporaryDirectory(prefix="dlcourse-build-") as folder:
        course = Course(Path(folder) / "autograde", Path(folder) / "course")
        put_source(course, name, source)
        try:
            course.generate_assignment(name)
        except CourseError as error:
            raise CourseError(f"{text.name}: nbgrader refuses this chapter: {error}") from error
        return Built(name, True, source, (course.released / name / f"{name}.ipynb").read_bytes())


def put_source(course: Course, name: str, source: NotebookNode) -> None:
    """Place a chapter's notebook with its solutions where nbgrader looks for it."""
    write_bytes(course.root / "source" / name / f"{name}.ipynb", to_bytes(source))


def write_all(built: list[Built], released: Path) -> list[Path]:
    """Write what differs into `released`; return the paths that changed."""
    changed = []
    for item in built:
        path = released / item.path
        if not path.is_file() or path.read_bytes() != item.released:
            write_bytes(path, item.released)
            changed.append(path)
    return changed
