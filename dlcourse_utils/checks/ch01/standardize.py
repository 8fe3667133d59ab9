"""01.standardize: mean 0 and standard deviation 1, as measured on the training set."""

from collections.abc import Iterator

import numpy as np
from sklearn.preprocessing import StandardScaler

from ..authoring import Case, Exercise


def _table(rng: np.random.Generator, n: int, d: int, shift: float = 0.0) -> np.ndarray:
    spread = np.geomspace(0.03, 400, d)
    return spread * (rng.normal(size=(n, d)) + 2.5 + shift)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("9 training rows, 4 test rows, 3 columns", args=(_table(rng, 9, 3), _table(rng, 4, 3, 1.0)))
    yield Case("4 rows and 4 columns in both", args=(_table(rng, 4, 4), _table(rng, 4, 4, -2.0)))
    whole = rng.integers(-50, 50, size=(7, 2)) + np.array([3, 200])
    yield Case("whole numbers, one test row", args=(whole, rng.integers(60, 90, size=(1, 2))))
    flat = _table(rng, 6, 3)
    flat[:, 1] = 4.0
    yield Case("a constant column that moves in the test set", args=(flat, _table(rng, 5, 3)), weight=2.0)
    stuck = np.column_stack([np.full((1000, 4), [14.62, 0.1, 7.3, 1.7]), rng.normal(size=1000)])
    yield Case("1000 × 14.62 and other constants", args=(stuck, stuck[:3].copy()), weight=2.0)


def oracle(train, test):
    """scikit-learn's scaler, on the columns that vary."""
    train, test = (np.asarray(a, dtype=float) for a in (train, test))
    varies = train.max(axis=0) > train.min(axis=0)
    scaler = StandardScaler().fit(train[:, varies])
    done = []
    for table in (train, test):
        out = np.zeros(table.shape)
        out[:, varies] = scaler.transform(table[:, varies])
        done.append(out)
    return tuple(done)


def _by(train, table, mean, scale):
    """Shift and scale, constant training columns to 0."""
    constant = train.max(axis=0) == train.min(axis=0)
    return np.where(constant, 0.0, (table - mean) / np.where(constant, 1.0, scale))


def leaks_test_statistics(train, test):
    """You compute mean and standard deviation from training and test rows together. Then the test set has a
    say in what the model sees, and it is no longer unseen. Use the training rows alone."""
    both = np.concatenate([train, test])
    return tuple(_by(train, t, both.mean(axis=0), both.std(axis=0)) for t in (train, test))


def test_by_its_own_statistics(train, test):
    """You scale the test set by its own mean and standard deviation. The same number would then mean two
    different things in the two sets. Both are scaled by the training set's."""
    return tuple(_by(t, t, t.mean(axis=0), t.std(axis=0)) for t in (train, test))


def divides_by_the_variance(train, test):
    """You divide by the variance. Divide by its square root, the standard deviation, which is measured in the
    data's own units."""
    return tuple(_by(train, t, train.mean(axis=0), train.var(axis=0)) for t in (train, test))


def over_the_whole_array(train, test):
    """You take one mean and one standard deviation of the whole table. Each column has its own: axis=0."""
    return tuple((t - train.mean()) / train.std() for t in (train, test))


def exact_test_for_zero(train, test):
    """You look for constant columns with std == 0. But the mean of 1000 times 14.62 is not exactly 14.62, so
    the std comes out as 1e-13, and 1e-13 / 1e-13 is 1. Ask whether max == min instead."""
    mean, std = train.mean(axis=0), train.std(axis=0)
    return tuple(np.where(std == 0, 0.0, (t - mean) / np.where(std == 0, 1.0, std)) for t in (train, test))


def zero_replaced_by_one(train, test):
    """You replace a std of 0 by 1, and two things remain. In the test set a column that is constant in training
    keeps its difference; it should become 0 in both sets. And equal numbers can have a std of 1e-13: find the
    constant columns with max == min."""
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std == 0, 1.0, std)
    return (train - mean) / std, (test - mean) / std


def nan_on_a_constant_column(train, test):
    """A constant column has standard deviation 0, and dividing by it gives NaN or infinity. Such columns
    should become 0, in both sets."""
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / std, (test - mean) / std


def propped_up_with_eps(train, test):
    """A tiny number added to the standard deviation prevents the division by 0, but where the test value
    differs it blows the difference up to millions. A column that is constant in training should become 0."""
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / (std + 1e-8), (test - mean) / (std + 1e-8)


def constant_column_divided_by_one(train, test):
    """For a constant column you divide by 1, so in the test set the difference to the training value stays.
    The model never saw that column vary and cannot know what it means: set it to 0 in both sets."""
    mean = train.mean(axis=0)
    constant = train.max(axis=0) == train.min(axis=0)
    mean = np.where(constant, train[0], mean)
    std = np.where(constant, 1.0, train.std(axis=0))
    return (train - mean) / std, (test - mean) / std


def mean_not_subtracted(train, test):
    """You divide by the standard deviation without subtracting the mean first."""
    return tuple(_by(train, t, 0.0, train.std(axis=0)) for t in (train, test))


def only_the_training_set(train, test):
    """Only the training set came back. Return both: (train, test)."""
    return _by(train, train, train.mean(axis=0), train.std(axis=0))


def sample_standard_deviation(train, test):
    """You divide by N - 1 inside the standard deviation (ddof=1, the statistician's sample standard
    deviation). Here it is NumPy's default, ddof=0, as in scikit-learn."""
    return tuple(_by(train, t, train.mean(axis=0), train.std(axis=0, ddof=1)) for t in (train, test))


EXERCISE = Exercise(
    id="01.standardize",
    title="Standardise by the training set",
    objects=("standardize",),
    points=2,
    cases=cases,
    oracle=oracle,
    mistakes=(
        leaks_test_statistics,
        test_by_its_own_statistics,
        divides_by_the_variance,
        over_the_whole_array,
        exact_test_for_zero,
        zero_replaced_by_one,
        nan_on_a_constant_column,
        propped_up_with_eps,
        constant_column_divided_by_one,
        mean_not_subtracted,
        only_the_training_set,
    ),
    conventions=(sample_standard_deviation,),
    hints=(
        "Why are there two tables? → The test set stands for the future. Nothing may be measured on it: the"
        " training set's mean and standard deviation serve both.",
        "How do I find constant columns safely? → train.max(axis=0) == train.min(axis=0). The standard"
        " deviation of equal numbers can come out as 1e-13.",
        "How do I make them 0 in both sets? → Divide by 1 there, to avoid 0/0, and then set the whole column"
        " to 0: np.where(constant, 0.0, …).",
        "```python\nmean, std = train.mean(axis=0), train.std(axis=0)\n"
        "constant = train.max(axis=0) == train.min(axis=0)\nstd = np.where(constant, 1.0, std)\n"
        "train_out = np.where(constant, 0.0, (train - mean) / std)   # and the same for test\n```",
    ),
)
