"""10.mode_coverage: how many centres have company; counted by a k-d tree."""

from collections.abc import Iterator

import numpy as np
from scipy.spatial import KDTree

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    angles = np.arange(8) * np.pi / 4 + rng.uniform(0, 1)
    ring = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)

    def around(centres: np.ndarray, n: int, spread: float) -> np.ndarray:
        return centres[rng.integers(len(centres), size=n)] + spread * rng.normal(size=(n, centres.shape[1]))

    samples = np.concatenate([around(ring[[0, 2, 3, 6]], 60, 0.05), rng.normal(size=(5, 2)) * 0.05])
    yield Case("200 samples near 4 of 8 centres on a ring, some between", (samples, ring, 0.4))
    yield Case("one mode only", (around(ring[[5]], 40, 0.05), ring, 0.4))
    off = ring[[1, 4]] + 0.9 * 0.4 * np.array([[0.8, 0.6], [0.6, -0.8]])  # the mean of each pair lies near, not the pair
    wide = np.concatenate([off, ring[[7]] + [[0.3, 0.3]], ring[[3]] + [[0.55, 0.0]], ring[[3]] - [[0.55, 0.0]]])
    yield Case("few samples, near the edge of the radius", (wide, ring, 0.4))
    close = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.4, 0.3, 9.0]]) + rng.normal(size=3)
    yield Case("discs that overlap, in 3 dimensions, radius 2", (close[:1] + rng.uniform(0.05, 0.2, size=(6, 3)), close, 2.0))
    far = rng.normal(size=(9, 2)) * 0.1 + 30
    yield Case("all samples far away", (far, ring, 0.5), weight=0.3)


def oracle(samples: np.ndarray, centres: np.ndarray, radius: float) -> int:
    distances, _ = KDTree(samples).query(centres)
    return int((distances <= radius).sum())


def _distances(samples, centres):
    return np.sqrt(((samples[:, None] - centres) ** 2).sum(axis=2))


def counts_samples(samples, centres, radius):
    """You count the samples that lie near a centre. Count the centres that have at least one sample near them."""
    return int((_distances(samples, centres).min(axis=1) <= radius).sum())


def nearest_centre_at_any_distance(samples, centres, radius):
    """You count every centre that is the nearest one to some sample, however far away that sample is. It only counts within the radius."""
    return len(np.unique(_distances(samples, centres).argmin(axis=1)))


def each_sample_for_one_centre(samples, centres, radius):
    """You let each sample count for its nearest centre only. Where two discs overlap, a sample covers both."""
    d = _distances(samples, centres)
    return len(np.unique(d.argmin(axis=1)[d.min(axis=1) <= radius]))


def squared_distance(samples, centres, radius):
    """You compare the *squared* distance with the radius. Take the root, or square the radius."""
    return int(((_distances(samples, centres) ** 2).min(axis=0) <= radius).sum())


def first_two_coordinates(samples, centres, radius):
    """You look at x and y only. The points may have more coordinates: sum over the whole last axis."""
    return int((_distances(samples[:, :2], centres[:, :2]).min(axis=0) <= radius).sum())


def a_share(samples, centres, radius):
    """You return the share of centres that are covered. Asked for is their number, an int."""
    return float((_distances(samples, centres).min(axis=0) <= radius).mean())


def which_ones(samples, centres, radius):
    """You return which centres are covered. Asked for is how many: sum them up."""
    return _distances(samples, centres).min(axis=0) <= radius


def box_in_place_of_disc(samples, centres, radius):
    """You look at each coordinate by itself, so your disc is a square. Within the radius means the length of the difference: root of the sum of squares."""
    d = np.abs(samples[:, None] - centres).max(axis=2)
    return int((d.min(axis=0) <= radius).sum())


EXERCISE = Exercise(
    id="10.mode_coverage",
    title="How many modes are left?",
    objects=("mode_coverage",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        counts_samples,
        nearest_centre_at_any_distance,
        first_two_coordinates,
        each_sample_for_one_centre,
        squared_distance,
        a_share,
        which_ones,
        box_in_place_of_disc,
    ),
    hints=(
        "How do I get all distances? → samples[:, None] - centres has the shape (N, K, D). Square, sum over the last axis, root: (N, K).",
        "When is a centre covered? → If its nearest sample is near enough: distances.min(axis=0) <= radius.",
        "Nearly everything: int((distances.min(axis=0) <= radius).sum())",
    ),
)
