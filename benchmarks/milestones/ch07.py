"""07.milestone_fashion: a small CNN on 10,000 clothes, beside a straight map and an MLP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import nn

from dlcourse_utils.data import load_fashion_mnist

from . import Milestone, Solved, timed

EPOCHS = 10


def measure(solved: Solved, seeds: Sequence[int], device: str) -> Iterator[Milestone]:
    from sklearn.linear_model import LogisticRegression

    data = load_fashion_mnist()
    flat, flat_test = data.x_train.reshape(-1, 784), data.x_test.reshape(-1, 784)
    straight = LogisticRegression(C=0.05, max_iter=60, tol=1e-2).fit(flat, data.y_train)
    ours, dense, seconds = [], [], []
    for seed in seeds:
        model, took = timed(
            lambda seed=seed: solved["train_fashion"](data.x_train, data.y_train, EPOCHS, seed, device), device
        )
        ours.append(_accuracy(model, data.x_test, data.y_test, device))
        dense.append(_accuracy(_dense(data.x_train, data.y_train, seed), data.x_test, data.y_test, "cpu"))
        seconds.append(took)
    score = [float(straight.score(flat_test, data.y_test))]
    baselines = {"MLP, 784-128-10": dense, "logistic regression": score}
    yield Milestone("07.milestone_fashion", "held-out clothes named", "89.5 %", ".1%", ours, baselines, seconds)


def _dense(x: np.ndarray, labels: np.ndarray, seed: int, epochs: int = 12) -> nn.Module:
    """Train the chapter's MLP: Adam, batches of 64, a rate that falls to 0."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    images, truth = torch.tensor(x), torch.tensor(labels)
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images[rows]), truth[rows]).backward()
            optimizer.step()
        schedule.step()
    return model.eval()


def _accuracy(model: nn.Module, x: np.ndarray, labels: np.ndarray, device: str) -> float:
    with torch.no_grad():
        logits = torch.cat([model(part.to(device)).cpu() for part in torch.tensor(x).split(500)])
    return float((logits.argmax(dim=1).numpy() == labels).mean())
