"""10.milestone_ring: modes kept, points near one. 10.milestone_digits: Fréchet distance in a reading CNN's features."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from torch import nn

from dlcourse_utils.data import load_mnist5k

from . import Milestone, Solved, timed

RING_STEPS, DIGIT_STEPS = 1500, 700  # the chapter's, on the CPU
MODES, NEAR = 8, 0.4
Cloud = tuple[np.ndarray, np.ndarray]


def measure(solved: Solved, seeds: Sequence[int], device: str) -> Iterator[Milestone]:
    if device == "cpu":  # two-dimensional points are nothing for a GPU
        yield from _ring(solved, seeds)
    yield _digits(solved, seeds, device)


def _ring(solved: Solved, seeds: Sequence[int]) -> Iterator[Milestone]:
    angles = 2 * np.pi * np.arange(MODES) / MODES
    centres = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)

    def near(points: np.ndarray) -> float:
        return float((np.linalg.norm(points[:, None] - centres, axis=2).min(axis=1) <= NEAR).mean())

    kept, close, kept_dull, close_dull, seconds = [], [], [], [], []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        points = (centres[rng.integers(MODES, size=2000)] + 0.1 * rng.normal(size=(2000, 2))).astype(np.float32)
        model, took = timed(lambda points=points, seed=seed: solved["train_ring"](points, RING_STEPS, seed))
        with torch.no_grad():
            made = model(torch.randn(1000, 8, generator=torch.Generator().manual_seed(seed))).numpy()
        dull = rng.multivariate_normal(points.mean(axis=0), np.cov(points.T), size=1000)
        for numbers, shares, drawn in ((kept, close, made), (kept_dull, close_dull, dull)):
            numbers.append(float(solved["mode_coverage"](drawn, centres, NEAR)))
            shares.append(near(drawn))
        seconds.append(took)
    name = "one Gaussian"
    yield Milestone("10.milestone_ring", "modes kept, of eight", "all", ".1f", kept, {name: kept_dull}, seconds)
    yield Milestone("10.milestone_ring", "points near a mode", "60 %", ".0%", close, {name: close_dull}, seconds)


def _digits(solved: Solved, seeds: Sequence[int], device: str) -> Milestone:
    mnist = load_mnist5k()
    images, away = mnist.images[:, None], np.arange(5000) % 5 == 0
    cloud = _reader(images[~away], mnist.labels[~away])
    held_out, flat = cloud(images[away]), images[~away].reshape(4000, 784)

    def distance(drawn: np.ndarray) -> float:
        clipped = np.clip(drawn, 0, 1).reshape(-1, 1, 28, 28).astype(np.float32)
        return float(solved["frechet_distance"](*held_out, *cloud(clipped)))

    ours, blends, gaussian, seconds = [], [], [], []
    for seed in seeds:
        model, took = timed(lambda seed=seed: solved["train_digits"](images[~away], DIGIT_STEPS, seed, device), device)
        z = torch.randn(1000, 64, generator=torch.Generator().manual_seed(seed)).to(device)
        with torch.no_grad():
            ours.append(distance((model(z).cpu().numpy() + 1) / 2))
        rng = np.random.default_rng(seed)
        a, b = rng.integers(4000, size=(2, 1000))
        blends.append(distance((flat[a] + flat[b]) / 2))
        draws = rng.multivariate_normal(flat.mean(axis=0), np.cov(flat.T), size=1000, method="eigh")
        gaussian.append(distance(draws))
        seconds.append(took)
    floor = [distance(flat[::4])]
    baselines = {"averages of two digits": blends, "Gaussian, covariances": gaussian, "other real digits": floor}
    measured = "Fréchet distance to held-out digits"
    goal = "below blends and noise"
    return Milestone("10.milestone_digits", measured, goal, ".1f", ours, baselines, seconds, higher_is_better=False)


def _reader(images: np.ndarray, labels: np.ndarray) -> Callable[[np.ndarray], Cloud]:
    """Train a small CNN to read digits; return what gives the mean and covariance of its 32 hidden features."""
    torch.manual_seed(0)
    reader = nn.Sequential(
        nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(800, 32), nn.ReLU(), nn.Linear(32, 10),
    )  # fmt: skip
    optimizer, order = torch.optim.Adam(reader.parameters(), lr=2e-3), np.random.default_rng(0)
    seen, truth = torch.tensor(images), torch.tensor(labels)
    for _ in range(6):
        for rows in np.array_split(order.permutation(len(seen)), len(seen) // 64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(reader(seen[rows]), truth[rows]).backward()
            optimizer.step()
    reader.eval()

    def cloud(images: np.ndarray) -> Cloud:
        with torch.no_grad():
            features = reader[:-1](torch.tensor(images, dtype=torch.float32)).double().numpy()
        return features.mean(axis=0), np.cov(features, rowvar=False)

    return cloud
