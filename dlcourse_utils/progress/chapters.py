"""The facts of each chapter that stands: the one place for them. A test holds them to the texts and the exercises.

A chapter is listed here once its text stands in solutions/, and shown once its notebook is built. Its exercises come
from the checks, by number.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Chapter:
    """What a learner wants to know before opening a chapter.

    name: folder, notebook and nbgrader assignment. title: as in the text's first heading.
    minutes: from … to, as the text itself says. points: the sum over its exercises.
    after: numbers of the chapters to have done before. helps: numbers of those that help but can wait.
    needs: what must be on the machine. data: what it is tried on.
    """

    name: str
    title: str
    minutes: tuple[int, int]
    points: int
    after: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    needs: str = "NumPy"
    data: str = ""

    @property
    def number(self) -> str:
        """The two digits that its exercises begin with: "02"."""
        return self.name[:2]

    @property
    def notebook(self) -> str:
        """Where it lies in a learner's copy, with forward slashes."""
        return f"{self.name}/{self.name}.ipynb"

    @property
    def time(self) -> str:
        """How long it takes, in words: "2 to 3 hours"."""
        return in_words(*self.minutes)


def in_words(low: int, high: int) -> str:
    """Say a span of minutes: "about an hour", "2 to 3 hours", "14 to 19½ hours"."""
    if low == high:
        return "about an hour" if low == 60 else f"about {_hours(low)} hours"
    return f"{_hours(low)} to {_hours(high)} hours"


def _hours(minutes: int) -> str:
    whole, rest = divmod(round(minutes / 30), 2)
    return f"{whole or ''}{'½' if rest else ''}" or "0"


CHAPTERS = (
    Chapter("00_start_here", "Start here", (60, 60), 5, data="wines, 8×8 digits"),
    Chapter(
        "01_math_toolbox", "The maths toolbox", (150, 240), 22,
        after=("00",), data="digits, medical tests, *Pride and Prejudice*",
    ),
    Chapter(
        "02_neurons_and_losses", "Neurons and losses", (180, 240), 19,
        after=("00",), helps=("01",), data="8×8 digits",
    ),
    Chapter("03_backprop", "Backprop", (300, 360), 23, after=("02",), helps=("01",), data="8×8 digits, MNIST"),
    Chapter("04_optimizers", "Optimizers", (120, 180), 16, after=("03",), data="landscapes, 8×8 digits"),
    Chapter("05_training_well", "Training well", (240, 240), 24, after=("04",), data="digits, 303 heart patients"),
    Chapter("06_pytorch", "PyTorch", (180, 240), 22, after=("03",), helps=("04",), needs="PyTorch", data="8×8 digits"),
    Chapter(
        "07_cnn", "Convolutional networks", (240, 300), 21,
        after=("06",), helps=("05",), needs="PyTorch", data="digits, MNIST, Fashion-MNIST",
    ),
    Chapter(
        "08_rnn", "Sequences", (300, 360), 29,
        after=("06",), helps=("01",), needs="PyTorch", data="film reviews, *Pride and Prejudice*, rented bicycles",
    ),
    Chapter(
        "09_attention", "Attention", (240, 300), 18,
        after=("08",), helps=("05", "07"), needs="PyTorch", data="*Pride and Prejudice*, 135,166 pronunciations",
    ),
    Chapter(
        "10_gan", "Adversarial networks", (300, 360), 33,
        after=("07",), helps=("05",), needs="PyTorch", data="points on a ring, MNIST, Fashion-MNIST",
    ),
)  # fmt: skip
