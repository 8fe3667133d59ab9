"""The course's data: small, offline, checked before it is used.

Each set is one entry in :mod:`dlcourse_utils.data.registry` (its files, licence and source) and one loader.
The files' checksums stand in ``files/SHA256SUMS``; a loader reads nothing that does not match.
"""

from .austen import ALPHABET, Austen, letters_only, load_austen
from .bikes import BikeShare, load_bikeshare
from .cmudict import LETTERS, PHONEMES, CmuDict, load_cmudict, phonemes_only
from .digits import DigitsSplit, load_digits_split
from .fashion import FASHION_CLASSES, FashionMnist, load_fashion_mnist
from .heart import HeartDisease, load_heart_disease
from .mnist import Mnist5k, load_mnist5k
from .registry import DATASETS, Dataset, verify
from .sentiment import MovieSentiment, load_movie_sentiment

__all__ = [
    "ALPHABET",
    "DATASETS",
    "FASHION_CLASSES",
    "LETTERS",
    "PHONEMES",
    "Austen",
    "BikeShare",
    "CmuDict",
    "Dataset",
    "DigitsSplit",
    "FashionMnist",
    "HeartDisease",
    "Mnist5k",
    "MovieSentiment",
    "letters_only",
    "load_austen",
    "load_bikeshare",
    "load_cmudict",
    "load_digits_split",
    "load_fashion_mnist",
    "load_heart_disease",
    "load_mnist5k",
    "load_movie_sentiment",
    "phonemes_only",
    "verify",
]
