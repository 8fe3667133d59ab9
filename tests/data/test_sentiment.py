"""The sentences are whole, and each has its own rating."""

import numpy as np

from dlcourse_utils.data import load_movie_sentiment


def test_sentences_and_ratings_belong_together():
    data = load_movie_sentiment()
    assert len(data.texts) == len(data.ratings) == 10_605
    assert data.texts[2] == "Effective but too tepid biopic"
    assert data.ratings[2] == -0.6
    assert data.texts[-1].startswith("Her fans walked out muttering")
    assert data.ratings[-1] == -1.8125


def test_nothing_is_empty_and_ratings_stay_on_their_scale():
    data = load_movie_sentiment()
    assert all(text == text.strip() and text for text in data.texts)
    assert -4 <= data.ratings.min() < -3.5
    assert 3.5 < data.ratings.max() <= 4
    assert np.count_nonzero(data.ratings == 0) == 37


def test_the_file_is_not_shuffled_so_take_care():
    ratings = load_movie_sentiment().ratings
    assert (ratings[:1000] > 0).mean() > 0.9
    assert (ratings[-1000:] > 0).mean() < 0.2
