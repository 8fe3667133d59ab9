"""Each baseline beside another way to the same number, on data small enough to see through."""

from __future__ import annotations

import numpy as np
import pytest

from dlcourse_utils.baselines import CountingModel, bag_of_words_accuracy, bridged, forecast_errors, gap_lengths


def test_counting_without_context_is_the_witten_bell_formula() -> None:
    model = CountingModel("aab", 1, "abc")
    assert model.probability("", "a") == pytest.approx((2 + 2 / 3) / (3 + 2))
    assert model.probability("", "c") == pytest.approx((0 + 2 / 3) / (3 + 2))
    # after "a" came a and b, once each: n = 2, d = 2
    assert model.probability("a", "b") == pytest.approx((1 + 2 * model.probability("", "b")) / (2 + 2))
    assert model.probability("c", "b") == model.probability("", "b")  # a context never seen says nothing
    assert (model.entries(0), model.entries(1)) == (2, 4)


@pytest.mark.parametrize("context", ["", "b", "ab", "zz", "za"])
def test_counting_gives_odds_that_sum_to_one(context: str) -> None:
    model = CountingModel("abbazabbabbaazab", 2, "abz?")
    assert sum(model.probability(context, c) for c in "abz?") == pytest.approx(1)


def test_bits_are_the_mean_of_the_surprises() -> None:
    model = CountingModel("abababac", 1, "abc")
    by_hand = [-np.log2(model.probability(context, c)) for context, c in ("ab", "ba", "ac")]
    assert model.bits_per_character("abac", 1) == pytest.approx(np.mean(by_hand))


def test_a_telling_word_is_found_and_order_is_not() -> None:
    texts, labels = ["bad film", "good film", "so bad", "so good"] * 5, np.array([0, 1, 0, 1] * 5)
    assert bag_of_words_accuracy(texts, labels, ["a good one", "a bad one"], np.array([1, 0])) == 1.0
    turned = ["not bad but good", "not good but bad"]
    assert bag_of_words_accuracy(texts, labels, turned, np.array([1, 0])) == 0.5


def test_gaps_are_counted_and_bridged_by_straight_lines() -> None:
    series = np.array([1.0, np.nan, np.nan, 4.0, 5.0, np.nan, 3.0])
    np.testing.assert_allclose(bridged(series), [1, 2, 3, 4, 5, 4, 3])
    assert gap_lengths(series).tolist() == [2, 1]
    assert np.isnan(series).sum() == 3  # the series given is left as it was


def test_a_perfect_week_is_forecast_by_the_week_and_not_by_the_hour() -> None:
    series = np.tile(np.random.default_rng(0).random(168), 6)
    windows = np.stack([series[i : i + 192] for i in range(len(series) - 191)])
    errors = forecast_errors(windows[:, :168], windows[:, 168:], windows[:400, :168], windows[:400, 168:])
    assert errors["same hour a week ago"].max() == 0
    hours = np.abs(windows[:, 167:168] - windows[:, 168:]).mean(axis=0)
    np.testing.assert_allclose(errors["last hour, repeated"], hours)
    days = np.abs(windows[:, 144:168] - windows[:, 168:]).mean(axis=0)
    np.testing.assert_allclose(errors["same hour yesterday"], days)
    assert errors["linear regression, 168 hours"].mean() < 0.3 * errors["same hour yesterday"].mean()
