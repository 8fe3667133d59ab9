"""10.milestone_digits written in other ways; each must pass."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class Upwards(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(64, 48 * 7 * 7)
        self.net = nn.Sequential(
            nn.BatchNorm2d(48), nn.ReLU(), nn.ConvTranspose2d(48, 24, 4, 2, 1), nn.BatchNorm2d(24), nn.ReLU(),
            nn.ConvTranspose2d(24, 1, 4, 2, 1), nn.Tanh(),
        )  # fmt: skip

    def forward(self, z):
        return self.net(self.first(z).view(-1, 48, 7, 7))


class Downwards(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 24, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(24, 48, 4, 2, 1), nn.BatchNorm2d(48), nn.LeakyReLU(0.2),
            nn.Flatten(), nn.Linear(48 * 49, 1),
        )  # fmt: skip

    def forward(self, x):
        return self.net(x)


def _play(images, steps, seed, smooth=1.0, size=48):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    G, D = Upwards(), Downwards()
    opt_g = torch.optim.Adam(G.parameters(), lr=2e-3, betas=(0.5, 0.9))
    opt_d = torch.optim.Adam(D.parameters(), lr=5e-4, betas=(0.5, 0.9))
    data = torch.from_numpy(np.ascontiguousarray(images)).float() * 2 - 1
    for _ in range(steps):
        real, fake = data[rng.integers(len(data), size=size)], G(torch.randn(size, 64))
        real_logits, fake_logits = D(real), D(fake.detach())
        loss = F.binary_cross_entropy_with_logits(real_logits, torch.full_like(real_logits, smooth))
        loss = loss + F.softplus(fake_logits).mean()
        opt_d.zero_grad()
        loss.backward()
        opt_d.step()
        loss = F.softplus(-D(fake)).mean()
        opt_g.zero_grad()
        loss.backward()
        opt_g.step()
    return G.eval()


def default_weights(images, steps, seed):
    return _play(images, steps, seed)


def smoothed_labels(images, steps, seed):
    """One-sided label smoothing: real samples get the target 0.9 (Salimans et al., 2016)."""
    return _play(images, steps, seed, smooth=0.9)


VARIANTS = (default_weights, smoothed_labels)
