"""08.milestone_characters solved in other ways; each must pass."""

import torch
import torch.nn.functional as F
from torch import nn


class Lstm(nn.Module):
    def __init__(self, vocab, hidden):
        super().__init__()
        self.embedding = nn.Embedding(vocab, 16)
        self.lstm = nn.LSTM(16, hidden, batch_first=True)
        self.head = nn.Linear(hidden, vocab)

    def forward(self, ids, state=None):
        out, state = self.lstm(self.embedding(ids), state)
        return self.head(out), state


class OneHotRnn(nn.Module):
    def __init__(self, vocab, hidden):
        super().__init__()
        self.vocab = vocab
        self.rnn = nn.GRU(vocab, hidden)
        self.head = nn.Linear(hidden, vocab)

    def forward(self, ids, state=None):
        out, state = self.rnn(F.one_hot(ids.T, self.vocab).float(), state)
        return self.head(out.transpose(0, 1)), state


def streams_with_state(ids, vocab, hidden, steps, seed):
    torch.manual_seed(seed)
    model = Lstm(vocab, hidden)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    length = (len(ids) - 1) // 24
    x, y = ids[: 24 * length].view(24, length), ids[1 : 24 * length + 1].view(24, length)
    state, first = None, 0
    for _ in range(steps):
        if first >= length:
            state, first = None, 0
        logits, state = model(x[:, first : first + 40], state)
        state = tuple(s.detach() for s in state)
        optimizer.zero_grad()
        F.cross_entropy(logits.transpose(1, 2), y[:, first : first + 40]).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        first += 40
    return model


def random_snippets(ids, vocab, hidden, steps, seed):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    model = OneHotRnn(vocab, hidden)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1.5e-2)
    for _ in range(steps):
        starts = torch.randint(0, len(ids) - 31, (24,), generator=generator)
        pieces = torch.stack([ids[s : s + 31] for s in starts])
        optimizer.zero_grad()
        F.cross_entropy(model(pieces[:, :-1])[0].flatten(0, 1), pieces[:, 1:].flatten()).backward()
        optimizer.step()
    return model.eval()


VARIANTS = (streams_with_state, random_snippets)
