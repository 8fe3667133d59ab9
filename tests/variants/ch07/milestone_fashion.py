"""07.milestone_fashion written in other ways; each must pass."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def a_tiny_cnn_with_batch_norm(x, labels, epochs, seed):
    torch.manual_seed(seed)
    net = nn.Sequential(
        nn.Conv2d(1, 8, 5, stride=2), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Dropout(0.1), nn.Linear(8 * 36, 10),
    )  # fmt: skip
    data = torch.utils.data.TensorDataset(torch.tensor(x), torch.tensor(labels))
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-2)
    for _ in range(epochs):
        for images, truth in torch.utils.data.DataLoader(data, batch_size=32, shuffle=True):
            optimizer.zero_grad()
            F.cross_entropy(net(images), truth).backward()
            optimizer.step()
    net.eval()
    return net


class Scaled(nn.Module):
    def __init__(self, mean, std):
        super().__init__()
        self.mean, self.std = mean, std
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, 40), nn.ReLU(), nn.Linear(40, 10)).double()

    def forward(self, x):
        return self.net((x.double() - self.mean) / self.std)


def a_perceptron_with_momentum_and_a_schedule(x, labels, epochs, seed):
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    model = Scaled(float(x.mean()), float(x.std()))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), 32):
            rows = order[start : start + 32]
            optimizer.zero_grad()
            F.cross_entropy(model(torch.tensor(x[rows])), torch.tensor(labels[rows])).backward()
            optimizer.step()
        schedule.step()
    return model.eval()


VARIANTS = (a_tiny_cnn_with_batch_norm, a_perceptron_with_momentum_and_a_schedule)
