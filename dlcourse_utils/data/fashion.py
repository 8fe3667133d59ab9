"""fashion_mnist_12k: 12,000 pictures of clothes (Fashion-MNIST, Xiao, Rasul and Vollgraf 2017; MIT), 28×28 pixels."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .registry import DATASETS, FILES, read_checked

FASHION_CLASSES = (
    "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class FashionMnist:
    """Clothes in ten classes, shuffled, as many of each class: 1,000 to train on and 200 to test with.

    Images have a channel axis, as a convolution wants them: (N, 1, 28, 28), 0 is background, 1 is white.

    x_train: (10000, 1, 28, 28) float32.  y_train: (10000,) int64, an index into FASHION_CLASSES.
    x_test:  (2000, 1, 28, 28) float32.   y_test:  (2000,) int64.
    """

    x_train: NDArray[np.float32]
    y_train: NDArray[np.int64]
    x_test: NDArray[np.float32]
    y_test: NDArray[np.int64]


def load_fashion_mnist(folder: Path = FILES) -> FashionMnist:
    """Load the clothes; every call gives fresh arrays.

    Raises CourseError when the file is missing or is not the one that was shipped.
    """
    _, content = read_checked(DATASETS["fashion_mnist_12k"].path, folder)
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        x_train, x_test = (_scaled(archive[name]) for name in ("x_train", "x_test"))
        y_train, y_test = (archive[name].astype(np.int64) for name in ("y_train", "y_test"))
    return FashionMnist(x_train, y_train, x_test, y_test)


def _scaled(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    return images[:, None].astype(np.float32) / np.float32(255)
