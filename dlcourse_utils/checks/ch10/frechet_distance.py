"""10.frechet_distance between two Gaussians, squared, as in FID; laid beside a nuclear norm.

tr (S₁S₂)^½ is the sum of the singular values of R₁ᵀR₂ for any S = RRᵀ. D. Dowson, B. Landau, The Fréchet distance
between multivariate normal distributions (Journal of Multivariate Analysis 12, 1982).
"""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def gaussian(d: int, rank: int) -> tuple[np.ndarray, np.ndarray]:
        root = rng.normal(size=(d, rank)) + 0.2
        return rng.normal(size=d), root @ root.T

    yield Case("in 4 dimensions", (*gaussian(4, 6), *gaussian(4, 5)))
    yield Case("in 1 dimension", (*gaussian(1, 1), *gaussian(1, 2)))
    yield Case("5 dimensions, covariances of rank 2 and 3", (*gaussian(5, 2), *gaussian(5, 3)))
    mu, s = gaussian(3, 4)
    yield Case("the same mean, other covariances", (mu, s, mu.copy(), gaussian(3, 4)[1]))
    yield Case("the same covariance, other means", (mu, s, rng.normal(size=3) + 2, s.copy()))


def _root(s: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(s)
    return vectors * np.sqrt(np.clip(values, 0, None))


def oracle(mu1: np.ndarray, s1: np.ndarray, mu2: np.ndarray, s2: np.ndarray) -> float:
    cross = np.linalg.norm(_root(s1).T @ _root(s2), ord="nuc")
    return float(np.sum((mu1 - mu2) ** 2) + np.trace(s1) + np.trace(s2) - 2 * cross)


def _cross(s1, s2):
    return np.sqrt(np.clip(np.linalg.eigvals(s1 @ s2).real, 0, None)).sum()


def _whole(mu1, s1, mu2, s2, cross):
    return float(((mu1 - mu2) ** 2).sum() + np.trace(s1 + s2) - 2 * cross)


def means_left_out(mu1, s1, mu2, s2):
    """The means play no part in yours. Add the squared distance between them."""
    return float(np.trace(s1 + s2) - 2 * _cross(s1, s2))


def covariances_left_out(mu1, s1, mu2, s2):
    """Only the means play a part in yours. A generator that always makes the same average image would get 0."""
    return float(((mu1 - mu2) ** 2).sum())


def distance_of_means_not_squared(mu1, s1, mu2, s2):
    """You add the distance between the means. Add its square, as the covariances are squares too."""
    return float(np.linalg.norm(mu1 - mu2) + np.trace(s1 + s2) - 2 * _cross(s1, s2))


def no_root(mu1, s1, mu2, s2):
    """You take the trace of S₁S₂ itself. Its matrix root belongs inside: tr (S₁S₂)^½."""
    return _whole(mu1, s1, mu2, s2, np.trace(s1 @ s2))


def root_of_each_entry(mu1, s1, mu2, s2):
    """You take the root of each entry (np.sqrt). The root of a *matrix* is another thing: B with B·B = S₁S₂. For its trace the eigenvalues are enough: the sum of their roots."""
    return _whole(mu1, s1, mu2, s2, np.trace(np.sqrt(np.abs(s1 @ s2))))


def variances_only(mu1, s1, mu2, s2):
    """You use the diagonals only, so correlations between features are lost."""
    return _whole(mu1, s1, mu2, s2, np.sqrt(np.diag(s1) * np.diag(s2)).sum())


def factor_two_forgotten(mu1, s1, mu2, s2):
    """The root's trace comes with a factor 2: tr S₁ + tr S₂ − 2 tr (S₁S₂)^½. Otherwise two equal Gaussians are not at distance 0."""
    return float(((mu1 - mu2) ** 2).sum() + np.trace(s1 + s2) - _cross(s1, s2))


def breaks_on_singular(mu1, s1, mu2, s2):
    """You need the inverse, or a Cholesky factor, of a covariance. With fewer samples than features it is singular, and that is allowed here. Use eigenvalues, clipped at 0."""
    lower = np.linalg.cholesky(s1)
    values = np.linalg.eigvalsh(lower.T @ s2 @ lower)
    return _whole(mu1, s1, mu2, s2, np.sqrt(values).sum())


def complex_number(mu1, s1, mu2, s2):
    """You return a complex number: rounding makes tiny negative eigenvalues, and their roots are imaginary. Take the real part of the eigenvalues and clip them at 0, before the root."""
    return complex(_whole(mu1, s1, mu2, s2, _cross(s1, s2)))


def its_root(mu1, s1, mu2, s2):
    """You return the root, which is the distance in the strict sense. FID, and this exercise, use its square."""
    return float(np.sqrt(max(_whole(mu1, s1, mu2, s2, _cross(s1, s2)), 0.0)))


EXERCISE = Exercise(
    id="10.frechet_distance",
    title="A distance between two clouds",
    objects=("frechet_distance",),
    points=2,
    cases=cases,
    oracle=oracle,
    rtol=1e-5,  # an eigenvalue that should be 0 comes out as 1e-16 of the largest, and its root as 1e-8
    atol=1e-5,
    mistakes=(
        means_left_out,
        covariances_left_out,
        distance_of_means_not_squared,
        no_root,
        root_of_each_entry,
        variances_only,
        factor_two_forgotten,
        breaks_on_singular,
        complex_number,
    ),
    conventions=(its_root,),
    hints=(
        "How do I get the root of a matrix? → You only need its trace. If S₁S₂ has the eigenvalues λ, its root has √λ, and the trace is their sum.",
        "It is complex, or NaN. → np.linalg.eigvals gives tiny negative or imaginary parts where exact arithmetic has 0: take .real, and np.clip(…, 0, None), then the root.",
        "Nearly everything:\n```python\nroots = np.sqrt(np.clip(np.linalg.eigvals(s1 @ s2).real, 0, None))\nreturn float(((mu1 - mu2) ** 2).sum() + ...)\n```",
    ),
)
