"""07.SmallCNN written in other ways; each must pass."""

import torch
import torch.nn.functional as F
from torch import nn


class layers_and_functions(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 32, kernel_size=3)
        self.c2 = nn.Conv2d(32, 64, kernel_size=3)
        self.fc = nn.Linear(64 * 25, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        return self.fc(x.reshape(x.shape[0], -1))


class is_a_sequential(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.Conv2d(1, 32, 3), nn.MaxPool2d(2), nn.ReLU(),
            nn.Conv2d(32, 64, 3), nn.MaxPool2d(2, 2), nn.ReLU(inplace=True),
            nn.Flatten(), nn.Linear(1600, 10),
        )  # fmt: skip


class lazy_layers(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.LazyLinear(10)
        self.body = nn.ModuleList([nn.LazyConv2d(32, 3), nn.LazyConv2d(64, 3)])

    def forward(self, x):
        for conv in self.body:
            x = conv(x).clamp(min=0)
            x = torch.nn.functional.max_pool2d(x, kernel_size=2, stride=2)
        return self.head(torch.flatten(x, 1))


VARIANTS = (layers_and_functions, is_a_sequential, lazy_layers)
