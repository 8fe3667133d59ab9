"""Known-wrong augmentations, written as one taught solution with one thing changed in each."""

import numpy as np


def _cut(x, tops, lefts, flips, max_shift):
    h, w = x.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    out = np.empty_like(x)
    for i in range(len(x)):
        image = padded[i, :, tops[i] : tops[i] + h, lefts[i] : lefts[i] + w]
        out[i] = image[..., ::-1] if flips[i] else image
    return out


def _draw(x, rng, max_shift, p_flip):
    n = len(x)
    tops, lefts = rng.integers(0, 2 * max_shift + 1, size=(2, n))
    return tops, lefts, rng.random(n) < p_flip


def one_shift_for_all(x, rng, max_shift=2, p_flip=0.5):
    """All images of the batch get the same shift. Draw one for each image: size=len(x)."""
    tops, lefts, flips = _draw(x, rng, max_shift, p_flip)
    return _cut(x, np.full(len(x), tops[0]), np.full(len(x), lefts[0]), flips, max_shift)


def wraps_around(x, rng, max_shift=2, p_flip=0.5):
    """What leaves the image on one side comes back on the other (np.roll does that). Shoes do not grow out of the other side of a photograph: fill with zeros."""
    tops, lefts, flips = _draw(x, rng, max_shift, p_flip)
    out = np.empty_like(x)
    for i in range(len(x)):
        image = np.roll(x[i], (tops[i] - max_shift, lefts[i] - max_shift), axis=(1, 2))
        out[i] = image[..., ::-1] if flips[i] else image
    return out


def upside_down(x, rng, max_shift=2, p_flip=0.5):
    """Your flip turns images upside down: it reverses the rows. Left-right reverses the columns, the last axis: image[..., ::-1]."""
    tops, lefts, flips = _draw(x, rng, max_shift, p_flip)
    out = _cut(x, tops, lefts, np.zeros(len(x), bool), max_shift)
    return np.where(flips[:, None, None, None], out[:, :, ::-1], out)


def one_coin_for_all(x, rng, max_shift=2, p_flip=0.5):
    """All images of the batch are flipped, or none of them: one coin decides for all, or p_flip is not asked at all. Draw for each image: rng.random(len(x)) < p_flip."""
    tops, lefts, flips = _draw(x, rng, max_shift, p_flip)
    return _cut(x, tops, lefts, np.full(len(x), flips[0]), max_shift)


def end_of_the_range_left_out(x, rng, max_shift=2, p_flip=0.5):
    """The largest shift never comes up on one side: rng.integers(-2, 2) gives −2, −1, 0 and 1. Its end is exclusive, so write max_shift + 1."""
    _, _, flips = _draw(x, rng, max_shift, p_flip)
    tops, lefts = rng.integers(min(1, max_shift), 2 * max_shift + 1, size=(2, len(x)))
    return _cut(x, tops, lefts, flips, max_shift)


def same_both_ways(x, rng, max_shift=2, p_flip=0.5):
    """One number is used for both directions, so images only move along the diagonal. Draw rows and columns separately."""
    tops, _, flips = _draw(x, rng, max_shift, p_flip)
    return _cut(x, tops, tops, flips, max_shift)


def never_up_or_down(x, rng, max_shift=2, p_flip=0.5):
    """Your images only move left and right. Draw a shift for the rows too."""
    _, lefts, flips = _draw(x, rng, max_shift, p_flip)
    return _cut(x, np.full(len(x), max_shift), lefts, flips, max_shift)


def global_generator(x, rng, max_shift=2, p_flip=0.5):
    """You draw from NumPy's global generator, so the result cannot be repeated. Use the `rng` that is handed in."""
    return _cut(x, *_draw(x, np.random.default_rng(np.random.randint(2**31)), max_shift, p_flip), max_shift)


def seeded_inside(x, rng, max_shift=2, p_flip=0.5):
    """You make a generator of your own inside, always from the same seed: every epoch sees the same shifts. Use the `rng` that is handed in."""
    return _cut(x, *_draw(x, np.random.default_rng(0), max_shift, p_flip), max_shift)


def becomes_float64(x, rng, max_shift=2, p_flip=0.5):
    """float32 images leave as float64, probably because np.zeros(...) is float64 unless told. Use np.empty_like(x) or np.zeros_like(x)."""
    return _cut(x, *_draw(x, rng, max_shift, p_flip), max_shift).astype(np.float64)


def keeps_instead_of_flips(x, rng, max_shift=2, p_flip=0.5):
    """p_flip is the probability to flip; you use it as the probability to leave an image alone. With 0.5 nobody notices: rng.random(len(x)) < p_flip."""
    return _cut(x, *_draw(x, rng, max_shift, 1 - p_flip), max_shift)


def only_down_and_right(x, rng, max_shift=2, p_flip=0.5):
    """Your images only ever move down and to the right. Shifts go both ways: from −max_shift to max_shift."""
    tops, lefts, flips = _draw(x, rng, max_shift, p_flip)
    return _cut(x, np.minimum(tops, 2 * max_shift - tops), np.minimum(lefts, 2 * max_shift - lefts), flips, max_shift)


def borders_repeated(x, rng, max_shift=2, p_flip=0.5):
    """What comes in at the border is a copy of the border's own pixels. Fill with zeros: np.pad's default mode."""
    tops, lefts, flips = _draw(x, rng, max_shift, p_flip)
    h, w = x.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (max_shift, max_shift), (max_shift, max_shift)), mode="edge")
    out = np.empty_like(x)
    for i in range(len(x)):
        image = padded[i, :, tops[i] : tops[i] + h, lefts[i] : lefts[i] + w]
        out[i] = image[..., ::-1] if flips[i] else image
    return out


MISTAKES = (
    one_shift_for_all,
    wraps_around,
    upside_down,
    one_coin_for_all,
    end_of_the_range_left_out,
    same_both_ways,
    never_up_or_down,
    global_generator,
    seeded_inside,
    becomes_float64,
    keeps_instead_of_flips,
    only_down_and_right,
    borders_repeated,
)
