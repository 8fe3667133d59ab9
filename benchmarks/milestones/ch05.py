"""05.milestone_heart: five-fold cross-validation on 303 patients; each seed draws the folds and the network anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from dlcourse_utils.data import load_heart_disease

from . import Milestone, Solved, timed


def measure(solved: Solved, seeds: Sequence[int], device: str) -> Iterator[Milestone]:
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    straight = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression(max_iter=500))
    ours, theirs, seconds = [], [], []
    for seed in seeds:
        found, took = timed(lambda seed=seed: cross_validated(solved["predict_risk"], seed))
        ours.append(found)
        theirs.append(
            cross_validated(lambda x, y, x_test, rng: straight.fit(x, y).predict_proba(x_test)[:, 1], seed)
        )
        seconds.append(took)
    for k, (measured, goal, form) in enumerate(
        (("AUC, five folds", "0.87", ".3f"), ("right at ½, five folds", "77 %", ".1%"))
    ):
        yield Milestone(
            "05.milestone_heart",
            measured,
            goal,
            form,
            [pair[k] for pair in ours],
            {"logistic regression": [pair[k] for pair in theirs]},
            seconds,
        )


def cross_validated(predict: Callable[..., Any], seed: int) -> tuple[float, float]:
    """Return the mean AUC and the mean share right at ½ over five stratified folds."""
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold

    heart, folds = load_heart_disease(), []
    for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(heart.x, heart.y):
        risk = np.ravel(predict(heart.x[train], heart.y[train], heart.x[test], np.random.default_rng(seed)))
        folds.append((roc_auc_score(heart.y[test], risk), np.mean((risk >= 0.5) == heart.y[test])))
    auc, share = np.mean(folds, axis=0)
    return float(auc), float(share)
