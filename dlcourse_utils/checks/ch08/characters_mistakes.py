"""Trainings of a character model that go wrong in ways that the result shows."""

import torch
import torch.nn.functional as F
from torch import nn


class _Model(nn.Module):
    def __init__(self, vocab, hidden, both_ways=False):
        super().__init__()
        self.embedding = nn.Embedding(vocab, 16)
        self.gru = nn.GRU(16, hidden, batch_first=True, bidirectional=both_ways)
        self.head = nn.Linear(hidden * (2 if both_ways else 1), vocab)

    def forward(self, ids, state=None):
        out, state = self.gru(self.embedding(ids), state)
        return self.head(out), state


class _Forgetful(_Model):
    def forward(self, ids, state=None):
        out, state = self.gru(self.embedding(ids))
        return self.head(out), state


def _train(ids, vocab, hidden, steps, seed, *, shift=1, seeded=True, learn=True, scrambled=False, make=_Model, **settings):
    if seeded:
        torch.manual_seed(seed)
    model = make(vocab, hidden, **settings)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    if scrambled:
        ids = ids[torch.randperm(len(ids))]
    length = (len(ids) - 2) // 24
    inputs = ids[: 24 * length].view(24, length)
    targets = ids[shift : 24 * length + shift].view(24, length)
    for step in range(steps if learn else 0):
        first = step * 24 % (length - 24)
        logits, _ = model(inputs[:, first : first + 24], None)
        optimizer.zero_grad()
        F.cross_entropy(logits.flatten(0, 1), targets[:, first : first + 24].flatten()).backward()
        optimizer.step()
    return model.eval()


def never_steps(ids, vocab, hidden, steps, seed):
    """Your model answers as if it had never been trained. Does optimizer.step() run, and for the model that you return?"""
    return _train(ids, vocab, hidden, steps, seed, learn=False)


def sees_the_future(ids, vocab, hidden, steps, seed):
    """Your model reads in both directions, so it has seen the character that it should forecast. Its loss looks wonderful, and it cannot write a word. A character model only looks back."""
    return _train(ids, vocab, hidden, min(steps, 5), seed, both_ways=True)


def targets_not_shifted(ids, vocab, hidden, steps, seed):
    """Your targets are the inputs themselves, so your model learned to repeat what it has just read. The target of each character is the *next* one."""
    return _train(ids, vocab, hidden, steps, seed, shift=0)


def targets_two_ahead(ids, vocab, hidden, steps, seed):
    """Your targets are shifted by two. The target of each character is the one right after it."""
    return _train(ids, vocab, hidden, steps, seed, shift=2)


def characters_shuffled(ids, vocab, hidden, steps, seed):
    """Your model knows how often each character comes and hardly anything about their order. Keep the text in its order: no shuffling of single characters."""
    return _train(ids, vocab, hidden, steps, seed, scrambled=True)


def state_not_used(ids, vocab, hidden, steps, seed):
    """Your model ignores the state that it is given, so a text read in two pieces is forgotten in between. Hand `state` to the recurrent layer, and return the new one."""
    return _train(ids, vocab, hidden, min(steps, 5), seed, make=_Forgetful)


def seed_ignored(ids, vocab, hidden, steps, seed):
    """You never use the seed, so the same call gives another network each time. torch.manual_seed(seed), before the model is built."""
    return _train(ids, vocab, hidden, steps, seed, seeded=False)


def always_the_same_seed(ids, vocab, hidden, steps, seed):
    """You seed with a number of your own, so every seed gives the same network, and nobody can see how much luck there is. torch.manual_seed(seed), with the seed that is handed in."""
    return _train(ids, vocab, hidden, steps, 0)


class _LogitsOnly(_Model):
    def forward(self, ids, state=None):
        return _Model.forward(self, ids, state)[0]


def logits_without_state(ids, vocab, hidden, steps, seed):
    """Your model returns logits and no state. Whoever writes with it needs both: return (logits, state)."""
    return _LogitsOnly(vocab, hidden).eval()


MISTAKES = (
    never_steps,
    sees_the_future,
    targets_not_shifted,
    targets_two_ahead,
    characters_shuffled,
    state_not_used,
    seed_ignored,
    always_the_same_seed,
    logits_without_state,
)
