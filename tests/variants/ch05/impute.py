"""05.impute written in other ways; each must pass."""

import numpy as np
from scipy import stats
from sklearn.impute import SimpleImputer


def nan_functions(train, test, strategy):
    if strategy == "most_frequent":
        values = []
        for column in np.asarray(train, dtype=float).T:
            seen, count = np.unique(column[~np.isnan(column)], return_counts=True)
            values.append(seen[count.argmax()])
    else:
        values = {"mean": np.nanmean, "median": np.nanmedian}[strategy](train, axis=0)
    has_gaps = np.isnan(train).any(axis=0)

    def fill(x):
        return np.hstack([np.where(np.isnan(x), values, x), np.isnan(x)[:, has_gaps]])

    return fill(train), fill(test)


def column_by_column(train, test, strategy):
    train, test = np.array(train, float), np.array(test, float)
    marks = [], []
    for j in range(train.shape[1]):
        known = train[~np.isnan(train[:, j]), j]
        if strategy == "mean":
            value = sum(known) / len(known)
        elif strategy == "median":
            value = np.percentile(known, 50)
        else:
            value = min(set(known), key=lambda v: (-list(known).count(v), v))
        if len(known) < len(train):
            for x, m in zip((train, test), marks):
                m.append(np.isnan(x[:, j]).astype(float))
        for x in (train, test):
            x[np.isnan(x[:, j]), j] = value
    return [np.column_stack([x, *m]) for x, m in zip((train, test), marks)]


def with_scikit_learn(train, test, strategy):
    imputer = SimpleImputer(strategy=strategy).fit(train.astype(float))
    gaps = np.flatnonzero(np.isnan(train).sum(axis=0))
    return tuple(np.c_[imputer.transform(x.astype(float)), np.isnan(x[:, gaps]) * 1] for x in (train, test))


def masked_arrays(train, test, strategy):
    masked = np.ma.masked_invalid(np.asarray(train, dtype=float))
    if strategy == "mean":
        values = masked.mean(axis=0).data
    elif strategy == "median":
        values = np.ma.median(masked, axis=0)
    else:
        values = np.array([stats.mode(c.compressed()).mode for c in masked.T])
    out = []
    for x in (train, test):
        filled = np.asarray(x, dtype=float).copy()
        rows, columns = np.nonzero(np.isnan(filled))
        out.append(np.concatenate([filled, np.isnan(x)[:, np.ma.getmaskarray(masked).any(axis=0)]], axis=1))
        out[-1][rows, columns] = np.asarray(values)[columns]
    return tuple(out)


VARIANTS = (nan_functions, column_by_column, with_scikit_learn, masked_arrays)
