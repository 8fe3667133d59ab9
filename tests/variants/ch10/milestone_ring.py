"""10.milestone_ring written in other ways; each must pass."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class Points(nn.Module):
    def __init__(self, sizes, slope):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:], strict=True))
        self.slope = slope

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.leaky_relu(layer(x), self.slope)
        return self.layers[-1](x)


def penalty_at_the_real_points(points, steps, seed):
    """R1: the squared gradient at the real samples (Mescheder, Geiger, Nowozin, 2018), a single z for both moves."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    G, D = Points([8, 80, 80, 2], 0.0), Points([2, 80, 80, 1], 0.2)
    opt_g = torch.optim.Adam(G.parameters(), lr=5e-3, betas=(0.5, 0.9))
    opt_d = torch.optim.Adam(D.parameters(), lr=5e-3, betas=(0.5, 0.9))
    for _ in range(steps):
        z = torch.randn(128, 8)
        real = torch.tensor(points[rng.choice(len(points), 128, replace=False)]).requires_grad_()
        logits = D(real)
        (slope,) = torch.autograd.grad(logits.sum(), real, create_graph=True)
        d_loss = F.softplus(-logits).mean() + F.softplus(D(G(z).detach())).mean() + 0.05 * (slope**2).sum(1).mean()
        opt_d.zero_grad()
        d_loss.backward()
        opt_d.step()
        g_loss = F.softplus(-D(G(z))).mean()
        opt_g.zero_grad()
        g_loss.backward()
        opt_g.step()
    return G.eval()


def wasserstein(points, steps, seed):
    """WGAN-GP: no logits at all, the critic moves twice for each move of the generator."""
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    G, D = Points([8, 64, 64, 2], 0.0), Points([2, 64, 64, 1], 0.2)
    opt_g = torch.optim.Adam(G.parameters(), lr=3e-3, betas=(0.5, 0.9))
    opt_d = torch.optim.Adam(D.parameters(), lr=5e-3, betas=(0.5, 0.9))
    data = torch.from_numpy(points)
    for _ in range(steps):
        for _ in range(2):
            real = data[torch.randint(len(data), (128,), generator=generator)]
            with torch.no_grad():
                fake = G(torch.randn(128, 8, generator=generator))
            eps = torch.rand(128, 1, generator=generator)
            x = (eps * real + (1 - eps) * fake).requires_grad_()
            (slope,) = torch.autograd.grad(D(x).sum(), x, create_graph=True)
            loss = D(fake).mean() - D(real).mean() + ((slope.norm(dim=1) - 1) ** 2).mean()
            opt_d.zero_grad()
            loss.backward()
            opt_d.step()
        loss = -D(G(torch.randn(128, 8, generator=generator))).mean()
        opt_g.zero_grad()
        loss.backward()
        opt_g.step()
    return G.eval()


VARIANTS = (penalty_at_the_real_points, wasserstein)
