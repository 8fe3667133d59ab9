"""Forecasters that go wrong in ways that the result shows."""

import numpy as np
import torch
from torch import nn


class _Forecaster(nn.Module):
    def __init__(self, horizon):
        super().__init__()
        self.gru = nn.GRU(1, 24, batch_first=True)
        self.head = nn.Linear(24, horizon)

    def forward(self, x):
        return self.head(self.gru(x[:, :, None])[0][:, -1])


def _train(x, y, epochs, seed, *, seeded=True, learn=True, backwards=False, bare=False, own_scale=False):
    mean, std = x.mean(), x.std()
    if seeded:
        torch.manual_seed(seed)
    model = _Forecaster(y.shape[1])
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    scaled = torch.tensor((x - mean) / std, dtype=torch.float32)
    wanted = torch.tensor((y[:, ::-1] if backwards else y) - mean, dtype=torch.float32) / std
    for _ in range(epochs if learn else 0):
        for rows in torch.randperm(len(x)).split(48):
            optimizer.zero_grad()
            nn.functional.l1_loss(model(scaled[rows]), wanted[rows]).backward()
            optimizer.step()

    def predict(x):
        m, s = (x.mean(), x.std()) if own_scale else (mean, std)
        with torch.no_grad():
            out = model(torch.tensor((x - m) / s, dtype=torch.float32)).numpy()
        return out if bare else out * s + m

    return predict


def never_steps(x, y, epochs, seed):
    """Your forecasts hardly depend on the window, as if the network had never been trained. Does optimizer.step() run, and for the network that you forecast with?"""
    return _train(x, y, epochs, seed, learn=False)


def forecasts_still_scaled(x, y, epochs, seed):
    """Your forecasts are still in the network's own scale. Undo the scaling: forecast · std + mean gives bicycles."""
    return _train(x, y, epochs, seed, bare=True)


def scales_with_the_unseen(x, y, epochs, seed):
    """You scale the windows to be forecast by their own mean and std, so a forecast depends on which others are asked about. Keep the numbers of the training data."""
    return _train(x, y, epochs, seed, own_scale=True)


def hours_in_reverse(x, y, epochs, seed):
    """Your forecasts run from the last hour to the first. Column 0 is the next hour."""
    return _train(x, y, epochs, seed, backwards=True)


def seed_ignored(x, y, epochs, seed):
    """You never use the seed, so the same call gives another network each time. torch.manual_seed(seed), before the model is built."""
    return _train(x, y, epochs, seed, seeded=False)


def always_the_same_seed(x, y, epochs, seed):
    """You seed with a number of your own, so every seed gives the same network, and nobody can see how much luck there is. torch.manual_seed(seed), with the seed that is handed in."""
    return _train(x, y, epochs, 0)


def the_next_hour_only(x, y, epochs, seed):
    """You forecast one hour. Asked for are as many as y has columns: (N, horizon)."""
    predict = _train(x, y, min(epochs, 2), seed)
    return lambda x: predict(x)[:, :1]


def last_value_repeated(x, y, epochs, seed):
    """Your forecast is the last value seen, again and again. That is a baseline, and a weak one: at eight in the morning, demand triples within the hour."""
    return lambda x: np.repeat(x[:, -1:], y.shape[1], axis=1)


def the_model_alone(x, y, epochs, seed):
    """You return the numbers for the training windows. Return a *function* that forecasts for windows yet to come."""
    return _train(x, y, min(epochs, 2), seed)(x)


MISTAKES = (
    never_steps,
    forecasts_still_scaled,
    scales_with_the_unseen,
    hours_in_reverse,
    seed_ignored,
    always_the_same_seed,
    the_next_hour_only,
    last_value_repeated,
    the_model_alone,
)
