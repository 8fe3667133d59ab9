"""01.one_hot: labels as rows of zeros with a single one."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def labels(n: int, below: int) -> np.ndarray:
        y = rng.integers(0, below, size=n)
        y[0], y[-1] = below - 1, 0  # the largest and the smallest do occur
        return y

    yield Case("7 labels, 4 classes", args=(labels(7, 4), 4))
    yield Case("3 labels, 9 classes, the last ones unused", args=(labels(3, 6), 9))
    yield Case("5 labels, 5 classes", args=(np.array([4, 1, 1, 0, 3]), 5))
    yield Case("one label", args=(np.array([int(rng.integers(1, 5))]), 6))
    yield Case("30 labels, 3 classes", args=(labels(30, 3), 3))


def oracle(y, k):
    return np.equal.outer(np.asarray(y), np.arange(k)).astype(float)


def classes_counted_from_the_labels(y, k):
    """You make max(y) + 1 columns. The largest class need not occur in y: that is why k is given."""
    return np.eye(y.max() + 1)[y]


def off_by_one(y, k):
    """Your ones stand one column too far left: class 0 belongs in column 0, as Python counts."""
    return np.eye(k)[y - 1]


def transposed(y, k):
    """Your classes run downwards and your samples across. One row per sample: shape (N, k)."""
    return np.eye(k)[y].T


def every_column_in_every_row(y, k):
    """out[:, y] = 1 sets the columns of *all* labels in *every* row. Pair them up: out[np.arange(len(y)), y]
    names one place per row."""
    out = np.zeros((len(y), k))
    out[:, y] = 1
    return out


def whole_rows(y, k):
    """out[y] = 1 fills whole rows, and takes the labels for row numbers. They are *column* numbers; the row
    numbers are np.arange(len(y))."""
    out = np.zeros((len(y), k))
    out[y] = 1
    return out


def label_as_value(y, k):
    """You write the label itself into its column. A one belongs there, whatever the class: classes are names,
    not amounts."""
    return np.eye(k)[y] * y[:, None]


def column_for_class_zero_left_out(y, k):
    """You leave out the column of class 0 (dummy coding). Here every class has its column: shape (N, k)."""
    return np.eye(k)[y][:, 1:]


EXERCISE = Exercise(
    id="01.one_hot",
    title="One-hot labels",
    objects=("one_hot",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        classes_counted_from_the_labels,
        off_by_one,
        transposed,
        every_column_in_every_row,
        whole_rows,
        label_as_value,
        column_for_class_zero_left_out,
    ),
    hints=(
        "What should come out for y = [2, 0] and k = 3? → [[0, 0, 1], [1, 0, 0]]: one row per label, a single"
        " 1 in the column that the label names.",
        "How do I set one place per row? → out[np.arange(len(y)), y] pairs row 0 with y[0], row 1 with y[1]"
        " and so on.",
        "Is there a one-liner? → The rows of np.eye(k) are the k possible answers. Which row do you want for"
        " each label?",
        "```python\nreturn np.eye(k)[y]\n```",
    ),
)
