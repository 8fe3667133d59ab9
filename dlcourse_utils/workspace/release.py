"""What the course consists of: the built chapters, and the solutions beside them."""

from collections.abc import Iterator
from pathlib import Path

from ..errors import CourseError

PACKAGE = Path(__file__).parents[1]
Files = dict[str, bytes]  # path with forward slashes, relative to the learner's copy → content


def find_release() -> Path:
    """Give the folder that holds course/ and solutions/: the checkout, else what the wheel carries."""
    for root in (PACKAGE.parent, PACKAGE / "release"):
        if (root / "course" / "welcome.ipynb").is_file():
            return root
    raise CourseError("The course's notebooks are not built here; `make notebooks` builds them.")


def read_release(root: Path) -> Files:
    """Read all files of the release below `root`; hidden files and caches are left out."""
    files = {path.relative_to(root / "course").as_posix(): path for path in _walk(root / "course")}
    solutions = (path for path in _walk(root / "solutions") if path.suffix == ".py")
    files |= {path.relative_to(root).as_posix(): path for path in solutions}
    return {name: path.read_bytes() for name, path in sorted(files.items())}


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in parts):
            yield path
