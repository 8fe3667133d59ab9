"""10.frechet_distance written in other ways; each must pass."""

import numpy as np
from scipy.linalg import sqrtm


def with_sqrtm(mu1, s1, mu2, s2):
    root = np.real(sqrtm(s1 @ s2))
    return float(((mu1 - mu2) ** 2).sum() + np.trace(s1) + np.trace(s2) - 2 * np.trace(root))


def by_eigenvalues(mu1, s1, mu2, s2):
    roots = np.sqrt(np.maximum(np.linalg.eigvals(s1 @ s2).real, 0))
    return np.sum((mu1 - mu2) ** 2) + np.trace(s1 + s2) - 2 * roots.sum()


def symmetric(mu1, s1, mu2, s2):
    values, vectors = np.linalg.eigh(s1)
    half = vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T
    inner = np.clip(np.linalg.eigvalsh(half @ s2 @ half), 0, None)
    d = mu1 - mu2
    return float(d @ d + np.trace(s1 + s2) - 2 * np.sqrt(inner).sum())


VARIANTS = (with_sqrtm, by_eigenvalues, symmetric)
