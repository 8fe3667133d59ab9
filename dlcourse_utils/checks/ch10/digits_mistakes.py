"""Generators of digits that went wrong in ways that their images show. None plays the whole game: they are quick."""

import numpy as np
import torch
from torch import nn


class _Stored(nn.Module):
    """Images in [−1, 1] from a z, by way of stored ones: what a trained generator would do, in no time."""

    def __init__(self, images):
        super().__init__()
        self.images = nn.Parameter(torch.tensor(images))

    def forward(self, z):
        which = (z[:, :6] * torch.tensor([1.0, 7.0, 31.0, 101.0, 211.0, 307.0])).sum(dim=1).abs() * 1000
        return self.images[which.long() % len(self.images)]


def never_steps(images, steps, seed):
    """Your images are noise: the generator was never trained. Do both optimizers step, and do they hold the parameters of G and of D?"""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(64, 784), nn.Tanh(), nn.Unflatten(1, (1, 28, 28))).eval()


def range_not_scaled(images, steps, seed):
    """The real images come in [0, 1], but tanh reaches from −1 to 1: scale them, 2 * images − 1. As it is, your G learned that paper is 0, which is grey."""
    return _Stored(np.clip(images, 0, 0.999)).eval()


def collapsed(images, steps, seed):
    """Whatever z is, your G makes the same image. It collapsed, or it was trained to come near *all* images at once, which gives their average. The game needs a D that says real or fake."""
    return _Stored(2 * images.mean(axis=0, keepdims=True) - 1).eval()


def first_rows_only(images, steps, seed):
    """Some digits never appear. The images came sorted, and your batches were taken from the first rows. Draw each batch from all of them."""
    return _Stored(2 * images[: len(images) // 4] - 1).eval()


def seed_ignored(images, steps, seed):
    """You never use the seed, so the same call gives another generator each time. torch.manual_seed(seed), before the networks are built."""
    noise = torch.randn(len(images), 1, 28, 28).numpy()
    return _Stored(np.clip(2 * images - 1 + 0.1 * noise, -1, 1)).eval()


def handed_out_in_training_mode(images, steps, seed):
    """Your generator is handed out in training mode: batch norm uses whatever batch it gets, so the same z gives another image in other company. Return G.eval()."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(64, 784), nn.BatchNorm1d(784), nn.Tanh(), nn.Unflatten(1, (1, 28, 28))).train()


def logits_for_pixels(images, steps, seed):
    """Your pixels leave [−1, 1]. End the generator with a tanh."""
    return _Stored(6 * images - 3).eval()


def learned_by_heart(images, steps, seed):
    """Your generator hands out the training images themselves. That is a store, not a generator: let it draw new ones, from what D tells it."""
    return _Stored(2 * images - 1).eval()


MISTAKES = (never_steps, range_not_scaled, collapsed, first_rows_only, seed_ignored, handed_out_in_training_mode, logits_for_pixels, learned_by_heart)
