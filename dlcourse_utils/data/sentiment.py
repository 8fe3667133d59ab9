"""movie_sentiment_vader: sentences from film reviews, rated by people (Hutto and Gilbert, VADER, 2014; MIT)."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .registry import DATASETS, FILES, read_checked


@dataclass(frozen=True, eq=False)
class MovieSentiment:
    """10,605 sentences in the order of the file, which is *not* shuffled: favourable ones come first.

    texts: the sentences, 1 to 51 words each.
    ratings: (10605,) float64, the mean of about twenty people's ratings, from −4 (bad) to 4 (good).
    """

    texts: tuple[str, ...]
    ratings: NDArray[np.float64]


def load_movie_sentiment(folder: Path = FILES) -> MovieSentiment:
    """Load the rated sentences.

    Raises CourseError when the file is missing or is not the one that was shipped.
    """
    _, content = read_checked(DATASETS["movie_sentiment_vader"].path, folder)
    rows = [line.split("\t") for line in gzip.decompress(content).decode("utf-8").split("\n")]
    return MovieSentiment(tuple(text.strip() for _, _, text in rows), np.array([float(r) for _, r, _ in rows]))
