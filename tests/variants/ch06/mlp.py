"""06.MLP written in other ways; each must pass."""

import torch
import torch.nn.functional as F
from torch import nn


class a_sequential_inside(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        parts = []
        for d, m in zip(sizes, sizes[1:]):
            parts += [nn.Linear(d, m), nn.ReLU()]
        self.net = nn.Sequential(*parts[:-1])

    def forward(self, x):
        return self.net(x)


class is_a_sequential(nn.Sequential):
    def __init__(self, sizes):
        parts = []
        for i in range(len(sizes) - 1):
            if i > 0:
                parts.append(nn.ReLU())
            parts.append(nn.Linear(sizes[i], sizes[i + 1]))
        super().__init__(*parts)


class parameters_by_hand(nn.Module):
    def __init__(self, sizes):
        super(parameters_by_hand, self).__init__()
        self.w = nn.ParameterList([nn.Parameter(torch.randn(d, m) * (2 / d) ** 0.5) for d, m in zip(sizes, sizes[1:])])
        self.b = nn.ParameterList([nn.Parameter(torch.zeros(m)) for m in sizes[1:]])

    def forward(self, x):
        for i, (w, b) in enumerate(zip(self.w, self.b)):
            x = x @ w + b
            if i < len(self.w) - 1:
                x = x.clamp(min=0)
        return x


class one_attribute_each_defined_backwards(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.count = len(sizes) - 1
        for i in reversed(range(self.count)):
            setattr(self, f"fc{i}", nn.Linear(sizes[i], sizes[i + 1]))
            nn.init.xavier_uniform_(getattr(self, f"fc{i}").weight)

    def forward(self, x):
        for i in range(self.count):
            x = getattr(self, f"fc{i}")(x if i == 0 else F.relu(x))
        return x


class lazy_layers(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.hidden = nn.ModuleDict({str(i): nn.LazyLinear(m) for i, m in enumerate(sizes[1:-1])})
        self.head = nn.LazyLinear(sizes[-1])

    def forward(self, x):
        for layer in self.hidden.values():
            x = torch.maximum(layer(x), torch.zeros(()))
        return self.head(x)


VARIANTS = (
    a_sequential_inside,
    is_a_sequential,
    parameters_by_hand,
    one_attribute_each_defined_backwards,
    lazy_layers,
)
