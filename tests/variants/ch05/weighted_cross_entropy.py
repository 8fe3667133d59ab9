"""05.weighted_cross_entropy written in other ways; each must pass."""

import numpy as np
from scipy.special import log_softmax, logsumexp


def average_with_weights(logits, labels, weights):
    z = logits - logits.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return np.average(-logp[np.arange(len(labels)), labels], weights=weights[labels])


def one_hot(logits, labels, weights):
    w = np.eye(logits.shape[1])[labels] * weights
    return -(w * log_softmax(logits, axis=1)).sum() / w.sum()


def sample_by_sample(logits, labels, weights):
    total = norm = 0.0
    for row, label in zip(logits, labels):
        total += weights[label] * (logsumexp(row) - row[label])
        norm += weights[label]
    return float(total / norm)


VARIANTS = (average_with_weights, one_hot, sample_by_sample)
