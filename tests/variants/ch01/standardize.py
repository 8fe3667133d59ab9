"""01.standardize written in other ways; each must pass."""

import numpy as np
from scipy import stats


def with_where(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    constant = train.max(axis=0) == train.min(axis=0)
    std = np.where(constant, 1.0, std)
    return tuple(np.where(constant, 0.0, (t - mean) / std) for t in (train, test))


def infinite_scale(train, test):
    scale = np.where(np.ptp(train, axis=0) == 0, np.inf, np.std(train, axis=0))
    mean = np.mean(train, axis=0)
    return [(train - mean) / scale, (test - mean) / scale]


def column_by_column(train, test):
    new_train, new_test = np.zeros(train.shape), np.zeros(test.shape)
    for j in range(train.shape[1]):
        column = train[:, j]
        if len(set(column.tolist())) > 1:
            m = sum(column) / len(column)
            s = np.sqrt(sum((column - m) ** 2) / len(column))
            new_train[:, j] = (column - m) / s
            new_test[:, j] = (test[:, j] - m) / s
    return new_train, new_test


def zeroed_afterwards(train, test):
    constant = (train == train[0]).all(axis=0)
    with np.errstate(all="ignore"):
        a, b = (train - train.mean(0)) / train.std(0), (test - train.mean(0)) / train.std(0)
    a[:, constant] = 0
    b[:, constant] = 0
    return a, b


def with_scipy(train, test):
    keep = train.max(0) > train.min(0)
    a, b = np.zeros(train.shape), np.zeros(test.shape)
    a[:, keep] = stats.zmap(train[:, keep], train[:, keep])
    b[:, keep] = stats.zmap(test[:, keep], train[:, keep])
    return a, b


VARIANTS = (with_where, infinite_scale, column_by_column, zeroed_afterwards, with_scipy)
