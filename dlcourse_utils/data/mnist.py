"""mnist5k: the first 500 images of each class of MNIST (LeCun & Cortes, CC BY-SA 3.0), 28×28 pixels."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .registry import DATASETS, FILES, read_checked


@dataclass(frozen=True, eq=False)
class Mnist5k:
    """5,000 handwritten digits, *sorted by label* as in the file: 500 zeros, then 500 ones, …

    images: (5000, 28, 28) float32, 0 is paper and 1 is ink.
    labels: (5000,) int64, the digit 0 … 9.
    """

    images: NDArray[np.float32]
    labels: NDArray[np.int64]


def load_mnist5k(folder: Path = FILES) -> Mnist5k:
    """Load the 5,000 digits; every call gives fresh arrays.

    Raises CourseError when the file is missing or is not the one that was shipped.
    """
    _, content = read_checked(DATASETS["mnist5k"].path, folder)
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        images = archive["x"].astype(np.float32) / np.float32(255)
        labels = archive["y"].astype(np.int64)
    return Mnist5k(images, labels)
