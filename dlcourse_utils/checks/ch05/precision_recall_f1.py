"""05.precision_recall_f1: of the alarms, how many were right; of the sick, how many were found. Against scikit-learn."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def labels(tp: int, fp: int, fn: int, tn: int) -> tuple[np.ndarray, np.ndarray]:
        true = np.repeat([1, 0, 1, 0], [tp, fp, fn, tn])
        predicted = np.repeat([1, 1, 0, 0], [tp, fp, fn, tn])
        order = rng.permutation(len(true))
        return true[order], predicted[order]

    yield Case("20 patients", args=labels(6, 2, 4, 8), weight=2.0)
    yield Case("a rare disease: 5 of 100", args=labels(3, 7, 2, 88), weight=2.0)
    yield Case("nobody is called sick", args=labels(0, 0, 4, 9))
    yield Case("nobody is sick", args=labels(0, 3, 0, 7))
    yield Case("nobody is sick or called so", args=labels(0, 0, 0, 5))
    yield Case("every alarm is false", args=labels(0, 4, 3, 6))


def oracle(y_true, y_pred):
    from sklearn.metrics import precision_recall_fscore_support

    return tuple(map(float, precision_recall_fscore_support(y_true, y_pred, average="binary", zero_division=0.0)[:3]))


def _counts(y_true, y_pred):
    tp = int(((y_true == 1) & (y_pred == 1)).sum())
    return tp, int(((y_true == 0) & (y_pred == 1)).sum()), int(((y_true == 1) & (y_pred == 0)).sum())


def _ratio(a, b):
    return a / b if b else 0.0


def swapped(y_true, y_pred):
    """Precision and recall have changed places. Precision divides by the alarms (predicted 1), recall by the sick (truly
    1)."""
    tp, fp, fn = _counts(y_true, y_pred)
    return _ratio(tp, tp + fn), _ratio(tp, tp + fp), _ratio(2 * tp, 2 * tp + fp + fn)


def nan_for_zero_over_zero(y_true, y_pred):
    """0 / 0 gives NaN. Where nobody was called sick there is nothing to be precise about: the value is 0 here."""
    tp, fp, fn = map(np.float64, _counts(y_true, y_pred))
    with np.errstate(all="ignore"):
        p, r = tp / (tp + fp), tp / (tp + fn)
        return float(p), float(r), float(2 * p * r / (p + r))


def one_for_zero_over_zero(y_true, y_pred):
    """You make 0 / 0 a perfect 1. A model that never raises an alarm would look perfectly precise; here it gets 0."""
    tp, fp, fn = _counts(y_true, y_pred)
    p = tp / (tp + fp) if tp + fp else 1.0
    r = tp / (tp + fn) if tp + fn else 1.0
    return p, r, _ratio(2 * p * r, p + r)


def accuracy_for_precision(y_true, y_pred):
    """Your precision is the accuracy: the true negatives are in it. With a rare disease those are nearly everybody, and
    hide everything else."""
    tp, _, fn = _counts(y_true, y_pred)
    p, r = float(np.mean(y_true == y_pred)), _ratio(tp, tp + fn)
    return p, r, _ratio(2 * p * r, p + r)


def arithmetic_mean_for_f1(y_true, y_pred):
    """Your F1 is the arithmetic mean of the two. The harmonic mean, 2PR / (P + R), is low as soon as *one* of them is."""
    tp, fp, fn = _counts(y_true, y_pred)
    p, r = _ratio(tp, tp + fp), _ratio(tp, tp + fn)
    return p, r, (p + r) / 2


def factor_two_forgotten(y_true, y_pred):
    """Your F1 lacks the factor 2: when P = R, F1 should be that same number. 2PR / (P + R)."""
    tp, fp, fn = _counts(y_true, y_pred)
    p, r = _ratio(tp, tp + fp), _ratio(tp, tp + fn)
    return p, r, _ratio(p * r, p + r)


def zero_is_positive(y_true, y_pred):
    """You count class 0 as the positive one. Here 1 is positive: the sick are the ones to be found."""
    tp, fp, fn = _counts(1 - y_true, 1 - y_pred)
    return _ratio(tp, tp + fp), _ratio(tp, tp + fn), _ratio(2 * tp, 2 * tp + fp + fn)


def averaged_over_both_classes(y_true, y_pred):
    """You average over both classes. Only class 1 is asked for; the healthy majority would flatter the result."""
    both = []
    for flip in (0, 1):
        tp, fp, fn = _counts(abs(y_true - flip), abs(y_pred - flip))
        both.append((_ratio(tp, tp + fp), _ratio(tp, tp + fn), _ratio(2 * tp, 2 * tp + fp + fn)))
    return tuple(float(np.mean(v)) for v in zip(*both, strict=True))


EXERCISE = Exercise(
    id="05.precision_recall_f1",
    title="Precision, recall and F1",
    objects=("precision_recall_f1",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        swapped,
        nan_for_zero_over_zero,
        one_for_zero_over_zero,
        accuracy_for_precision,
        arithmetic_mean_for_f1,
        factor_two_forgotten,
        zero_is_positive,
        averaged_over_both_classes,
    ),
    hints=(
        "What do I count? → True positives: truly 1 and called 1. Then all that were called 1, and all that truly are 1.",
        "Which is which? → Precision = true positives / called 1. Recall = true positives / truly 1.",
        "Division by zero. → Ask first: if the lower number is 0, the value is 0.",
        "```python\ntp = np.sum((y_true == 1) & (y_pred == 1))\ncalled, true = np.sum(y_pred == 1), np.sum(y_true == 1)\n"
        "p = tp / called if called else 0.0\nr = tp / true if true else 0.0\nf1 = 2 * p * r / (p + r) if p + r else 0.0\n"
        "return float(p), float(r), float(f1)\n```",
    ),
)
