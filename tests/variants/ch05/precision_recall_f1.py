"""05.precision_recall_f1 written in other ways; each must pass."""

import numpy as np
from sklearn import metrics


def three_counts(y_true, y_pred):
    tp = np.sum((y_true == 1) & (y_pred == 1))
    called, true = np.sum(y_pred == 1), np.sum(y_true == 1)
    p = tp / called if called else 0.0
    r = tp / true if true else 0.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def products_and_max(y_true, y_pred):
    tp = float(y_true @ y_pred)
    return [tp / max(y_pred.sum(), 1), tp / max(y_true.sum(), 1), 2 * tp / max(y_pred.sum() + y_true.sum(), 1)]


def confusion_table(y_true, y_pred):
    table = np.zeros((2, 2), dtype=int)
    np.add.at(table, (y_true, y_pred), 1)
    (_, fp), (fn, tp) = table.tolist()
    if tp == 0:
        return 0, 0, 0
    return tp / (tp + fp), tp / (tp + fn), tp / (tp + (fp + fn) / 2)


def with_scikit_learn(y_true, y_pred):
    scores = metrics.precision_score, metrics.recall_score, metrics.f1_score
    return tuple(score(y_true, y_pred, zero_division=0) for score in scores)


VARIANTS = (three_counts, products_and_max, confusion_table, with_scikit_learn)
