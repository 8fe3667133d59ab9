"""10.DCDiscriminator written in other ways; each must pass."""

import torch
import torch.nn.functional as F
from torch import nn


class ends_with_a_convolution(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 16, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(16, 32, 4, 2, 1, bias=False), nn.BatchNorm2d(32), nn.LeakyReLU(0.2),
            nn.Conv2d(32, 1, 7), nn.Flatten(0),
        )  # fmt: skip
        self.apply(self.start)

    @staticmethod
    def start(m):
        if isinstance(m, nn.Conv2d):
            nn.init.normal_(m.weight, std=0.02)
        if isinstance(m, nn.BatchNorm2d):
            nn.init.normal_(m.weight, 1.0, 0.02)

    def forward(self, x):
        return self.net(x)


class one_column(nn.Module):
    """Logits as (N, 1); three convolutions; a linear layer with norm in between."""

    def __init__(self):
        super().__init__()
        self.c1, self.c2, self.c3 = nn.Conv2d(1, 16, 3, 2, 1), nn.Conv2d(16, 24, 3, 2, 1), nn.Conv2d(24, 32, 3, 2, 1)
        self.n2, self.n3 = nn.BatchNorm2d(24), nn.BatchNorm2d(32)
        self.head = nn.Linear(32 * 16, 1)
        for m in (self.c1, self.c2, self.c3, self.head):
            torch.nn.init.normal_(m.weight, 0, 0.02)
        for m in (self.n2, self.n3):
            torch.nn.init.normal_(m.weight, 1, 0.02)

    def forward(self, x):
        x = F.leaky_relu(self.c1(x), 0.2)
        x = F.leaky_relu(self.n2(self.c2(x)), 0.2)
        x = F.leaky_relu(self.n3(self.c3(x)), 0.2)
        return self.head(x.flatten(1))


VARIANTS = (ends_with_a_convolution, one_column)
