"""08.make_windows: pairs of past and future cut from one series, laid beside plain index arithmetic."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise
from ..exercise import DEEP_LIBRARIES


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, t: int, length: int, horizon: int) -> Case:
        return Case(title, (rng.normal(size=t) * 10 + 50, length, horizon))

    yield case("20 values, 5 seen, 3 to come", 20, 5, 3)
    yield case("17 values, 4 seen, 1 to come", 17, 4, 1)
    yield case("more to come than was seen", 15, 2, 6)
    yield case("exactly one window fits", 9, 6, 3)
    yield Case("counts, whole numbers", (rng.permutation(np.arange(100, 116)), 3, 2))


def oracle(series, length, horizon):
    first = np.arange(len(series) - length - horizon + 1)[:, None]
    return series[first + np.arange(length)], series[first + length + np.arange(horizon)]


def _cut(series, length, horizon, gap=0, fewer=0, stride=1, count=None):
    count = len(series) - length - horizon + 1 - fewer if count is None else count
    starts = range(0, max(count, 0), stride)
    x = [series[s : s + length] for s in starts]
    y = [series[s + length + gap : s + length + gap + horizon] for s in starts]
    return np.array(x).reshape(-1, length), np.array([np.resize(row, horizon) for row in y]).reshape(-1, horizon)


def last_window_lost(series, length, horizon):
    """Your last window is missing. With T values there are T − length − horizon + 1 windows; mind the + 1."""
    return _cut(series, length, horizon, fewer=1)


def leaks_the_future(series, length, horizon):
    """Your y begins with the last value of x, so the network may read the answer off its input. The future starts one later: y[i] begins at i + length."""
    return _cut(series, length, horizon, gap=-1)


def y_inside_x(series, length, horizon):
    """Your y stands inside x: it is the window's own last values. Nothing is left to forecast, and the error will look wonderful. y[i] begins at i + length."""
    x, _ = _cut(series, length, horizon)
    return x, np.array([np.resize(row[-horizon:], horizon) for row in x])


def one_value_skipped(series, length, horizon):
    """Your y begins one value too late: the value right after the window is skipped. y[i] begins at i + length."""
    return _cut(series, length, horizon, gap=1, fewer=1)


def windows_do_not_overlap(series, length, horizon):
    """Your windows stand side by side. They should overlap: each begins one value after the one before it."""
    return _cut(series, length, horizon, stride=length)


def only_the_last_of_the_horizon(series, length, horizon):
    """Your y holds the one value at the horizon. Asked for are all values from the next one up to it: (M, horizon)."""
    x, y = _cut(series, length, horizon)
    return x, y[:, -1:]


def newest_first(series, length, horizon):
    """Your windows run backwards, the newest value first. Keep the order of time: x[i] is series[i : i + length]."""
    x, y = _cut(series, length, horizon)
    return x[:, ::-1], y


def horizon_not_counted(series, length, horizon):
    """You cut as many windows as if one value were to come, so the last futures run past the end of the series. Stop horizon values before it: M = T − length − horizon + 1."""
    count = len(series) - length
    return _cut(series, length, horizon, count=count)


def future_first(series, length, horizon):
    """You return (y, x). The order is (x, y): what was seen, then what comes."""
    return _cut(series, length, horizon)[::-1]


EXERCISE = Exercise(
    id="08.make_windows",
    title="Windows on a series",
    objects=("make_windows",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        last_window_lost,
        leaks_the_future,
        y_inside_x,
        one_value_skipped,
        windows_do_not_overlap,
        only_the_last_of_the_horizon,
        newest_first,
        horizon_not_counted,
        future_first,
    ),
    forbids=DEEP_LIBRARIES,
    hints=(
        "Where does window i begin and end? → x[i] is series[i : i + length], and y[i] follows at once: series[i + length : i + length + horizon].",
        "How many are there? → The last one must still have its whole future: i + length + horizon ≤ T, so i runs from 0 to T − length − horizon, "
        "both included.",
        "Nearly everything:\n```python\ncount = len(series) - length - horizon + 1\nx = np.stack([series[i : i + length] for i in range(count)])\n"
        "y = ...\nreturn x, y\n```",
    ),
)
