"""What data the course ships, and the one place where files are opened: never without their checksum."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ..errors import CourseError

FILES = Path(__file__).parent / "files"


@dataclass(frozen=True)
class Dataset:
    """One shipped data set: where its file lies under ``files/`` and where it comes from."""

    name: str
    path: str  # relative to files/, as in SHA256SUMS
    licence: str
    chapters: tuple[str, ...]


DATASETS: dict[str, Dataset] = {
    d.name: d
    for d in (
        Dataset("austen", "austen/prideprejudice.txt.gz", "public domain", ("01", "08", "09")),
        Dataset("bikeshare", "bikeshare/Bikeshare.csv.gz", "CC BY 4.0", ("08",)),
        Dataset("cmudict", "cmudict/cmudict.dict.gz", "BSD 2-Clause", ("09",)),
        Dataset("fashion_mnist_12k", "fashion_mnist_12k/fashion_mnist_12k.npz", "MIT", ("07", "10")),
        Dataset("heart_disease", "heart_disease/heart_disease.tab", "CC BY 4.0", ("05",)),
        Dataset("mnist5k", "mnist5k/mnist5k.npz", "CC BY-SA 3.0", ("03", "06", "07", "10")),
        Dataset(
            "movie_sentiment_vader",
            "movie_sentiment_vader/movieReviewSnippets_GroundTruth.txt.gz",
            "MIT",
            ("08",),
        ),
    )
}


def checksums(folder: Path = FILES) -> dict[str, str]:
    """Read ``SHA256SUMS`` (the format of sha256sum): relative path → hex digest."""
    listing = folder / "SHA256SUMS"
    try:
        lines = listing.read_text(encoding="utf-8").splitlines()
    except OSError:
        raise CourseError(f"The list of checksums {listing} is missing. {_remedy()}") from None
    sums = {}
    for line in lines:
        digest, _, path = line.partition("  ")
        sums[path] = digest
    return sums


def verify(name: str, folder: Path = FILES) -> Path:
    """Give the path of a data set's file once its SHA-256 matches.

    Raises CourseError that names the file when it is missing, unreadable or different from what was shipped.
    """
    return read_checked(DATASETS[name].path, folder)[0]


def read_checked(path: str, folder: Path = FILES) -> tuple[Path, bytes]:
    """Give a shipped file's path and bytes; what is returned is exactly what was checked."""
    file = folder / path
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise CourseError(f"The data file {file} is missing. {_remedy()}") from None
    except OSError as error:
        raise CourseError(f"The data file {file} cannot be read ({error.strerror}). {_remedy()}") from None
    if hashlib.sha256(content).hexdigest() != checksums(folder).get(path):
        raise CourseError(
            f"The data file {file} has changed since it was shipped (its checksum differs). {_remedy()}"
        )
    return file, content


def _remedy() -> str:
    return "Install or check out the course again; `dlcourse doctor` shows the state of every data file."
