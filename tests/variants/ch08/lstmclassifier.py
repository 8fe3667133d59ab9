"""08.LSTMClassifier written in other ways; each must pass."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class picks_a_column(nn.Module):
    def __init__(self, vocab, embed=64, hidden=64, classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab, embed, padding_idx=0)
        self.lstm = nn.LSTM(embed, hidden, batch_first=True)
        self.output = nn.Linear(hidden, classes)

    def forward(self, ids, mask):
        out, _ = self.lstm(self.embedding(ids))
        last = (mask.long().sum(dim=1) - 1).view(-1, 1, 1).expand(-1, 1, out.shape[2])
        return self.output(out.gather(1, last).squeeze(1))


class packed(nn.Module):
    def __init__(self, vocab, embed=64, hidden=64, classes=2):
        super().__init__()
        self.head = nn.Linear(hidden, classes)
        self.lstm = nn.LSTM(embed, hidden, batch_first=True)
        self.embedding = nn.Embedding(vocab, embed)

    def forward(self, ids, mask):
        lengths = mask.sum(dim=1).cpu()
        sequence = pack_padded_sequence(self.embedding(ids), lengths, batch_first=True, enforce_sorted=False)
        _, (h, _) = self.lstm(sequence)
        return self.head(h[-1])


class step_by_step(nn.Module):
    def __init__(self, vocab, embed=64, hidden=64, classes=2):
        super().__init__()
        self.hidden = hidden
        self.embedding = nn.Embedding(vocab, embed)
        self.cell = nn.LSTMCell(embed, hidden)
        self.head = nn.Sequential(nn.Dropout(0.3), nn.Linear(hidden, classes))

    def forward(self, ids, mask):
        x = self.embedding(ids)
        h = c = x.new_zeros(len(ids), self.hidden)
        for t in range(ids.shape[1]):
            new_h, new_c = self.cell(x[:, t], (h, c))
            keep = mask[:, t : t + 1]
            h, c = torch.where(keep, new_h, h), torch.where(keep, new_c, c)
        return self.head(h)


class time_first(nn.Module):
    def __init__(self, vocab, embed=64, hidden=64, classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab, embed)
        self.lstm = nn.LSTM(embed, hidden)
        self.head = nn.Linear(hidden, classes)

    def forward(self, ids, mask):
        out, _ = self.lstm(self.embedding(ids.T))
        rows = [out[int(n) - 1, i] for i, n in enumerate(mask.sum(dim=1))]
        return self.head(torch.stack(rows))


class two_layers(nn.Module):
    def __init__(self, vocab, embed=64, hidden=64, classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab, embed)
        self.lstm = nn.LSTM(embed, hidden, num_layers=2, batch_first=True)
        self.head = nn.Linear(hidden, classes)

    def forward(self, ids, mask):
        out, _ = self.lstm(self.embedding(ids))
        return self.head(out[range(len(ids)), mask.sum(1) - 1])


VARIANTS = (picks_a_column, packed, step_by_step, time_first, two_layers)
