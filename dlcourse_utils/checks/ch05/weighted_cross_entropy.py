"""05.weighted_cross_entropy: a weighted mean of the samples' losses, against PyTorch's cross_entropy(weight=…)."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("6 samples, 3 classes", args=_batch(rng, 6, 3), weight=2.0)
    yield Case("9 samples, 2 classes", args=_batch(rng, 9, 2))
    yield Case("a class that does not occur", args=(rng.normal(size=(5, 4)), np.array([0, 2, 2, 0, 3]), _weights(rng, 4)))
    yield Case("one sample: its weight cancels", args=(rng.normal(size=(1, 3)), np.array([1]), _weights(rng, 3)), weight=0.5)
    far = rng.normal(size=(4, 3)) + np.array([[1200.0, 0, -1200]])
    yield Case("logits near 1000", args=(far, np.array([1, 0, 2, 1]), _weights(rng, 3)))
    yield Case("as many samples as classes", args=_batch(rng, 4, 4))


def _weights(rng: np.random.Generator, k: int) -> np.ndarray:
    return rng.uniform(0.3, 1.0, size=k) * np.array([1.0, 3.0, 6.0, 2.0])[:k]


def _batch(rng: np.random.Generator, n: int, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    labels = rng.permutation(np.append(np.arange(k), rng.integers(0, k, size=n - k)))
    return rng.normal(size=(n, k)) * 2, labels, _weights(rng, k)


def oracle(logits, labels, weights):
    import torch

    return torch.nn.functional.cross_entropy(
        torch.tensor(logits), torch.tensor(labels).long(), weight=torch.tensor(weights)
    ).item()


def _losses(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    return np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels]


def divided_by_n(logits, labels, weights):
    """You divide by the number of samples. It is a weighted mean: divide by the sum of the samples' weights, so that a
    batch full of rare classes does not count more than others."""
    return float((weights[labels] * _losses(logits, labels)).mean())


def divided_by_the_class_weights(logits, labels, weights):
    """You divide by the sum of the K class weights. Sum the weights of the *samples*, weights[labels].sum(): a class that
    occurs three times counts three times."""
    return float((weights[labels] * _losses(logits, labels)).sum() / weights.sum())


def not_weighted(logits, labels, weights):
    """The weights have no effect: this is the plain mean."""
    return float(_losses(logits, labels).mean())


def summed(logits, labels, weights):
    """You return the weighted sum. Divide by the sum of the samples' weights to make it a mean."""
    return float((weights[labels] * _losses(logits, labels)).sum())


def weights_on_the_logits(logits, labels, weights):
    """You multiply the logits by the weights, which changes what the network says. The weight belongs to the loss of a
    sample."""
    return float(_losses(logits * weights, labels).mean())


def weights_of_the_predicted_class(logits, labels, weights):
    """You weigh each sample by the class with the largest logit. What counts is the true class: weights[labels]."""
    w = weights[logits.argmax(axis=1)]
    return float((w * _losses(logits, labels)).sum() / w.sum())


def weights_by_position(logits, labels, weights):
    """You give sample i the weight number i, but weights belong to classes: weights[labels]."""
    w = np.resize(weights, len(labels))
    return float((w * _losses(logits, labels)).sum() / w.sum())


def overflows(logits, labels, weights):
    """exp(1000) is infinite. Subtract each row's largest logit before exp, as in 02.log_softmax."""
    with np.errstate(all="ignore"):
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        losses = -np.log(p[np.arange(len(labels)), labels])
    return float((weights[labels] * losses).sum() / weights[labels].sum())


def overflows_in_the_logarithm(logits, labels, weights):
    """Your log Σ exp(z) is infinite for large logits, and the loss with it. Subtract each row's largest logit before
    exp: the loss does not change."""
    with np.errstate(all="ignore"):
        losses = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(labels)), labels]
    w = weights[labels]
    return float((w * losses).sum() / w.sum())


def cut_off_by_a_small_number(logits, labels, weights):
    """You take log(p + a tiny number), which cuts large losses off near 28. Work with the logits: subtract the row's
    largest, then log p = z - log Σ exp(z)."""
    p = np.exp(-_losses(logits, labels))
    w = weights[labels]
    return float(-(w * np.log(p + 1e-12)).sum() / w.sum())


def sign_forgotten(logits, labels, weights):
    """Your loss is negative: it is the mean of log p. Cross-entropy is -log p."""
    w = weights[labels]
    return float(-(w * _losses(logits, labels)).sum() / w.sum())


EXERCISE = Exercise(
    id="05.weighted_cross_entropy",
    title="Weighted cross-entropy",
    objects=("weighted_cross_entropy",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        divided_by_n,
        divided_by_the_class_weights,
        not_weighted,
        summed,
        weights_on_the_logits,
        weights_of_the_predicted_class,
        weights_by_position,
        overflows,
        overflows_in_the_logarithm,
        cut_off_by_a_small_number,
        sign_forgotten,
    ),
    hints=(
        "Which weight has a sample? → That of its true class: weights[labels], shape (N,).",
        "What do I divide by? → By the sum of those N weights. If all are equal, they cancel and the plain mean is left.",
        "```python\nz = logits - logits.max(axis=1, keepdims=True)\nlogp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))\n"
        "losses = -logp[np.arange(len(labels)), labels]\nw = weights[labels]\nreturn float((w * losses).sum() / w.sum())\n```",
    ),
)
