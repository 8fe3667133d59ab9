"""The year of bicycles has every hour, and gaps stand where the file has none."""

import numpy as np

from dlcourse_utils.data import load_bikeshare


def test_every_hour_has_its_place():
    data = load_bikeshare()
    assert data.bikers.shape == data.temperature.shape == data.working_day.shape == (8760,)
    assert data.bikers[:3].tolist() == [16, 40, 32]  # 1 January, 0:00, 1:00, 2:00
    assert data.bikers[-1] == 31  # 31 December, 23:00
    assert np.nanmin(data.bikers) >= 1


def test_the_gaps_are_gaps():
    missing = np.isnan(load_bikeshare().bikers)
    assert missing.sum() == 8760 - 8645
    assert np.count_nonzero(np.diff(missing.astype(int)) == 1) == 60


def test_working_days_are_those_of_2011():
    days = load_bikeshare().working_day.reshape(365, 24)
    assert (days == days[:, :1]).all()
    assert days[:7, 0].tolist() == [False, False, True, True, True, True, True]  # Saturday 1 January first
    assert not days[184, 0]  # Monday 4 July
    assert days[:, 0].sum() == 250  # 52 weeks of five days, less ten holidays
