"""Generators of points that went wrong in ways that their samples show. Small and quick."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def _network(inputs, outputs, act):
    return nn.Sequential(nn.Linear(inputs, 64), act, nn.Linear(64, 64), act, nn.Linear(64, outputs))


def _leash(D, real, fake):
    eps = torch.rand(len(real), 1)
    x = (eps * real + (1 - eps) * fake).requires_grad_()
    (slope,) = torch.autograd.grad(D(x).sum(), x, create_graph=True)
    return ((slope.norm(dim=1) - 1) ** 2).mean()


def _play(points, steps, seed, *, rows=None, seeded=True, learn=True, dropout=0.0):
    if seeded:
        torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    G, D = _network(8, 2, nn.ReLU()), _network(2, 1, nn.LeakyReLU(0.2))
    if dropout:
        G.insert(4, nn.Dropout(dropout))
    opt_g, opt_d = (torch.optim.Adam(net.parameters(), lr=5e-3, betas=(0.5, 0.9)) for net in (G, D))
    data = torch.tensor(points[:rows])
    for _ in range(steps if learn else 0):
        real = data[rng.integers(len(data), size=128)]
        fake = G(torch.randn(128, 8)).detach()
        loss = F.softplus(-D(real)).mean() + F.softplus(D(fake)).mean() + 0.1 * _leash(D, real, fake)
        opt_d.zero_grad()
        loss.backward()
        opt_d.step()
        loss = F.softplus(-D(G(torch.randn(128, 8)))).mean()
        opt_g.zero_grad()
        loss.backward()
        opt_g.step()
    return G.eval()


def never_steps(points, steps, seed):
    """Your generator's samples all lie in the middle, as those of an untrained network do. Do both optimizers step, and do they hold the parameters of G and of D?"""
    return _play(points, steps, seed, learn=False)


def first_rows_only(points, steps, seed):
    """Modes are missing that lie further down in the data: the points came sorted by mode, and yours are learned from the first rows only. Draw each batch from all rows."""
    return _play(points, min(steps, 400), seed, rows=len(points) // 3)


def a_single_cloud(points, steps, seed):
    """Your samples fill the whole disc, as one wide Gaussian does, and most lie where there is no data. A generator without hidden layers can only stretch and turn the cloud of z."""
    torch.manual_seed(seed)
    G = nn.Linear(8, 2)
    cloud = np.cov(points.T)
    with torch.no_grad():
        G.weight.zero_()
        G.weight[:, :2] = torch.tensor(np.linalg.cholesky(cloud))
        G.bias.copy_(torch.tensor(points.mean(axis=0)))
    return G.eval()


class _Store(nn.Module):
    def __init__(self, points):
        super().__init__()
        self.register_buffer("points", torch.tensor(points))

    def forward(self, z):
        share = torch.special.ndtr(z[:, 0])  # uniform in [0, 1]
        return self.points[(share * len(self.points)).long().clamp(max=len(self.points) - 1)]


def learned_by_heart(points, steps, seed):
    """Your generator hands out the training points themselves. That is a store, not a generator: let it make new ones, from what D tells it."""
    return _Store(points).eval()


def seed_ignored(points, steps, seed):
    """You never use the seed, so the same call gives another generator each time. torch.manual_seed(seed), before the networks are built."""
    return _play(points, steps, seed, seeded=False)


def handed_out_in_training_mode(points, steps, seed):
    """Your generator is handed out in training mode with dropout on, so the same z gives another point each time. Return G.eval()."""
    return _play(points, min(steps, 60), seed, dropout=0.3).train()


MISTAKES = (never_steps, first_rows_only, a_single_cloud, learned_by_heart, seed_ignored, handed_out_in_training_mode)
