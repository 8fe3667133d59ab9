"""scikit-learn's digits (UCI "Optical Recognition of Handwritten Digits", 8×8 pixels), split and scaled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class DigitsSplit:
    """1,797 digits of 8×8 pixels as rows of 64, four fifths to train on and one fifth held out.

    Pixels are divided by 16, the largest value a pixel can have, so they lie in [0, 1] and nothing is learned
    from the held-out fifth by scaling.

    x_train: (1437, 64) float64.  y_train: (1437,) int64, the digit 0 … 9.
    x_test:  (360, 64) float64.   y_test:  (360,) int64.
    """

    x_train: NDArray[np.float64]
    y_train: NDArray[np.int64]
    x_test: NDArray[np.float64]
    y_test: NDArray[np.int64]


def load_digits_split(seed: int = 0) -> DigitsSplit:
    """Split the digits 80/20, shuffled by `seed`, stratified (each digit in the same share on both sides)."""
    from sklearn.datasets import load_digits  # a second to import: only for those who ask
    from sklearn.model_selection import train_test_split

    digits = load_digits()
    x_train, x_test, y_train, y_test = train_test_split(
        digits.data / 16.0,
        digits.target.astype(np.int64),
        test_size=0.2,
        stratify=digits.target,
        random_state=seed,
    )
    return DigitsSplit(x_train, y_train, x_test, y_test)
