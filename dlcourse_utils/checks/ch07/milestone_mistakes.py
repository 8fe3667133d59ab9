"""Trainings of an image classifier that go wrong in ways that the result shows. A small network, so that they are quick."""

import torch
import torch.nn.functional as F
from torch import nn


def _train(x, labels, epochs, seed, *, shuffle=True, norm=False, shift=0, seeded=True, learn=True):
    if seeded:
        torch.manual_seed(seed)
    middle = nn.BatchNorm1d(32) if norm else nn.Identity()
    model = nn.Sequential(nn.AvgPool2d(2), nn.Flatten(), nn.Linear(196, 32), middle, nn.ReLU(), nn.Linear(32, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
    x, labels = torch.tensor(x), (torch.tensor(labels) + shift) % 10
    for _ in range(epochs):
        order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
        for rows in order.split(10):
            optimizer.zero_grad()
            F.cross_entropy(model(x[rows]), labels[rows]).backward()
            if learn:
                optimizer.step()
    return model.eval()


def never_steps(x, labels, epochs, seed):
    """Your network answers as if it had never been trained. Does optimizer.step() run, does the optimizer hold the parameters of the model that you return, and is the learning rate neither tiny nor huge?"""
    return _train(x, labels, 1, seed, learn=False)


def walks_in_order(x, labels, epochs, seed):
    """On data sorted by label your network fails: without shuffling, the last batches of each epoch hold one kind only, and the others are forgotten."""
    return _train(x, labels, epochs, seed, shuffle=False)


def labels_left_behind(x, labels, epochs, seed):
    """You shuffle the images but not their labels, so that a boot is called a bag as often as a boot. Use the same `rows` for both. (Your network has learned to answer almost the same for everything.)"""
    generator = torch.Generator().manual_seed(seed)
    return _train(x, labels[torch.randperm(len(labels), generator=generator).numpy()], epochs, seed)


def handed_out_in_training_mode(x, labels, epochs, seed):
    """Your model is handed out in training mode, so batch norm, if it has any, uses the statistics of whatever batch it gets: the same image is answered differently in other company. Return model.eval()."""
    return _train(x, labels, epochs, seed, norm=True).train()


def seed_ignored(x, labels, epochs, seed):
    """The same seed gives another network each time: the seed is not used, or it is set only after the model was built (its random start is drawn while the layers are made). torch.manual_seed(seed) comes first, and NumPy draws come from np.random.default_rng(seed)."""
    return _train(x, labels, epochs, seed, seeded=False)


def classes_off_by_one(x, labels, epochs, seed):
    """Every answer is one class off: labels count from 0, as the columns of the logits do."""
    return _train(x, labels, epochs, seed, shift=1)


def one_output(x, labels, epochs, seed):
    """Your network has a single output, as if the kind of clothing were an amount. Give it ten outputs, one for each class."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 1)).eval()


def always_the_same_seed(x, labels, epochs, seed):
    """You seed with a number of your own, so every seed gives the same network, and nobody can see how much luck there is. torch.manual_seed(seed), with the seed that is handed in."""
    return _train(x, labels, epochs, 0)


def softmax_inside(x, labels, epochs, seed):
    """Your network ends with a softmax and returns probabilities. Return logits: cross_entropy brings its own softmax, and twice softmax learns slowly."""
    return nn.Sequential(_train(x, labels, epochs, seed), nn.Softmax(dim=1)).eval()


MISTAKES = (
    never_steps,
    walks_in_order,
    labels_left_behind,
    handed_out_in_training_mode,
    seed_ignored,
    classes_off_by_one,
    one_output,
    always_the_same_seed,
    softmax_inside,
)
