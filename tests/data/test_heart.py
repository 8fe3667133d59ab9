"""The heart disease table is what its docstring says, gaps included."""

import numpy as np

from dlcourse_utils.data import load_heart_disease


def test_shapes_counts_and_the_six_gaps():
    data = load_heart_disease()
    assert data.x.shape == (303, 22)
    assert data.x.dtype == np.float64
    assert len(data.names) == len(set(data.names)) == 22
    assert np.bincount(data.y).tolist() == [164, 139]
    gaps = {n: int((c == "?").sum() if c.dtype.kind == "U" else np.isnan(c).sum()) for n, c in data.columns.items()}
    assert {n: k for n, k in gaps.items() if k} == {"vessels": 4, "thal": 2}
    assert np.isnan(data.x).sum() == 4 + 2 * 3, "a missing category is NaN in all three of its columns"


def test_the_first_patient_reads_as_in_the_file():
    data = load_heart_disease()
    first = dict(zip(data.names, data.x[0], strict=True))
    assert (first["age"], first["male"], first["resting_bp"], first["cholesterol"]) == (63, 1, 145, 233)
    assert first["st_depression"] == 2.3
    assert first["chest_pain: typical ang"] == first["thal: fixed defect"] == first["st_slope: downsloping"] == 1
    assert data.columns["chest_pain"][0] == "typical ang"
    assert data.y[0] == 0


def test_every_known_category_switches_on_exactly_one_column():
    data = load_heart_disease()
    for group in ("chest_pain", "resting_ecg", "st_slope", "thal"):
        ones = data.x[:, [n.startswith(f"{group}:") for n in data.names]].sum(axis=1)
        known = data.columns[group] != "?"
        assert (ones[known] == 1).all()
        assert np.isnan(ones[~known]).all()


def test_the_units_are_plausible():
    columns = load_heart_disease().columns
    assert 25 < np.median(columns["age"]) < 60
    assert 110 < np.median(columns["resting_bp"]) < 150
    assert 180 < np.median(columns["cholesterol"]) < 280
    assert 120 < np.median(columns["max_heart_rate"]) < 180
    assert set(columns["vessels"][~np.isnan(columns["vessels"])]) == {0, 1, 2, 3}
