"""10.DCGenerator written in other ways; each must pass."""

import torch
from torch import nn


class from_a_linear_layer(nn.Module):
    def __init__(self, z_dim):
        super().__init__()
        self.first = nn.Linear(z_dim, 32 * 7 * 7, bias=False)
        self.norm1 = nn.BatchNorm1d(32 * 7 * 7)
        self.up1 = nn.ConvTranspose2d(32, 16, 4, stride=2, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(16)
        self.up2 = nn.ConvTranspose2d(16, 1, 4, stride=2, padding=1)
        self.apply(self.start)

    @staticmethod
    def start(m):
        name = type(m).__name__
        if "Conv" in name or "Linear" in name:
            m.weight.data.normal_(0.0, 0.02)
        elif "BatchNorm" in name:
            m.weight.data.normal_(1.0, 0.02)
            m.bias.data.zero_()

    def forward(self, z):
        x = torch.relu(self.norm1(self.first(z))).view(-1, 32, 7, 7)
        x = torch.relu(self.norm2(self.up1(x)))
        return torch.tanh(self.up2(x))


class enlarge_then_convolve(nn.Module):
    def __init__(self, z_dim):
        super().__init__()
        self.net = nn.Sequential(
            nn.Unflatten(1, (z_dim, 1, 1)), nn.ConvTranspose2d(z_dim, 32, 7), nn.BatchNorm2d(32), nn.ReLU(True),
            nn.Upsample(scale_factor=2), nn.Conv2d(32, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(True),
            nn.Upsample(scale_factor=2), nn.Conv2d(16, 1, 3, padding=1), nn.Tanh(),
        )  # fmt: skip
        with torch.no_grad():
            for p in self.net.parameters():
                if p.dim() > 1:
                    p.copy_(torch.randn_like(p) * 0.02)
            for m in self.net:
                if isinstance(m, nn.BatchNorm2d):
                    m.weight.copy_(1 + 0.02 * torch.randn_like(m.weight))

    def forward(self, z):
        return self.net(z)


VARIANTS = (from_a_linear_layer, enlarge_then_convolve)
