"""Trainings that go wrong in ways that the result shows."""

import torch
import torch.nn.functional as F
from torch import nn


def _train(x, labels, seed, *, epochs=7, shuffle=True, dropout=0.0, shift=0, seeded=True, learn=True):
    if seeded:
        torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(x.shape[1], 64), nn.ReLU(), nn.Dropout(dropout), nn.Linear(64, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=8e-3 if shuffle else 2e-2)
    x, labels = torch.tensor(x, dtype=torch.float32), (torch.tensor(labels) + shift) % 10
    for _ in range(epochs):
        order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
        for rows in order.split(64):
            optimizer.zero_grad()
            F.cross_entropy(model(x[rows]), labels[rows]).backward()
            if learn:
                optimizer.step()
    return model.eval()


def never_steps(x, labels, seed):
    """Your network answers as if it had never been trained. Does optimizer.step() run, does the optimizer hold the parameters of the model that you return, and is the learning rate neither tiny nor huge?"""
    return _train(x, labels, seed, epochs=1, learn=False)


def walks_in_order(x, labels, seed):
    """On data sorted by label your network fails: without shuffling, the last batches of each epoch hold a single digit, and the others are forgotten. DataLoader(..., shuffle=True)."""
    return _train(x, labels, seed, shuffle=False)


def stops_too_early(x, labels, seed):
    """Your network has learned something, but not enough. Is zero_grad called before every backward? If so, train for more epochs, or with another learning rate."""
    return _train(x[:400], labels[:400], seed, epochs=2)


def dropout_left_on(x, labels, seed):
    """Your model is handed out in training mode, so dropout, if it has any, stays on and the same digit is answered differently each time. Return model.eval()."""
    return _train(x, labels, seed, dropout=0.2).train()


def seed_ignored(x, labels, seed):
    """The same seed gives another network each time: the seed is not used, or it is set only after the model was built (its random start is drawn while the layers are made). torch.manual_seed(seed) comes first."""
    return _train(x, labels, seed, seeded=False)


def classes_off_by_one(x, labels, seed):
    """Every answer is one digit off: labels count from 0, as the columns of the logits do."""
    return _train(x, labels, seed, shift=1)


def one_output(x, labels, seed):
    """Your network has a single output, as if a digit were an amount. Digits are names: give it ten outputs, one for each class."""
    return nn.Sequential(nn.Linear(x.shape[1], 8), nn.ReLU(), nn.Linear(8, 1)).eval()


def always_the_same_seed(x, labels, seed):
    """You seed with a number of your own, so every seed gives the same network, and nobody can see how much luck there is. torch.manual_seed(seed), with the seed that is handed in."""
    return _train(x, labels, 0, epochs=40)


def softmax_inside(x, labels, seed):
    """Your network ends with a softmax and returns probabilities. Return logits: cross_entropy brings its own softmax, and twice softmax learns slowly."""
    return nn.Sequential(_train(x, labels, seed, epochs=40), nn.Softmax(dim=1)).eval()


MISTAKES = (
    never_steps,
    walks_in_order,
    stops_too_early,
    dropout_left_on,
    seed_ignored,
    classes_off_by_one,
    one_output,
    always_the_same_seed,
    softmax_inside,
)
