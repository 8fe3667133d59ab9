"""The baselines that several chapters' digits are held against."""

from __future__ import annotations

import numpy as np

from dlcourse_utils.data import DigitsSplit


def logistic_regression(split: DigitsSplit) -> float:
    """Return the share of held-out digits that scikit-learn's logistic regression reads."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=2000).fit(split.x_train, split.y_train)
    return float(model.score(split.x_test, split.y_test))


def nearest_mean(split: DigitsSplit) -> float:
    """Return the share of held-out digits whose class average is the nearest one."""
    means = np.stack([split.x_train[split.y_train == k].mean(axis=0) for k in range(10)])
    squared = ((split.x_test[:, None] - means) ** 2).sum(axis=2)
    return float(np.mean(squared.argmin(axis=1) == split.y_test))
