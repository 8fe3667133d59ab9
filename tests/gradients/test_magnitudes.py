"""One array in a handful of numbers, against the slow and obvious way to count."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dlcourse_utils.gradients.magnitudes import LOG10_EDGES, SAMPLE, magnitudes, sample_positions, sampled


def test_histogram_counts_what_numpy_counts():
    rng = np.random.default_rng(1)
    x = rng.normal(size=3000) * 10.0 ** rng.uniform(-9, 3, size=3000)
    expected, _ = np.histogram(np.log10(np.abs(x)), bins=LOG10_EDGES)
    np.testing.assert_allclose(magnitudes(x).histogram, expected / 3000)


def test_zeros_and_broken_values_are_counted_apart():
    x = np.array([0.0, -0.0, 1.0, -2.0, np.nan, np.inf, -np.inf, 4.0])
    facts = magnitudes(x)
    assert facts.zero == 2 / 8
    assert facts.nonfinite == 3 / 8
    assert facts.histogram.sum() == pytest.approx(3 / 8)
    assert facts.quantiles[2] == 2.0, "the median of the finite, non-zero sizes"


def test_sizes_beyond_the_edges_stay_in_the_outermost_bins():
    facts = magnitudes(np.array([1e-30, 1e30]))
    assert facts.histogram[0] == 0.5
    assert facts.histogram[-1] == 0.5


def test_nothing_at_all():
    facts = magnitudes(np.empty((0, 3)))
    assert np.isnan(facts.zero)
    assert np.isnan(facts.quantiles).all()


@given(arrays(np.float64, st.integers(1, 60), elements=st.floats(allow_nan=True, allow_infinity=True, width=64)))
def test_the_fractions_add_up(x):
    facts = magnitudes(x)
    assert facts.zero + facts.nonfinite + facts.histogram.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("size", [SAMPLE + 1, 5000, 123_457])
def test_a_sample_is_fixed_sorted_and_spread_out(size):
    first, again = sample_positions(size), sample_positions(size)
    assert (first == again).all()
    assert first.size == SAMPLE
    assert np.unique(first).size == SAMPLE
    assert first[0] >= 0
    assert first[-1] < size
    assert np.diff(first).max() <= 2 * size / SAMPLE + 1


def test_sampling_leaves_the_global_random_state_alone():
    np.random.seed(4)
    before = np.random.get_state()[1].copy()
    sample_positions(987_653)
    assert (np.random.get_state()[1] == before).all()


def test_a_small_array_is_seen_whole():
    x = np.arange(12.0).reshape(3, 4)
    assert (sampled(x) == x.reshape(-1)).all()
