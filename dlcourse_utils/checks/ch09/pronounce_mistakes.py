"""Trainings of a pronouncer that go wrong in ways that the result shows. A small LSTM stands in for the GPT: it is quick."""

import torch
import torch.nn.functional as F
from torch import nn


class _Reader(nn.Module):
    def __init__(self, vocab, both_ways=False, dropout=0.0):
        super().__init__()
        self.context = 64
        self.embedding = nn.Embedding(vocab, 24)
        self.rnn = nn.LSTM(24, 48, batch_first=True, bidirectional=both_ways)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(96 if both_ways else 48, vocab)

    def forward(self, ids):
        return self.head(self.dropout(self.rnn(self.embedding(ids))[0]))


def _train(ids, mask, vocab, steps, seed, *, seeded=True, learn=True, shift=1, both_ways=False, dropout=0.0):
    if seeded:
        torch.manual_seed(seed)
    model = _Reader(vocab, both_ways, dropout)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(steps if learn else 0):
        batch = torch.randint(len(ids), (96,))
        inputs = ids[batch, : ids.shape[1] - shift]
        targets, real = ids[batch, shift:], mask[batch, shift:]
        optimizer.zero_grad()
        F.cross_entropy(model(inputs)[real], targets[real]).backward()
        optimizer.step()
    return model.eval()


def never_steps(ids, mask, vocab, steps, seed):
    """Your model answers as if it had hardly been trained. Do zero_grad() and optimizer.step() run in every step, and does the optimizer hold the parameters of the model that you return?"""
    return _train(ids, mask, vocab, steps, seed, learn=False)


def targets_not_shifted(ids, mask, vocab, steps, seed):
    """Your model learns to say again what it has just read: inputs and targets are the same tokens. The target at each place is the *next* token: ids[:, 1:]."""
    return _train(ids, mask, vocab, steps, seed, shift=0)


def mask_not_shifted(ids, mask, vocab, steps, seed):
    """Your model never learns the first sound: the targets are shifted by one and the mask is not. The mask belongs to the targets, so mask[:, 1:]."""
    moved = torch.roll(mask, 1, dims=1)
    return _train(ids, moved, vocab, steps, seed)


def learns_to_spell(ids, mask, vocab, steps, seed):
    """Your loss counts the letters and leaves out the sounds: the mask is turned round. It is True where the loss should look."""
    return _train(ids, ~mask & (ids != 0) & (ids != 2), vocab, steps, seed)


def looks_ahead(ids, mask, vocab, steps, seed):
    """Your model sees the future, so it learned to read the answer off. When it speaks by itself there is nothing to read off. Is the causal mask in every block?"""
    return _train(ids, mask, vocab, min(steps, 20), seed, both_ways=True)


def seed_ignored(ids, mask, vocab, steps, seed):
    """You never use the seed, so the same call gives another model each time. torch.manual_seed(seed), before the model is built."""
    return _train(ids, mask, vocab, steps, seed, seeded=False)


def one_seed_for_ever(ids, mask, vocab, steps, seed):
    """You use a seed of your own, so every seed handed in gives the same model. torch.manual_seed(seed)."""
    return _train(ids, mask, vocab, steps, 0)


def dropout_left_on(ids, mask, vocab, steps, seed):
    """Your model is handed out in training mode, where dropout gives another answer each time. Return model.eval()."""
    return _train(ids, mask, vocab, min(steps, 20), seed, dropout=0.4).train()


def the_losses(ids, mask, vocab, steps, seed):
    """You return the losses, or nothing. Return the trained model."""
    _train(ids, mask, vocab, 1, seed)
    return [0.0] * steps


MISTAKES = (
    never_steps,
    targets_not_shifted,
    mask_not_shifted,
    learns_to_spell,
    looks_ahead,
    seed_ignored,
    one_seed_for_ever,
    dropout_left_on,
    the_losses,
)
