"""Chapter 08: oracles beside other ways to the same number, and what models of the wrong kind are told."""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np
import pytest
import torch
from torch import nn

from autograde.proof import run
from dlcourse_utils.checks import get
from dlcourse_utils.checks.ch08 import build_vocab, rnn_forward, sample_text
from dlcourse_utils.checks.ch08.lstm_by_hand import readings, sort_out, states


def test_the_gradient_through_time_agrees_with_finite_differences() -> None:
    rng = np.random.default_rng(3)
    x, h0, Wx, Wh, b = (rng.normal(size=s) / 2 for s in ((2, 5, 3), (2, 4), (3, 4), (4, 4), (4,)))
    dh = rng.normal(size=(2, 5, 4))
    given = {"x": x, "h0": h0, "Wx": Wx, "Wh": Wh, "b": b}
    found = rnn_forward.oracle(**given, dh=dh)
    for name, array in given.items():
        way = rng.normal(size=array.shape)
        moved = [rnn_forward.oracle(**{**given, name: array + e * way}, dh=dh)["h"] for e in (1e-6, -1e-6)]
        slope = float(((moved[0] - moved[1]) * dh).sum()) / 2e-6
        assert slope == pytest.approx(float((found[f"d{name}"] * way).sum()), rel=1e-6)


def test_the_lstm_by_hand_is_torchs() -> None:
    torch.manual_seed(0)
    layer, embedding, head = nn.LSTM(5, 3, batch_first=True), nn.Embedding(11, 5), nn.Linear(3, 2)
    weights = [p.detach().numpy() for m in (head, layer, embedding) for p in m.parameters()]
    found = sort_out(weights, vocab=11, embed=5, hidden=3, classes=2)
    assert found is not None
    ids = np.array([[1, 4, 7, 0], [2, 9, 10, 3]])
    expected = layer(embedding(torch.tensor(ids)))[0].detach()
    np.testing.assert_allclose(states(found, ids)[0], expected, rtol=1e-5, atol=1e-6)
    mask = np.array([[True, True, True, False], [True] * 4])
    right = head(torch.stack([expected[0, 2], expected[1, 3]])).detach()
    np.testing.assert_allclose(readings(found, ids, mask)["last real step"], right, rtol=1e-5, atol=1e-6)


def test_another_architecture_is_not_taken_for_the_plain_one() -> None:
    layer = nn.LSTM(5, 3, num_layers=2)
    assert sort_out([p.detach().numpy() for p in layer.parameters()], vocab=11, embed=5, hidden=3, classes=2) is None


def test_a_vocabulary_known_by_heart() -> None:
    texts = ["The cat saw the dog", "a dog saw A bird"]
    expected = {"<pad>": 0, "<unk>": 1, "a": 2, "dog": 3, "saw": 4, "the": 5, "bird": 6, "cat": 7}
    assert build_vocab.oracle(texts, 100, 1) == expected
    assert build_vocab.oracle(texts, 5, 2) == {w: i for w, i in expected.items() if i < 5}


def test_an_order_that_depends_on_a_hash_is_named() -> None:
    """The hash is one that is the same in every run: Python's may by chance agree with the alphabet."""

    def by_backwards_words(texts: list[str], max_size: int, min_count: int) -> dict[str, int]:
        words = [w for w in build_vocab.oracle(texts, 10**6, min_count) if w[0] != "<"]
        counts = " ".join(texts).lower().split()
        words.sort(key=lambda w: (-counts.count(w), crc32(w.encode())))
        return {w: i for i, w in enumerate(["<pad>", "<unk>", *words][:max_size])}

    diagnosis = run(get("08.build_vocab"), (by_backwards_words,), 0).diagnosis
    assert diagnosis is not None
    assert diagnosis.name == "ties_by_hash"


def test_frequencies_are_told_apart_at_the_size_of_the_sample() -> None:
    odds = np.array([0.7, 0.2, 0.1])
    rng = np.random.default_rng(0)
    for _ in range(300):
        share = np.bincount(rng.choice(3, size=400, p=odds), minlength=3) / 400
        assert sample_text._agree(share, odds, 400)
        assert not sample_text._agree(share, np.array([0.4, 0.3, 0.3]), 400)


class Reader(nn.Module):
    """Right, so that each case below changes one thing."""

    def __init__(self, vocab: int, embed: int = 64, hidden: int = 64, classes: int = 2) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab, embed)
        self.lstm = nn.LSTM(embed, hidden, batch_first=True)
        self.head = nn.Linear(hidden, classes)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> Any:
        out = self.lstm(self.embedding(ids))[0]
        return self.head(out[torch.arange(len(ids)), mask.sum(dim=1) - 1])


class ReturnsATuple(Reader):
    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> Any:
        return super().forward(ids, mask), None


class WrongShape(Reader):
    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> Any:
        return super().forward(ids, mask).T


class Restless(Reader):
    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> Any:
        return super().forward(ids, mask) + torch.randn(1)


class NoParameters(nn.Module):
    def __init__(self, vocab: int, embed: int = 64, hidden: int = 64, classes: int = 2) -> None:
        super().__init__()
        self.classes = classes

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> Any:
        return torch.zeros(len(ids), self.classes)


class NotAModule:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass


class NeedsAFile(Reader):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with open("weights-that-are-not-there.pt", "rb"):
            pass


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (ReturnsATuple, "yours gives a tuple"),
        (WrongShape, "one tensor of logits"),
        (Restless, "different logits on a second look"),
        (NoParameters, "There is no embedding of shape"),
        (NotAModule, "should be an nn.Module"),
        (NeedsAFile, "weights-that-are-not-there.pt"),
    ],
)
def test_a_model_of_the_wrong_kind_gets_a_sentence(model: Any, words: str) -> None:
    result = run(get("08.LSTMClassifier"), (model,), 0)
    assert result.status in ("broken", "incorrect")
    assert result.failure is not None
    assert words in result.failure.verdict.sentence


class InDoublePrecision(Reader):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.double()


class PrintsALot(Reader):
    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> Any:
        print("reading " * 10_000)
        return super().forward(ids, mask)


@pytest.mark.parametrize("model", [Reader, InDoublePrecision, PrintsALot])
def test_what_does_no_harm_costs_nothing(model: Any) -> None:
    assert run(get("08.LSTMClassifier"), (model,), 0).status == "correct"


@pytest.mark.parametrize(
    ("exercise", "answer", "words"),
    [
        ("08.rnn_step", lambda x, h, *rest: h, "return (h, cache); yours returns a ndarray"),
        ("08.masked_cross_entropy", lambda logits, targets, mask: 1.5, "a float without that memory"),
        ("08.milestone_sentiment", lambda *given: None, "(model, vocab); yours returns nothing"),
        ("08.milestone_characters", lambda ids, vocab, hidden, steps, seed: 3, "an nn.Module"),
        ("08.milestone_bikes", lambda x, y, epochs, seed: y, "return a function"),
        ("08.milestone_bikes", lambda x, y, epochs, seed: lambda x: np.full((len(x), 3), np.nan), "not all finite"),
        ("08.sample_text", lambda model, start, *rest: start[None], "a tensor of shape (1, "),
    ],
)
def test_an_answer_of_the_wrong_form_gets_a_sentence(exercise: str, answer: Any, words: str) -> None:
    result = run(get(exercise), (answer,), 0)
    assert result.score == 0
    assert result.failure is not None
    assert words in result.failure.verdict.sentence
