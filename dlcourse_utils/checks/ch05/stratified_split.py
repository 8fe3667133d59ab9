"""05.stratified_split: every class in the same share on both sides; judged by where the rows went."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Observation, Recipe, Verdict


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield _case(rng, "three classes, 240 / 90 / 30 rows, a quarter for testing", [240, 90, 30], 0.25, weight=2.0)
    yield _case(rng, "a rare class: 400 to 12, a third for testing", [400, 12], 1 / 3)
    yield _case(rng, "labels -4, 2 and 7", [53, 101, 67], 0.2, labels=[-4, 2, 7])
    yield _case(rng, "labels that are words", [120, 45, 77], 0.3, labels=["sick", "healthy", "unsure"])
    yield _case(rng, "rows sorted by class", [80, 150, 40], 0.4, shuffled=False)


def _case(
    rng: np.random.Generator, name: str, counts: list[int], fraction: float, labels: list[Any] | None = None,
    shuffled: bool = True, weight: float = 1.0,
) -> Case:  # fmt: skip
    codes = np.repeat(np.arange(len(counts)), counts)
    codes = rng.permutation(codes) if shuffled else codes
    y: Any = codes if labels is None else np.array(labels)[codes]
    if labels is not None and isinstance(labels[0], str):
        y = Recipe("named_labels", names=labels, codes=codes)
    return Case(name, kwargs={"y": y, "test_fraction": fraction, "seed": int(rng.integers(2**31))}, weight=weight)


def judge(case: Case, observation: Observation) -> Verdict:
    """Two sets of row numbers, nothing twice, nothing lost, each class within one row of its share; drawn from rng."""
    y, fraction = case.kwargs["y"], case.kwargs["test_fraction"]
    y = y.kwargs["codes"] if isinstance(y, Recipe) else y
    splits = []
    for name in ("first", "second", "same seed"):
        split = _indices(observation.value.get(name), len(y))
        if isinstance(split, Verdict):
            return split
        splits.append(split)
    train, test = splits[0]
    if set(train) & set(test):
        n = len(set(train) & set(test))
        return Verdict.wrong(f"{n} rows are in both sets: the test would know answers from training.",
                             symptom=_overlap(train, test, y))
    if len(set(test)) < len(test) or len(set(train)) < len(train):
        return Verdict.wrong("A row comes twice in the same set.", symptom="twice")
    lost = len(y) - len(train) - len(test)
    if lost:
        return Verdict.wrong(f"{lost} of {len(y)} rows are in neither set.", symptom="lost rows")
    for label in np.unique(y):
        have, total = int((y[test] == label).sum()), int((y == label).sum())
        if abs(have - total * fraction) > 1:
            swapped = all(abs((y[train] == c).sum() - (y == c).sum() * fraction) <= 1 for c in np.unique(y))
            return Verdict.wrong(
                f"A class of {total} rows has {have} in the test set; {total * fraction:.1f} is its share.",
                total * fraction, have, symptom="swapped" if swapped else _which(y, test, fraction),
            )
    if set(test) == set(splits[1][1]):
        return Verdict.wrong(
            "A second split on the same generator gives the same rows: nothing is drawn from `rng`.", symptom="not drawn"
        )
    if set(test) != set(splits[2][1]):
        return Verdict.wrong("The same seed gives another split. Draw from `rng` alone.", symptom="other randomness")
    return Verdict.ok(f"{len(test)} of {len(y)} rows for testing")


def _overlap(train: np.ndarray, test: np.ndarray, y: np.ndarray) -> str:
    both = np.append(train, test)
    if len(both) == len(y) and set(both) <= set(np.unique(y)):
        return "labels"
    if both.max() < max(int((y == c).sum()) for c in np.unique(y)):
        return "positions"
    return "all tested rows are trained on" if set(test) <= set(train) else "overlap"


def _which(y: np.ndarray, test: np.ndarray, fraction: float) -> str:
    counts = [int((y[test] == c).sum()) for c in np.unique(y)]
    if max(counts) - min(counts) <= 1:
        return "equal counts"
    return "right size, not stratified" if abs(len(test) - len(y) * fraction) <= 1 else "wrong shares"


def _indices(value: Any, n: int) -> Verdict | tuple[np.ndarray, np.ndarray]:
    if value is None:
        return Verdict.broken("Nothing came back (None). Is a `return` missing?")
    if not (isinstance(value, (list, tuple)) and len(value) == 2):
        return Verdict.broken("Expected a pair: (train indices, test indices).")
    sets = []
    for part in value:
        rows = np.asarray(part) if isinstance(part, (list, tuple, np.ndarray)) else np.array(None)
        if rows.dtype.kind == "b":
            return Verdict.broken("Expected row numbers; yours are True and False. np.flatnonzero(mask) makes numbers.",
                                  symptom="masks")
        if rows.ndim != 1 or rows.dtype.kind not in "iu":
            return Verdict.broken("Expected two one-dimensional arrays of row numbers (whole numbers).", symptom="form")
        if len(rows) and (rows.min() < 0 or rows.max() >= n):
            return Verdict.wrong(f"A row number lies outside 0 … {n - 1}.", symptom="outside")
        sets.append(rows)
    return sets[0], sets[1]


def not_stratified(y, test_fraction, rng):
    """You draw from all rows together. A rare class may then be nearly absent from one side: draw the share within each
    class."""
    order = rng.permutation(len(y))
    n = round(len(y) * test_fraction)
    return order[n:], order[:n]


def overlapping(y, test_fraction, rng):
    """Your training set still contains the test rows. What is tested must not have been learned from: take the *other*
    rows of the class."""
    test = [rng.permutation(np.flatnonzero(y == c)) for c in np.unique(y)]
    test = np.concatenate([rows[: round(len(rows) * test_fraction)] for rows in test])
    return np.arange(len(y)), test


def swapped(y, test_fraction, rng):
    """Your two sets have changed places: (train, test) is asked for, and the test set has the share test_fraction."""
    train, test = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        n = round(len(rows) * test_fraction)
        test.append(rows[:n])
        train.append(rows[n:])
    return np.concatenate(test), np.concatenate(train)


def takes_the_first_rows(y, test_fraction, rng):
    """You always take the first rows of each class. A file often has an order (by hospital, by date): shuffle each class
    with rng before you cut."""
    test, train = [], []
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        n = round(len(rows) * test_fraction)
        test.append(rows[:n])
        train.append(rows[n:])
    return np.concatenate(train), np.concatenate(test)


def with_replacement(y, test_fraction, rng):
    """You draw with replacement, so some rows are drawn twice. A permutation of the class's rows, cut in two, uses each
    exactly once."""
    test = []
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        test.append(rng.choice(rows, size=max(2, round(len(rows) * test_fraction))))
    test = np.concatenate(test)
    return np.setdiff1d(np.arange(len(y)), test), test


def masks(y, test_fraction, rng):
    """You return masks of True and False. Row numbers are asked for: np.flatnonzero(mask)."""
    test = np.zeros(len(y), dtype=bool)
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        test[rows[: round(len(rows) * test_fraction)]] = True
    return ~test, test


def equal_numbers_per_class(y, test_fraction, rng):
    """You take the same *number* of rows from every class. Stratified means the same *share*, so that the test set looks
    like the whole."""
    classes = np.unique(y)
    smallest = min((y == c).sum() for c in classes)
    n = max(1, round(smallest * test_fraction))
    test = np.concatenate([rng.permutation(np.flatnonzero(y == c))[:n] for c in classes])
    return np.setdiff1d(np.arange(len(y)), test), test


def positions_inside_the_class(y, test_fraction, rng):
    """You return positions within the class, not row numbers of y. np.flatnonzero(y == c) gives the rows of class c;
    index that with your permutation."""
    train, test = [], []
    for c in np.unique(y):
        order = rng.permutation(int((y == c).sum()))
        n = round(len(order) * test_fraction)
        test.append(order[:n])
        train.append(order[n:])
    return np.concatenate(train), np.concatenate(test)


def labels_for_rows(y, test_fraction, rng):
    """You return the labels of the rows, y[rows]. The row numbers themselves are asked for: with them one picks the same
    rows of x and of y."""
    train, test = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        n = round(len(rows) * test_fraction)
        test.append(rows[:n])
        train.append(rows[n:])
    return y[np.concatenate(train)], y[np.concatenate(test)]


def drawn_with_replacement_then_cut(y, test_fraction, rng):
    """You draw the rows of a class with replacement before you cut, so the same row may land in both sets.
    rng.permutation uses each row exactly once."""
    train, test = [], []
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        rows = rng.choice(rows, size=len(rows))
        n = round(len(rows) * test_fraction)
        test.append(rows[:n])
        train.append(rows[n:])
    return np.concatenate(train), np.concatenate(test)


EXERCISE = Exercise(
    id="05.stratified_split",
    title="A stratified split",
    objects=("stratified_split",),
    points=1,
    cases=cases,
    judge=judge,
    probe="split",
    mistakes=(
        not_stratified,
        overlapping,
        swapped,
        takes_the_first_rows,
        with_replacement,
        masks,
        equal_numbers_per_class,
        positions_inside_the_class,
        labels_for_rows,
        drawn_with_replacement_then_cut,
    ),
    hints=(
        "Where do I start? → With one class c: np.flatnonzero(y == c) are its row numbers. Shuffle those with rng.permutation.",
        "How many go to the test set? → round(n_c · test_fraction) of the class's n_c rows; the others are for training.",
        "How do I know the classes? → np.unique(y), whatever the labels are: numbers, negative ones, words.",
        "```python\ntrain, test = [], []\nfor c in np.unique(y):\n    rows = rng.permutation(np.flatnonzero(y == c))\n"
        "    n = round(len(rows) * test_fraction)\n    test.append(rows[:n])\n    train.append(rows[n:])\n"
        "return np.concatenate(train), np.concatenate(test)\n```",
    ),
)
