"""05.impute: fill gaps from the training set and say where they were, against scikit-learn's SimpleImputer."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    for strategy in ("mean", "median"):
        train, test = rng.normal(3.0, 2.0, size=(9, 4)), rng.normal(-1.0, 2.0, size=(6, 4))
        _gaps(rng, train, (1, 3))
        _gaps(rng, test, (1, 3))
        yield Case(f"{strategy}: gaps in two columns", args=(train, test, strategy), weight=2.0)
    tied, sparse = (rng.integers(1, 5, size=(n, 3)) for n in (12, 5))
    train, test = np.array(tied, dtype=float), np.array(sparse, dtype=float)
    train[:, 1] = [1, 1, 1, 2, 2, 2, 3, 4, 4, 5, np.nan, np.nan]  # a tie between 1 and 2
    train[:, 2] = [7, 7, 7, 7, 2, 2, 9, 9, 1, np.nan, 3, 3]
    test[[0, 3], 1] = test[1, 2] = np.nan
    yield Case("most_frequent: a tie", args=(rng.permutation(train), test, "most_frequent"))
    train, test = rng.normal(2.0, 1.0, size=(8, 3)), rng.normal(5.0, 1.0, size=(5, 3))
    _gaps(rng, train, (0,))
    _gaps(rng, test, (0, 2))
    yield Case("a gap in test where train has none", args=(train, test, "mean"))
    train = rng.normal(2.0, 1.0, size=(7, 3))
    _gaps(rng, train, (1,))
    yield Case("the test set has no gaps and whole numbers", args=(train, rng.integers(1, 9, size=(4, 3)), "median"))
    whole, test = rng.integers(0, 6, size=(6, 2)), rng.normal(size=(5, 2))
    whole[0] = whole[1:].sum(axis=0) + 1  # an odd sum of six: no mean is whole
    _gaps(rng, test, (1,))
    yield Case("whole numbers in train, a gap in test", args=(whole, test, "mean"))


def _gaps(rng: np.random.Generator, x: np.ndarray, columns: tuple[int, ...]) -> None:
    for column in columns:
        x[rng.choice(len(x), size=2, replace=False), column] = np.nan


def oracle(train, test, strategy):
    from sklearn.impute import SimpleImputer

    imputer = SimpleImputer(strategy=strategy, add_indicator=True).fit(np.asarray(train, dtype=float))
    imputer.indicator_.error_on_new = False  # a gap that is new in the test set has no indicator here
    return tuple(imputer.transform(np.asarray(x, dtype=float)) for x in (train, test))


def _value(column, strategy):
    column = column[~np.isnan(column)]
    if strategy == "mean":
        return column.mean()
    if strategy == "median":
        return np.median(column)
    values, counts = np.unique(column, return_counts=True)
    return values[counts.argmax()]


def _fill(x, values):
    return np.where(np.isnan(x), values, x)


def _values(x, strategy):
    x = np.asarray(x, dtype=float)
    return np.array([_value(x[:, j], strategy) for j in range(x.shape[1])])


def _with_gaps(train):
    return np.isnan(train).any(axis=0)


def test_statistics(train, test, strategy):
    """You fill the test set from its own statistics. When a single patient arrives, there is no test set to average over:
    everything is learned from train."""
    has = _with_gaps(train)
    new = _fill(train, _values(train, strategy))
    filled = np.array(test, dtype=float)
    own = [_value(c, strategy) if (~np.isnan(c)).any() else 0.0 for c in filled.T]
    return np.hstack([new, np.isnan(train)[:, has]]), np.hstack([_fill(filled, own), np.isnan(test)[:, has]])


def statistics_of_both(train, test, strategy):
    """You compute the values from train and test together, so the test set leaks into training. Learn them from train
    alone."""
    has, values = _with_gaps(train), _values(np.vstack([train, test]), strategy)
    return tuple(np.hstack([_fill(x, values), np.isnan(x)[:, has]]) for x in (train, test))


def gaps_left_in_test(train, test, strategy):
    """The training set is filled, but NaN is left in the test set where train had no gap. Every column needs a value to
    fill in, also one that is complete in train."""
    has, values = _with_gaps(train), _values(train, strategy)
    filled = np.array(test, dtype=float)
    filled[:, has] = _fill(filled[:, has], values[has])
    return np.hstack([_fill(train, values), np.isnan(train)[:, has]]), np.hstack([filled, np.isnan(test)[:, has]])


def no_indicators(train, test, strategy):
    """The gaps are filled, but nothing says any more where they were. Add a 0/1 column for each feature that has gaps in
    train: that a value is missing may itself be a sign."""
    values = _values(train, strategy)
    return _fill(train, values), _fill(test, values)


def indicator_for_every_column(train, test, strategy):
    """You add an indicator for every feature. Only features with gaps in *train* get one; the others would be columns of
    zeros, from which nothing can be learned."""
    values = _values(train, strategy)
    return tuple(np.hstack([_fill(x, values), np.isnan(x)]) for x in (train, test))


def each_set_its_own_indicators(train, test, strategy):
    """Train and test get indicators by their own gaps, so their columns do not match. Both get them for the features with
    gaps in train."""
    values = _values(train, strategy)
    return tuple(np.hstack([_fill(x, values), np.isnan(x)[:, np.isnan(x).any(axis=0)]]) for x in (train, test))


def indicators_after_filling(train, test, strategy):
    """Your indicators are all 0: you look for the gaps after they have been filled. Note them first."""
    has, values = _with_gaps(train), _values(train, strategy)
    return tuple(np.hstack([_fill(x, values), np.zeros((len(x), has.sum()))]) for x in (train, test))


def indicators_turned_round(train, test, strategy):
    """Your indicators are 1 where a value is there. They should be 1 where it was missing."""
    has, values = _with_gaps(train), _values(train, strategy)
    return tuple(np.hstack([_fill(x, values), ~np.isnan(x)[:, has]]) for x in (train, test))


def one_value_for_all_columns(train, test, strategy):
    """You fill every column with one value, taken over the whole table. Age and cholesterol have nothing in common: each
    column gets its own."""
    has = _with_gaps(train)
    value = _value(np.asarray(train, dtype=float).ravel(), strategy)
    return tuple(np.hstack([_fill(x, value), np.isnan(x)[:, has]]) for x in (train, test))


def always_the_mean(train, test, strategy):
    """You fill with the mean whatever the strategy says. "median" and "most_frequent" want other values."""
    has, values = _with_gaps(train), _values(train, "mean")
    return tuple(np.hstack([_fill(x, values), np.isnan(x)[:, has]]) for x in (train, test))


def largest_on_a_tie(train, test, strategy):
    """Of two values that are equally frequent you take the larger. The smallest is asked for: np.unique sorts, and argmax
    returns the first."""
    has, values = _with_gaps(train), _values(train, strategy)
    if strategy == "most_frequent":
        values = -_values(-np.asarray(train, dtype=float), strategy)
    return tuple(np.hstack([_fill(x, values), np.isnan(x)[:, has]]) for x in (train, test))


def whole_numbers_only(train, test, strategy):
    """Your values are cut to whole numbers. The mean of whole numbers is seldom one: work with floats."""
    has, values = _with_gaps(train), np.floor(_values(train, strategy))
    return tuple(np.hstack([_fill(x, values), np.isnan(x)[:, has]]) for x in (train, test))


def indicators_for_gaps_in_either_set(train, test, strategy):
    """A gap in test alone gets an indicator too. In train that column is 0 for everybody, so nothing can be learned from
    it: indicators go by the gaps in *train*."""
    has, values = _with_gaps(train) | np.isnan(test).any(axis=0), _values(train, strategy)
    return tuple(np.hstack([_fill(x, values), np.isnan(x)[:, has]]) for x in (train, test))


def test_indicators_empty(train, test, strategy):
    """Your indicators are right in train and all 0 in test. Note the gaps of the test set too, before you fill them."""
    has, values = _with_gaps(train), _values(train, strategy)
    new = np.hstack([_fill(train, values), np.isnan(train)[:, has]])
    return new, np.hstack([_fill(test, values), np.zeros((len(test), has.sum()))])


def indicators_in_front(train, test, strategy):
    """Your indicators stand in front of the columns. They come behind them, so that column 3 is still column 3."""
    has, values = _with_gaps(train), _values(train, strategy)
    return tuple(np.hstack([np.isnan(x)[:, has], _fill(x, values)]) for x in (train, test))


EXERCISE = Exercise(
    id="05.impute",
    title="Fill the gaps, and say where they were",
    objects=("impute",),
    points=2,
    cases=cases,
    oracle=oracle,
    mistakes=(
        test_statistics,
        statistics_of_both,
        gaps_left_in_test,
        no_indicators,
        indicator_for_every_column,
        each_set_its_own_indicators,
        indicators_after_filling,
        indicators_turned_round,
        one_value_for_all_columns,
        always_the_mean,
        largest_on_a_tie,
        whole_numbers_only,
        indicators_for_gaps_in_either_set,
        test_indicators_empty,
        indicators_in_front,
    ),
    hints=(
        "What do I compute first? → From train alone: for every column the value to fill in, and for which columns train has gaps.",
        "How do I ignore NaN? → np.nanmean and np.nanmedian along axis 0 do. For most_frequent, take the column without its NaN and let "
        "np.unique(…, return_counts=True) count.",
        "How do I fill? → np.where(np.isnan(x), values, x): values has shape (D,) and lines up with the columns.",
        "Where do the indicators go? → Behind the D columns, one per feature with gaps in train, in the same order in both sets: "
        "np.isnan(x)[:, has_gaps].",
        "Nearly everything:\n```python\nvalues = ...                              # (D,), from train\n"
        "has_gaps = np.isnan(train).any(axis=0)    # (D,)\ndef fill(x):\n    filled = np.where(np.isnan(x), values, x)\n"
        "    return np.hstack([filled, np.isnan(x)[:, has_gaps]])\nreturn fill(train), fill(test)\n```",
    ),
)
