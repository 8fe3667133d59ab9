"""08.milestone_sentiment solved in other ways; each must pass."""

import random
from collections import Counter

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class Packed(nn.Module):
    def __init__(self, vocab):
        super().__init__()
        self.embedding = nn.Embedding(vocab, 24)
        self.lstm = nn.LSTM(24, 24, batch_first=True)
        self.head = nn.Linear(24, 2)

    def forward(self, ids, mask):
        packed = pack_padded_sequence(self.embedding(ids), mask.sum(1), batch_first=True, enforce_sorted=False)
        return self.head(self.lstm(packed)[1][0][-1])


class MeanOfBothWays(nn.Module):
    def __init__(self, vocab):
        super().__init__()
        self.embedding = nn.Embedding(vocab, 16)
        self.gru = nn.GRU(16, 16, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(32, 2)

    def forward(self, ids, mask):
        packed = pack_padded_sequence(self.embedding(ids), mask.sum(1), batch_first=True, enforce_sorted=False)
        out, _ = pad_packed_sequence(self.gru(packed)[0], batch_first=True)
        return self.head(self.drop(out.sum(1) / mask.sum(1, keepdim=True)))


def vocabulary(texts):
    counts = Counter(w for t in texts for w in t.lower().split())
    return {w: i for i, w in enumerate(["<pad>", "<unk>", *sorted(counts, key=lambda w: (-counts[w], w))])}


def fit(model, rows, labels, epochs, seed, size, lr):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    order = random.Random(seed)
    for _ in range(epochs):
        places = list(range(len(rows)))
        order.shuffle(places)
        for k in range(0, len(places), size):
            batch = places[k : k + size]
            ids = nn.utils.rnn.pad_sequence([torch.tensor(rows[i]) for i in batch], batch_first=True)
            optimizer.zero_grad()
            F.cross_entropy(model(ids, ids > 0), torch.tensor([int(labels[i]) for i in batch])).backward()
            optimizer.step()


def packed_sequences(texts, labels, epochs, seed):
    vocab = vocabulary(texts)
    torch.manual_seed(seed)
    model = Packed(len(vocab))
    fit(model, [[vocab[w] for w in t.lower().split()] for t in texts], labels, epochs, seed, 20, 1e-2)
    return model, vocab


def both_directions(texts, labels, epochs, seed):
    torch.manual_seed(seed)
    vocab = vocabulary(texts)
    model = MeanOfBothWays(len(vocab))
    fit(model, [[vocab[w] for w in t.lower().split()] for t in texts], labels, epochs, seed, 16, 1e-2)
    model.eval()
    return model, vocab


VARIANTS = (packed_sequences, both_directions)
