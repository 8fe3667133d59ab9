"""03.softmax_cross_entropy: the loss and its gradient with respect to the logits, in one function."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def _labels(rng: np.random.Generator, n: int, k: int) -> np.ndarray:
    """Every class's turn comes, in random order: labels of one class only would hide errors."""
    return rng.permutation(np.resize(np.arange(k), n))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("a small batch, logits (5, 3)", args=(rng.normal(size=(5, 3)), _labels(rng, 5, 3)))
    yield Case("more classes than samples, logits (4, 7)", args=(rng.normal(size=(4, 7)) * 2, _labels(rng, 4, 7)))
    yield Case("a single sample, logits (1, 4)", args=(rng.normal(size=(1, 4)), np.array([2])))
    yield Case("logits around 1,000", args=(rng.normal(size=(6, 3)) + 1000, _labels(rng, 6, 3)))
    wide = rng.normal(size=(4, 3))
    wide[np.arange(4), np.array([0, 1, 2, 0])] += 900  # sure of the wrong class: its probability underflows to 0
    yield Case("very sure and very wrong, a gap of 900", args=(wide, np.array([1, 2, 0, 2])))


def oracle(logits: np.ndarray, labels: np.ndarray) -> dict[str, float | np.ndarray]:
    import torch

    z = torch.tensor(logits, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(labels).long())
    (dz,) = torch.autograd.grad(loss, z)
    return {"loss": loss.item(), "dlogits": dz.numpy()}


def _log_softmax(logits):
    z = logits - logits.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def _parts(logits, labels):
    """Mean loss, probabilities, one-hot labels."""
    logp = _log_softmax(logits)
    y = np.zeros_like(logp)
    y[np.arange(len(labels)), labels] = 1.0
    return float(-(logp * y).sum() / len(labels)), np.exp(logp), y


def gradient_not_divided_by_n(logits, labels):
    """Your loss is a mean over the batch, but dlogits is the gradient of the sum. The same 1/N belongs in both: (p - y) / N."""
    loss, p, y = _parts(logits, labels)
    return loss, p - y


def p_instead_of_p_minus_y(logits, labels):
    """Your dlogits are the probabilities themselves (over N). That pushes every class down, the right one too. Subtract 1 at the right class: p - y."""
    loss, p, _ = _parts(logits, labels)
    return loss, p / len(labels)


def loss_summed(logits, labels):
    """Your loss is the sum over the batch; the mean is asked for. Your gradient already has its 1/N."""
    loss, p, y = _parts(logits, labels)
    return loss * len(labels), (p - y) / len(labels)


def both_summed(logits, labels):
    """Loss and gradient both belong to the sum over the batch. They agree with each other, but the mean is asked for: divide both by N."""
    loss, p, y = _parts(logits, labels)
    return loss * len(labels), p - y


def sign_flipped(logits, labels):
    """Your gradient points the other way: y - p. The loss grows when a wrong class's logit grows, so that slope is +p."""
    loss, p, y = _parts(logits, labels)
    return loss, (y - p) / len(labels)


def subtracts_in_every_row(logits, labels):
    """dlogits[:, labels] -= 1 subtracts in the named columns of *every* row. One entry per row is meant: dlogits[np.arange(N), labels] -= 1."""
    loss, p, _ = _parts(logits, labels)
    p[:, labels] -= 1.0
    return loss, p / len(labels)


def overflows(logits, labels):
    """exp of a logit near 1,000 overflows and leaves NaN. Subtract each row's maximum first; the probabilities don't change."""
    with np.errstate(all="ignore"):
        e = np.exp(logits)
        p = e / e.sum(axis=1, keepdims=True)
        n = np.arange(len(labels))
        loss = -np.log(p[n, labels]).mean()
        p[n, labels] -= 1.0
        return loss, p / len(labels)


def log_of_zero(logits, labels):
    """Your probabilities are stable, but the log is taken of one that has underflowed to 0, and the loss is infinite. Take log-softmax directly: z - log(sum(exp(z)))."""
    with np.errstate(divide="ignore"):
        _, p, y = _parts(logits, labels)
        loss = -np.log(p[np.arange(len(labels)), labels]).mean()
        return loss, (p - y) / len(labels)


def divided_by_n_times_k(logits, labels):
    """You take the mean over all N·K entries of dlogits. The loss is a mean over the N samples only: divide by N."""
    loss, p, y = _parts(logits, labels)
    return loss, (p - y) / p.size


def softmax_over_the_batch(logits, labels):
    """Your softmax runs over axis 0, down the batch, so each *column* sums to 1. A row holds one sample's classes: use axis=1."""
    z = logits - logits.max(axis=0, keepdims=True)
    with np.errstate(divide="ignore"):
        logp = z - np.log(np.exp(z).sum(axis=0, keepdims=True))
    n = np.arange(len(labels))
    p = np.exp(logp)
    loss = float(-logp[n, labels].mean())
    p[n, labels] -= 1.0
    return loss, p / len(labels)


def no_maximum_subtracted(logits, labels):
    """You take z - log(sum(exp(z))) of the raw logits: near 1,000 the exp is infinite, and so is the loss. Subtract each row's maximum first; the result does not change."""
    with np.errstate(all="ignore"):
        logp = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        n = np.arange(len(labels))
        p = np.exp(logp)
        loss = float(-logp[n, labels].mean())
        p[n, labels] -= 1.0
        return loss, p / len(labels)


EXERCISE = Exercise(
    id="03.softmax_cross_entropy",
    title="Softmax and cross-entropy, with the gradient",
    objects=("softmax_cross_entropy",),
    points=2,
    cases=cases,
    probe="loss_and_dlogits",
    oracle=oracle,
    mistakes=(
        gradient_not_divided_by_n,
        p_instead_of_p_minus_y,
        loss_summed,
        both_summed,
        sign_flipped,
        subtracts_in_every_row,
        overflows,
        log_of_zero,
        divided_by_n_times_k,
        softmax_over_the_batch,
        no_maximum_subtracted,
    ),
    hints=(
        "Where do I start? → With log-softmax, as in chapter 02: subtract the row maximum, then z - log(sum(exp(z))). The loss is minus the "
        "mean of the entries at the labels.",
        "How do I pick one entry per row? → logp[np.arange(N), labels]. A colon in place of arange would pick whole columns.",
        "What is the gradient? → (p - y) / N, with p = exp(logp) and y one-hot. Each row of it sums to 0: what one class gains, the "
        "others lose.",
        "My loss is infinite. → You take the log of a probability that is 0 in floating point. Keep the log-softmax and never take that log.",
        "Nearly everything:\n```python\nn = np.arange(len(labels))\nz = logits - logits.max(axis=1, keepdims=True)\n"
        "logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))\nloss = -logp[n, labels].mean()\ndlogits = np.exp(logp)\n"
        "dlogits[n, labels] -= 1\nreturn loss, ...   # mind the 1/N\n```",
    ),
)
