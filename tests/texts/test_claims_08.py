"""Numbers that the text of chapter 08 states in so many words, found again."""

from collections import Counter
from pathlib import Path

import numpy as np
import torch

from autograde.attempts import solved
from dlcourse_utils.baselines import CountingModel, gap_lengths
from dlcourse_utils.data import load_austen, load_bikeshare, load_movie_sentiment
from dlcourse_utils.figures.sequences import read_letters, walk_over_w
from dlcourse_utils.gradients import through_time

TEXT = (Path(__file__).resolve().parents[2] / "solutions" / "08_rnn.py").read_text(encoding="utf-8")
SOLVED = solved(Path(__file__).resolve().parents[2] / "solutions" / "08_rnn.py")


def test_parameter_counts() -> None:
    assert f"= {27 * 100 + 100 * 100 + 100:,}, for both" in TEXT
    weights = sum(p.numel() for p in SOLVED["CharacterModel"](69, 128).parameters())
    assert f"about {weights // 1000},000 weights" in TEXT


def test_the_trace_of_a_letter_fades_by_a_fifth() -> None:
    line = "it is a truth universally acknowledged"
    one, other = (read_letters(SOLVED["rnn_step"], text) for text in (line, line.replace("it", "if", 1)))
    apart = np.linalg.norm(one - other, axis=1)
    a_letter = (apart[-1] / apart[1]) ** (1 / (len(line) - 2))
    assert 0.75 < a_letter < 0.85
    assert "fades by about a fifth with every letter" in TEXT


def test_the_unclipped_step_leads_far_away() -> None:
    _, _, slopes = walk_over_w(SOLVED["rnn_forward"], SOLVED["rnn_backward"])
    assert np.abs(0.1 * slopes).max() > 100


def test_a_fresh_lstm_loses_its_gradient_a_trillionfold_and_a_forget_bias_keeps_it() -> None:
    torch.manual_seed(0)
    kinds = {"RNN": torch.nn.RNN, "GRU": torch.nn.GRU, "LSTM": torch.nn.LSTM, "open": torch.nn.LSTM}
    layers = {name: kind(8, 32, batch_first=True) for name, kind in kinds.items()}
    layers["open"].bias_ih_l0.data[32:64] += 3.0
    left = {name: g[0] / g[-1] for name, g in through_time(layers, torch.randn(16, 60, 8)).norms.items()}
    assert left["RNN"] < left["LSTM"] < 1e-10
    assert "a trillionfold over sixty steps" in TEXT
    assert left["open"] > 0.1


def test_reviews_are_as_many_and_as_long_as_said() -> None:
    texts = load_movie_sentiment().texts
    assert f"{len(texts):,} sentences from film reviews" in TEXT
    order = np.random.default_rng(0).permutation(len(texts))
    words = [len(texts[i].split()) for i in order[:8_484]]
    assert f"{np.mean(words):.0f}" == "19"
    assert "sentences of nineteen words each" in TEXT
    ratings = load_movie_sentiment().ratings
    assert (ratings[-len(ratings) // 5 :] > 0).mean() < 0.1  # "the last fifth … is nearly all complaints"


def test_one_word_in_six_is_unknown() -> None:
    texts = load_movie_sentiment().texts
    order = np.random.default_rng(0).permutation(len(texts))
    vocab = SOLVED["build_vocab"]([texts[i] for i in order[:8_484]], 8000, 2)
    unknown = np.mean([i == 1 for k in order[8_484:] for i in SOLVED["encode"](texts[k], vocab)])
    assert 1 / 7 < unknown < 1 / 5
    assert "About one word in six" in TEXT


def test_the_two_sentences_are_one_bag() -> None:
    first = "it starts as a dull mess but becomes a smart , funny and moving film"
    second = "it starts as a smart , funny and moving film but becomes a dull mess"
    assert f'"{first}"' in TEXT
    assert f'"{second}"' in TEXT
    assert Counter(first.split()) == Counter(second.split())


def test_the_table_keeps_two_hundred_thousand_numbers_and_the_book_is_read_two_and_a_half_times() -> None:
    novel = " ".join("\n".join(load_austen().chapters).split())
    train = novel[: int(0.9 * len(novel))]
    assert 650_000 < len(novel) < 700_000
    assert 200_000 < CountingModel(train, 5, "".join(sorted(set(novel)))).entries(5) < 230_000
    assert round(1000 * 32 * 48 / len(train), 1) == 2.5


def test_the_gaps_and_the_hours_to_train_on() -> None:
    bikers = load_bikeshare().bikers
    assert len(gap_lengths(bikers)) == 60
    at_hour = np.bincount(np.flatnonzero(np.isnan(bikers)) % 24, minlength=24)
    assert at_hour[3:6].sum() > 0.5 * at_hour.sum()  # "most of them lie between three and five in the morning"
    assert f"{24 * 292:,} hours to train on" in TEXT
