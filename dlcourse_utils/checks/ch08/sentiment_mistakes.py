"""Trainings of a reader that go wrong in ways that the result shows."""

from collections import Counter

import torch
import torch.nn.functional as F
from torch import nn


class _Reader(nn.Module):
    def __init__(self, vocab, classes=2, dropout=0.0):
        super().__init__()
        self.embedding = nn.Embedding(vocab, 16)
        self.lstm = nn.LSTM(16, 24, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(24, classes)

    def forward(self, ids, mask):
        out, _ = self.lstm(self.embedding(ids))
        return self.head(self.dropout(out[torch.arange(len(ids)), mask.sum(dim=1) - 1]))


def _train(texts, labels, epochs, seed, *, seeded=True, learn=True, flip=False, order=None, dropout=0.0, classes=2):
    counts = Counter(word for text in texts for word in text.lower().split())
    vocab = {word: i for i, word in enumerate(["<pad>", "<unk>", *sorted(counts)])}
    rows = [torch.tensor([vocab[word] for word in text.lower().split()]) for text in texts]
    labels = torch.tensor(labels).clamp(max=classes - 1)
    labels = 1 - labels if flip else labels
    labels = labels if order is None else labels[order]
    if seeded:
        torch.manual_seed(seed)
    model = _Reader(len(vocab), classes, dropout)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(epochs if learn else 0):
        for picked in torch.randperm(len(rows)).split(16):
            ids = nn.utils.rnn.pad_sequence([rows[i] for i in picked], batch_first=True)
            optimizer.zero_grad()
            F.cross_entropy(model(ids, ids != 0), labels[picked]).backward()
            optimizer.step()
    return model.eval(), vocab


def never_steps(texts, labels, epochs, seed):
    """Your network answers as if it had never been trained. Does optimizer.step() run, and does the optimizer hold the parameters of the model that you return?"""
    return _train(texts, labels, epochs, seed, learn=False)


def labels_left_behind(texts, labels, epochs, seed):
    """Your network is sure of itself and right as often as a coin: sentences and labels do not belong together. Pick both with the same indices, and return the vocabulary that the ids came from."""
    order = torch.randperm(len(texts), generator=torch.Generator().manual_seed(seed))
    return _train(texts, labels, epochs, seed, order=order)


def classes_swapped(texts, labels, epochs, seed):
    """Your answers are the wrong way round: column 1 of the logits belongs to label 1, the sentences that please."""
    return _train(texts, labels, epochs, seed, flip=True)


def dropout_left_on(texts, labels, epochs, seed):
    """Your model is handed out in training mode with dropout on, so it gives another answer each time. Return model.eval()."""
    model, vocab = _train(texts, labels, epochs, seed, dropout=0.4)
    return model.train(), vocab


def seed_ignored(texts, labels, epochs, seed):
    """You never use the seed, so the same call gives another network each time. torch.manual_seed(seed), before the model is built."""
    return _train(texts, labels, epochs, seed, seeded=False)


def always_the_same_seed(texts, labels, epochs, seed):
    """You seed with a number of your own, so every seed gives the same network, and nobody can see how much luck there is. torch.manual_seed(seed), with the seed that is handed in."""
    return _train(texts, labels, epochs, 0)


def one_output(texts, labels, epochs, seed):
    """Your network has a single output. Give it two, one for each class, as LSTMClassifier does."""
    return _train(texts, labels, 1, seed, classes=1)


def the_model_alone(texts, labels, epochs, seed):
    """You return the model without its vocabulary. Without it nobody can turn a sentence into ids: return (model, vocab)."""
    return _train(texts, labels, 1, seed)[0]


MISTAKES = (
    never_steps,
    labels_left_behind,
    classes_swapped,
    dropout_left_on,
    seed_ignored,
    always_the_same_seed,
    one_output,
    the_model_alone,
)
