"""Sentences by their words alone: TF-IDF and logistic regression, `bag_of_words_accuracy(…)`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def bag_of_words_accuracy(
    train_texts: Sequence[str], train_labels: np.ndarray, test_texts: Sequence[str], test_labels: np.ndarray
) -> float:
    """Return the share of test sentences that get their right label from a bag of words.

    TF-IDF weighs each word of a sentence by how telling it is, logistic regression adds the weights up. Order plays no
    part, and nothing is drawn: no seed.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    bag = TfidfVectorizer(sublinear_tf=True)
    model = LogisticRegression(C=4, max_iter=1000).fit(bag.fit_transform(train_texts), train_labels)
    return float(model.score(bag.transform(test_texts), test_labels))
