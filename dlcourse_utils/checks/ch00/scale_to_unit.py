"""00.scale_to_unit: every column of a table to the range from 0 to 1."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def _table(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    """Columns of very different size and place; none starts at 0, none is symmetric."""
    spread = 10.0 ** rng.uniform(-2, 3, size=d)
    place = spread * rng.uniform(0.5, 3.0, size=d) * np.where(np.arange(d) % 2, -1.0, 1.0)
    return place + spread * rng.uniform(0.1, 2.0, size=(n, d))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("5 rows, 3 columns", args=(_table(rng, 5, 3),))
    yield Case("4 rows, 4 columns", args=(_table(rng, 4, 4),))
    yield Case("whole numbers", args=(rng.integers(-40, 40, size=(6, 2)) * np.array([1, 25]) + 7,))
    flat = _table(rng, 7, 3)
    flat[:, 1] = rng.uniform(2.0, 9.0)
    yield Case("one column is constant", args=(flat,), weight=2.0)
    yield Case("a single row", args=(_table(rng, 1, 17),))  # wide: the card shows the smallest failing case


def oracle(x):
    """Interpolate on the straight line from (smallest, 0) to (largest, 1), column by column."""
    x = np.asarray(x, dtype=float)
    columns = [
        np.interp(c, [c.min(), c.max()], [0.0, 1.0]) if c.min() < c.max() else np.zeros(len(c)) for c in x.T
    ]
    return np.stack(columns, axis=1)


def _safe(spread):
    """Spreads without zeros, for the mistakes that get the constant column right."""
    return np.where(spread == 0, 1, spread)


def over_the_whole_array(x):
    """You take one minimum and one maximum of the whole table, so the column with the largest numbers still
    drowns the others. Each column needs its own: axis=0 runs down the rows."""
    return (x - x.min()) / _safe(x.max() - x.min())


def along_the_rows(x):
    """Your minimum and maximum run along each row (axis=1), across different features. Each *column* should
    reach from 0 to 1: axis=0."""
    low, high = x.min(axis=1, keepdims=True), x.max(axis=1, keepdims=True)
    return (x - low) / _safe(high - low)


def divides_by_max_only(x):
    """You divide by the largest value, so the smallest does not land on 0. Subtract the column's minimum
    first."""
    return x / x.max(axis=0)


def divides_by_the_largest_of_all(x):
    """You divide the whole table by its one largest number. Each column needs its own smallest and largest:
    x.min(axis=0) and x.max(axis=0)."""
    return x / x.max()


def divides_by_max_after_the_shift(x):
    """You subtract the minimum, which is right, but then divide by the maximum. The column now reaches from 0
    to max - min, so that difference is what to divide by."""
    return (x - x.min(axis=0)) / x.max(axis=0)


def nan_on_a_constant_column(x):
    """In a constant column max - min is 0, and 0 / 0 gives NaN. Such a column tells nothing apart; it should
    become all zeros."""
    low, high = x.min(axis=0), x.max(axis=0)
    return (x - low) / (high - low)


def constant_column_to_one(x):
    """Your constant column becomes 1. Here it should become 0: the value is its column's minimum, and the
    minimum goes to 0."""
    low, high = x.min(axis=0), x.max(axis=0)
    return np.where(high > low, (x - low) / _safe(high - low), 1.0)


def constant_column_left_alone(x):
    """Your constant column keeps its old value. It should become all zeros."""
    low, high = x.min(axis=0), x.max(axis=0)
    return np.where(high > low, (x - low) / _safe(high - low), x)


def minus_one_to_one(x):
    """Your columns reach from -1 to 1. Asked for is 0 to 1."""
    low, high = x.min(axis=0), x.max(axis=0)
    return np.where(high > low, 2 * (x - low) / _safe(high - low) - 1, 0.0)


def mean_and_spread(x):
    """You subtract the mean and divide by the standard deviation. That is another good scaling, called
    standardising, and comes in chapter 01. Here use the smallest and the largest value."""
    return (x - x.mean(axis=0)) / _safe(x.std(axis=0))


def upside_down(x):
    """Your scale runs backwards: the largest value lands on 0 and the smallest on 1."""
    low, high = x.min(axis=0), x.max(axis=0)
    return np.where(high > low, (high - x) / _safe(high - low), 0.0)


def changes_its_input(x):
    """x -= … writes into the caller's table, so it is no longer what it was. Write x = x - …, which makes a
    new array."""
    low, high = x.min(axis=0), x.max(axis=0)
    x -= low
    return x / _safe(high - low)


EXERCISE = Exercise(
    id="00.scale_to_unit",
    title="Columns from 0 to 1",
    objects=("scale_to_unit",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        over_the_whole_array,
        along_the_rows,
        divides_by_max_only,
        divides_by_the_largest_of_all,
        divides_by_max_after_the_shift,
        nan_on_a_constant_column,
        constant_column_to_one,
        constant_column_left_alone,
        minus_one_to_one,
        mean_and_spread,
        upside_down,
        changes_its_input,
    ),
    hints=(
        "How do I get one minimum per column? → x.min() gives a single number for the whole table."
        " x.min(axis=0) runs down the rows and gives one number per column.",
        "My numbers do not start at 0. → Subtract the column's minimum first. The column then reaches from 0"
        " to max - min; divide by exactly that.",
        "I get NaN or a warning about division. → In a constant column max - min is 0. Replace that 0 by 1"
        " before dividing: np.where(spread == 0, 1, spread).",
        "```python\nlow = x.min(axis=0)\nspread = x.max(axis=0) - low\n"
        "return (x - low) / np.where(spread == 0, 1, spread)\n```",
    ),
)
