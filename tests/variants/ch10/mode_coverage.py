"""10.mode_coverage written in other ways; each must pass."""

import numpy as np
from scipy.spatial.distance import cdist


def with_cdist(samples, centres, radius):
    return int((cdist(centres, samples) <= radius).any(axis=1).sum())


def centre_by_centre(samples, centres, radius):
    covered = 0
    for centre in centres:
        if np.sqrt(((samples - centre) ** 2).sum(axis=1)).min() < radius:
            covered += 1
    return covered


def squares(samples, centres, radius):
    d = ((samples[None] - centres[:, None]) ** 2).sum(axis=-1)
    return np.count_nonzero(d.min(axis=1) <= radius**2)


VARIANTS = (with_cdist, centre_by_centre, squares)
