"""08.make_windows written in other ways; each must pass."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def sliding(series, length, horizon):
    both = sliding_window_view(series, length + horizon)
    return both[:, :length], both[:, length:]


def by_index(series, length, horizon):
    m = len(series) - length - horizon + 1
    rows = np.arange(m).reshape(-1, 1)
    return np.take(series, rows + np.arange(length)), np.take(series, rows + length + np.arange(horizon))


def append_until_it_ends(series, length, horizon):
    x, y, start = [], [], 0
    while start + length + horizon <= len(series):
        x.append(list(series[start : start + length]))
        y.append(list(series[start + length : start + length + horizon]))
        start += 1
    return np.array(x, dtype=float), np.array(y, dtype=float)


def column_by_column(series, length, horizon):
    m = len(series) - length - horizon + 1
    columns = [series[k : k + m] for k in range(length + horizon)]
    both = np.stack(columns, axis=1).astype(float)
    return [both[:, :length], both[:, length:]]


VARIANTS = (sliding, by_index, append_until_it_ends, column_by_column)
