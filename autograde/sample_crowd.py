"""A class as a teacher meets it: many learners, most answers right, and the same few mistakes again and again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from nbformat import NotebookNode

from dlcourse_utils.checks import Exercise

from .atomic import write_bytes
from .attempts import answer_source
from .build import Built
from .plan import grade_id_of
from .sample_class import exercises_of, solved, with_answer
from .texts import to_bytes

GIVES_UP = 0.15  # share of learners who stop somewhere in the second half
FIRST_MISTAKE = 0.8  # of those who err in one exercise: how many make the likeliest of its mistakes


def write_crowd(built: Built, folder: Path, count: int, seed: int = 2026) -> list[str]:
    """Write `count` submissions of a built chapter into `folder` in nbgrader's layout; return the learners' names."""
    names = []
    for learner, content in crowd(built, count, seed):
        write_bytes(folder / learner / built.name / f"{built.name}.ipynb", content)
        names.append(learner)
    return names


def crowd(built: Built, count: int, seed: int = 2026) -> Iterator[tuple[str, bytes]]:
    """Yield (learner, file content) for `count` learners; the same for the same seed.

    Each exercise has its own difficulty, drawn once: from nearly nobody to every other learner gets it wrong. No two
    files are equal, so that none is graded in place of another.
    """
    rng = np.random.default_rng(seed)
    exercises = exercises_of(built)
    rates = rng.permutation(np.linspace(0.03, 0.55, len(exercises)))
    error_rates = {exercise.id: rate for exercise, rate in zip(exercises, rates, strict=True)}
    for number in range(1, count + 1):
        name = f"learner_{number:02d}"
        done = exercises[: _how_far(rng, len(exercises))]
        notebook = solved(built, done)
        for exercise in done:
            if exercise.mistakes and rng.random() < error_rates[exercise.id]:
                answer = answer_source(exercise, exercise.mistakes[_which(rng, len(exercise.mistakes))])
                notebook = with_answer(notebook, exercise, answer)
        yield name, to_bytes(_signed(notebook, done, name))


def _how_far(rng: np.random.Generator, most: int) -> int:
    return int(rng.integers(most // 2, most)) if rng.random() < GIVES_UP else most


def _which(rng: np.random.Generator, known: int) -> int:
    """Return the number of a mistake: the first is the likeliest, as people tend to err alike."""
    return 0 if rng.random() < FIRST_MISTAKE else int(rng.integers(known))


def _signed(notebook: NotebookNode, done: Sequence[Exercise], name: str) -> NotebookNode:
    """Leave a comment in the first answer, as learners do."""
    first = done[0].id.replace(".", "-")
    for cell in notebook.cells:
        if grade_id_of(cell) == first:
            cell.source = f"{cell.source}\n# handed in by {name}"
    return notebook
