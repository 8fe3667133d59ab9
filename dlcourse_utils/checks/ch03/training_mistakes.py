"""Known-wrong answers to 03's two milestones, on top of a small training loop that is right."""

import numpy as np


def _train(x, labels, hidden, lr, steps, seed=0, size=32):
    """Minibatch descent for a two-layer network, K = 10."""
    rng = np.random.default_rng(seed)
    w1, b1 = rng.normal(size=(x.shape[1], hidden)) * np.sqrt(2 / x.shape[1]), np.zeros(hidden)
    w2, b2 = rng.normal(size=(hidden, 10)) * np.sqrt(2 / hidden), np.zeros(10)
    order = []
    for _ in range(steps):
        if len(order) == 0:
            order = rng.permutation(len(x))
        batch, order = order[:size], order[size:]
        xb = x[batch]
        h = np.maximum(xb @ w1 + b1, 0)
        z = h @ w2 + b2
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(len(xb)), labels[batch]] -= 1
        p /= len(xb)
        dh = (p @ w2.T) * (h > 0)
        w1, b1 = w1 - lr * xb.T @ dh, b1 - lr * dh.sum(axis=0)
        w2, b2 = w2 - lr * h.T @ p, b2 - lr * p.sum(axis=0)
    return [(w1, b1), (w2, b2)]


def _logits(params, x):
    (w1, b1), (w2, b2) = params
    return np.maximum(x @ w1 + b1, 0) @ w2 + b2


def hardly_any_steps(x, labels):
    """Five steps are not enough to learn anything by heart. Give it a few hundred."""
    return _train(x, labels, 32, 0.5, 5)


def tiny_learning_rate(x, labels):
    """With lr = 0.0001 the weights hardly move in 300 steps. Try 0.1 or 0.5."""
    return _train(x, labels, 32, 1e-4, 300)


def learning_rate_far_too_large(x, labels):
    """Your steps are far too long: they throw all hidden units to where they never switch on again, and then every image gets the same answer. Try a *smaller* lr, such as 0.5."""
    return _train(x, labels, 32, 8.0, 300)


def one_hidden_unit(x, labels):
    """Everything has to pass through a single hidden unit: one number cannot tell ten digits apart. Try 32 units."""
    return _train(x, labels, 1, 0.1, 300)


def learns_only_the_first_ten(x, labels):
    """The network has learned the first ten digits and never saw the other forty. Train on all of x."""
    return _train(x[:10], labels[:10], 32, 0.5, 300)


def learns_shuffled_labels(x, labels):
    """The images and labels are shuffled differently, so the network learned the wrong pairs by heart. One permutation for both."""
    return _train(x, labels[::-1], 32, 0.5, 300)


def untrained(x_train, labels_train, x_test):
    """The network was never trained: its weights are still random."""
    return _logits(_train(x_train, labels_train, 64, 0.3, 0), x_test).argmax(axis=1)


def stops_after_twenty_steps(x_train, labels_train, x_test):
    """Twenty steps are less than one look at the data: 20 · 32 images of 1,437. Train for a thousand steps or more."""
    return _logits(_train(x_train, labels_train, 64, 0.1, 20), x_test).argmax(axis=1)


def scales_only_the_training_images(x_train, labels_train, x_test):
    """You standardise the training images and then show the network raw ones. Whatever is done to x_train, with the mean and deviation of x_train, has to be done to x_test too."""
    mean, std = x_train.mean(axis=0), x_train.std(axis=0) + 0.1
    return _logits(_train((x_train - mean) / std, labels_train, 64, 0.1, 600), x_test).argmax(axis=1)


def trains_on_forty(x_train, labels_train, x_test):
    """You train on forty digits only. It knows those by heart, but that is too few to read new ones: use all of x_train."""
    return _logits(_train(x_train[:40], labels_train[:40], 64, 0.3, 500), x_test).argmax(axis=1)


def names_the_least_likely(x_train, labels_train, x_test):
    """You pick the smallest logit. The largest one names the digit: argmax."""
    return _logits(_train(x_train, labels_train, 64, 0.3, 600), x_test).argmin(axis=1)


def answers_are_one_too_large(x_train, labels_train, x_test):
    """Every answer is one too large. Digits count from 0, as argmax does."""
    return _logits(_train(x_train, labels_train, 64, 0.3, 600), x_test).argmax(axis=1) + 1
