"""07.DigitCNN written in other ways; each must pass."""

import torch
import torch.nn.functional as F
from torch import nn


class layers_and_functions(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc2 = nn.Linear(64, 10)
        self.fc1 = nn.Linear(576, 64)
        self.c3 = nn.Conv2d(64, 64, 3)
        self.c2 = nn.Conv2d(32, 64, 3)
        self.c1 = nn.Conv2d(1, 32, 3)

    def forward(self, x):
        x = F.max_pool2d(self.c1(x).relu(), 2)
        x = F.max_pool2d(self.c2(x).relu(), 2)
        x = self.c3(x).relu().view(len(x), -1)
        return self.fc2(self.fc1(x).relu())


class body_and_head(nn.Module):
    def __init__(self):
        super().__init__()
        parts, c = [], 1
        for filters, pool in ((32, True), (64, True), (64, False)):
            parts += [nn.Conv2d(c, filters, (3, 3)), nn.ReLU()] + [nn.MaxPool2d((2, 2))] * pool
            c = filters
        self.body = nn.Sequential(*parts)
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(3 * 3 * 64, 64), nn.ReLU(), nn.Linear(64, 10))

    def forward(self, images):
        return self.head(self.body(images))


class pools_as_strided_maxima(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3), nn.Conv2d(64, 64, 3)])
        self.dense = nn.ModuleList([nn.Linear(576, 64), nn.Linear(64, 10)])

    def forward(self, x):
        for number, conv in enumerate(self.convs):
            x = torch.maximum(conv(x), torch.zeros(()))
            if number < 2:
                x = x.unfold(2, 2, 2).unfold(3, 2, 2).amax(dim=(-1, -2))
        return self.dense[1](torch.relu(self.dense[0](x.flatten(start_dim=1))))


VARIANTS = (layers_and_functions, body_and_head, pools_as_strided_maxima)
