"""Hourly demand without a network: last hour, yesterday, last week, linear regression: `forecast_errors(…)`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def bridged(series: np.ndarray) -> np.ndarray:
    """Return a copy of the series (T,) in which straight lines stand in place of NaN."""
    missing = np.isnan(series)
    filled = series.copy()
    filled[missing] = np.interp(np.flatnonzero(missing), np.flatnonzero(~missing), series[~missing])
    return filled


def gap_lengths(series: np.ndarray) -> np.ndarray:
    """Return the length of each run of NaN in a series (T,), in order."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.isnan(series), [0]]).astype(int)))
    return edges[1::2] - edges[::2]


def forecast_errors(
    past: np.ndarray, future: np.ndarray, train_past: np.ndarray, train_future: np.ndarray
) -> dict[str, np.ndarray]:
    """Return name → (24,): each method's mean absolute error for 1 … 24 hours ahead.

    past (M, 168), future (M, 24): held-out windows. train_past, train_future: windows that the regression may see.
    """
    from sklearn.linear_model import Ridge

    regression = Ridge(1.0).fit(train_past, train_future)
    forecasts = {
        "last hour, repeated": past[:, -1:],
        "same hour yesterday": past[:, -24:],
        "same hour a week ago": past[:, :24],
        "linear regression, 168 hours": regression.predict(past),
    }
    return {name: np.abs(forecast - future).mean(axis=0) for name, forecast in forecasts.items()}


def print_errors(errors: Mapping[str, np.ndarray]) -> None:
    """Print a table of errors (24,) by name: some hours ahead and the mean of all."""
    print("mean absolute error (bicycles)      1 h ahead   6 h ahead   24 h ahead   mean of all 24")
    for name, error in errors.items():
        print(f"{name:32} {error[0]:12.1f} {error[5]:11.1f} {error[23]:12.1f} {error.mean():16.1f}")
